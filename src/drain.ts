import { Duration } from 'cdk8s';
import { KubernetesVersion } from './cluster-facts';
import { copy, dictionary, fillUnset, Json, list, tidy } from './manifest/json';

/**
 * How a pod leaves: it goes on serving until the balancer has noticed that it will stop.
 *
 * The node's health-check port says no as soon as its last pod is terminating, and kube-proxy goes
 * on sending to that pod as long as it answers. A balancer needs its interval times its threshold
 * to notice: for the defaults of the known ones 6 to 20 seconds.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
 */
export class Drain {
  /**
   * Every container waits in preStop before it is asked to stop: by the `sleep` action from
   * Kubernetes 1.30 on, below by running `sleep`, which the image must have. Containers with a
   * preStop action of their own keep it.
   *
   * @param delay how long; whole seconds, at least one
   * @throws if it is not a whole number of seconds from 1 on
   */
  public static delay(delay: Duration): Drain {
    const seconds = delay.toSeconds({ integral: false });
    if (!Number.isSafeInteger(seconds) || seconds < 1) {
      throw new Error(`Drain.delay: ${seconds} s is not allowed. Give whole seconds from 1 on, or use Drain.none().`);
    }
    return new Drain(seconds);
  }

  /**
   * No delay. Requests that are under way when a pod stops are lost, unless the app waits by itself.
   */
  public static none(): Drain {
    return new Drain(0);
  }

  /**
   * The default: 25 seconds, or half the grace period where that is stated and shorter than twice as long.
   *
   * @internal
   */
  public static _within(gracePeriod?: Duration): Drain {
    return new Drain(gracePeriod ? Math.min(25, Math.floor(gracePeriod.toSeconds() / 2)) : 25);
  }

  private constructor(private readonly seconds: number) {}

  /**
   * A grace period with room for the delay and 30 seconds, Kubernetes' default, for the app.
   *
   * @internal
   */
  public _gracePeriod(): Duration {
    return Duration.seconds(this.seconds + 30);
  }

  /**
   * Gives every container of a workload's manifest the delay, where it has no preStop action.
   *
   * @internal
   */
  public _fill(manifest: Json, version: KubernetesVersion): Json {
    if (this.seconds === 0) return manifest;
    const preStop = version.isAtLeast(KubernetesVersion.V1_30)
      ? { sleep: { seconds: this.seconds } }
      : { exec: { command: ['sleep', `${this.seconds}`] } };
    const template = dictionary(dictionary(manifest.spec).template);
    const podSpec = dictionary(template.spec);
    const containers = list(podSpec.containers).map(container =>
      tidy({ ...container, lifecycle: fillUnset(container.lifecycle, { preStop: copy(preStop) }) }));
    return { ...manifest, spec: { ...manifest.spec, template: { ...template, spec: { ...podSpec, containers } } } };
  }
}
