import * as kplus from 'cdk8s-plus-27';
import { Json } from './manifest/json';
import { requireCount } from './manifest/rollout';

/**
 * How many pods a drain may take away at a time.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export class DisruptionBudget {
  /**
   * At most so many pods may be missing. Percentages round up.
   *
   * @param count pods, or a percentage of them
   * @throws if it is no number of pods
   */
  public static maxUnavailable(count: kplus.PercentOrAbsolute): DisruptionBudget {
    return new DisruptionBudget({ maxUnavailable: requireCount('DisruptionBudget.maxUnavailable:', count, 100) });
  }

  /**
   * At least so many pods must stay. Percentages round up.
   *
   * @param count pods, or a percentage of them
   * @throws if it is no number of pods
   */
  public static minAvailable(count: kplus.PercentOrAbsolute): DisruptionBudget {
    return new DisruptionBudget({ minAvailable: requireCount('DisruptionBudget.minAvailable:', count, 100) });
  }

  /**
   * No budget: a drain may take all pods at once.
   */
  public static none(): DisruptionBudget {
    return new DisruptionBudget(undefined);
  }

  /** What it adds to a PodDisruptionBudget's spec, if there is to be one. @internal */
  public readonly _spec: Json;

  private constructor(bounds: Json) {
    // Pods that are not ready serve nobody, and must not hold a drain up.
    this._spec = bounds && { ...bounds, unhealthyPodEvictionPolicy: 'AlwaysAllow' };
  }
}
