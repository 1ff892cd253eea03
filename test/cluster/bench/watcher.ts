import { Manifest } from './api';
import { Pool } from './pool';

export const isReady = (pod: Manifest): boolean => !pod.metadata.deletionTimestamp
  && pod.status?.conditions?.some((condition: Manifest) => condition.type === 'Ready' && condition.status === 'True');

/**
 * Follows a pool's pods, event by event in the API server's order, and keeps
 * book of the nodes that serve: those with a pod that is ready and not about
 * to go, which is what kube-proxy's health check port counts.
 */
export class ServingNodes {
  static async follow(pool: Pool): Promise<ServingNodes> {
    const serving = new ServingNodes();
    serving.stop = await pool.api.watch(`/api/v1/namespaces/${pool.name}/pods`, (type, pod) => serving.see(type, pod), reason => {
      serving.interruptions.push(reason);
    });
    return serving;
  }

  /** Every node that served and then had no ready pod, in the order in which it happened. */
  readonly wentEmpty: string[] = [];
  /** Events seen so far. */
  events = 0;
  /** Why the watch ended early, if ever: moments may be missing then. */
  readonly interruptions: string[] = [];
  /** Moments at which no node served, though one had. */
  blackouts = 0;
  private readonly pods = new Map<string, Manifest>();
  private now = new Set<string>();
  stop: () => void = () => undefined;

  /** The nodes that serve now. */
  get nodes(): string[] {
    return [...this.now].sort();
  }

  private see(type: string, pod: Manifest): void {
    this.events += 1;
    type === 'DELETED' ? this.pods.delete(pod.metadata.uid) : this.pods.set(pod.metadata.uid, pod);
    const serving = new Set([...this.pods.values()].filter(isReady).map(each => each.spec.nodeName));
    this.wentEmpty.push(...[...this.now].filter(node => !serving.has(node)));
    if (this.now.size > 0 && serving.size === 0) {
      this.blackouts += 1;
    }
    this.now = serving;
  }
}
