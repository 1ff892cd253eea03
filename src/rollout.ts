import * as kplus from 'cdk8s-plus-27';
import { requireCount } from './manifest/rollout';

/**
 * Options for `Rollout.rollingUpdate`.
 */
export interface RollingUpdateOptions {
  /**
   * How many pods there may be beyond the replicas. Percentages round up. With more than 1, the
   * old pod of one node may go when the new pod of another is ready, and a serving node is empty
   * until its own is.
   *
   * @default - 1
   */
  readonly maxSurge?: kplus.PercentOrAbsolute;

  /**
   * How many of the replicas may be missing. Percentages round down. Anything above 0 lets
   * a serving node stop serving during a rollout.
   *
   * @default - 0
   */
  readonly maxUnavailable?: kplus.PercentOrAbsolute;
}

/**
 * How a new generation of pods replaces the old one.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy
 */
export class Rollout {
  /**
   * No serving node stops serving: one pod more at a time, and no old pod goes before the new one
   * beside it is ready.
   */
  public static keepServing(): Rollout {
    return Rollout.rollingUpdate();
  }

  /**
   * A rolling update with bounds of one's own.
   *
   * @param options the bounds
   * @throws if both are 0, or one is no number of pods
   */
  public static rollingUpdate(options: RollingUpdateOptions = {}): Rollout {
    const maxSurge = options.maxSurge ?? kplus.PercentOrAbsolute.absolute(1);
    const maxUnavailable = options.maxUnavailable ?? kplus.PercentOrAbsolute.absolute(0);
    requireCount('Rollout.rollingUpdate: maxSurge', maxSurge);
    requireCount('Rollout.rollingUpdate: maxUnavailable', maxUnavailable, 100);
    if (maxSurge.isZero() && maxUnavailable.isZero()) {
      throw new Error('Rollout.rollingUpdate: maxSurge 0 and maxUnavailable 0 leave no way to replace a pod. Set maxSurge to 1 or more, or maxUnavailable to 1.');
    }
    return new Rollout(kplus.DeploymentStrategy.rollingUpdate({ maxSurge, maxUnavailable }));
  }

  /**
   * Stop all old pods, then start new ones. Behind a Local Service every node drops traffic
   * meanwhile, and CIP426 refuses it.
   */
  public static recreate(): Rollout {
    return new Rollout(kplus.DeploymentStrategy.recreate());
  }

  /** @internal */
  public readonly _strategy: kplus.DeploymentStrategy;

  private constructor(strategy: kplus.DeploymentStrategy) {
    this._strategy = strategy;
  }
}
