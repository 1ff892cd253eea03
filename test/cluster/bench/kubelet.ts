import { Api, ApiError, Manifest, objectPath } from './api';
import { sleep } from './wait';

/** What a pod runs in. */
export interface Sandbox {
  /** The pod's addresses, IPv4 first. */
  readonly ips: string[];
  /** Whether a readiness probe succeeds. */
  probe(probe: Manifest): Promise<boolean>;
  /** Runs a command in the pod, as a preStop hook does. */
  exec(command: string[]): Promise<void>;
  /** Asks the pod to stop; resolves when it has. */
  terminate(): Promise<void>;
  /** Ends the pod at once and clears away what it ran in. */
  remove(): Promise<void>;
}

/** Starts what a pod runs in. */
export type Runtime = (pod: Manifest) => Promise<Sandbox>;

/**
 * Stands in for the kubelets of a set of nodes: the one part of the lab that
 * is not Kubernetes' own code.
 *
 * What it imitates: it watches the pods that are bound to its nodes, gives each
 * what its runtime starts, asks its readiness probe (httpGet or tcpSocket, with
 * the pod's delay, period, timeout and thresholds), writes the status that the
 * controllers read, keeps readiness going while a pod stops, runs preStop (exec
 * or sleep), then sends SIGTERM, waits for the rest of the grace period at most,
 * and deletes the pod. It renews its nodes' leases.
 *
 * What it does not: images, volumes, resources, init containers, sidecars,
 * startup and liveness probes, restarts, postStart, host ports, eviction under
 * pressure, node shutdown. A pod's containers are one server, and probes come
 * from the router, not from the node.
 */
export class Kubelet {
  private readonly pods = new Map<string, Lifecycle>();
  private stopWatching?: () => void;
  private heartbeat?: NodeJS.Timeout;

  constructor(private readonly api: Api, private readonly nodes: Set<string>, private readonly runtime: Runtime) {}

  async start(): Promise<void> {
    const renew = () => void Promise.all([...this.nodes].map(node => this.renewLease(node))).catch(() => undefined);
    this.heartbeat = setInterval(renew, 10_000);
    renew();
    this.stopWatching = await this.api.watch('/api/v1/pods', (type, pod) => this.see(type, pod));
  }

  /** Stops watching and removes every pod's sandbox, as when the nodes burn down. */
  async stop(): Promise<void> {
    clearInterval(this.heartbeat);
    this.stopWatching?.();
    await Promise.all([...this.pods.values()].map(pod => pod.abandon()));
  }

  private see(type: string, pod: Manifest): void {
    const { uid } = pod.metadata;
    const known = this.pods.get(uid);
    if (type === 'DELETED') {
      this.pods.delete(uid);
      void known?.abandon();
    } else if (known) {
      known.update(pod);
    } else if (this.nodes.has(pod.spec.nodeName)) {
      this.pods.set(uid, new Lifecycle(this.api, pod, this.runtime));
    }
  }

  private async renewLease(name: string): Promise<void> {
    await this.api.apply({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace: 'kube-node-lease' },
      spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: new Date().toISOString().replace('Z', '000Z') },
    });
  }
}

/** One pod's life on its node. */
class Lifecycle {
  private sandbox?: Sandbox;
  private ready = false;
  private stopping = false;
  private over = false;
  private removed?: Promise<void>;
  private readonly started: Promise<void>;

  constructor(private readonly api: Api, private readonly pod: Manifest, runtime: Runtime) {
    this.started = this.run(runtime).catch(error => this.fail(error));
    this.update(pod);
  }

  update(pod: Manifest): void {
    if (pod.metadata.deletionTimestamp && !this.stopping) {
      this.stopping = true;
      void this.shutDown(pod).catch(error => this.fail(error));
    }
  }

  abandon(): Promise<void> {
    this.over = true;
    return this.removed ??= this.started.then(() => this.sandbox?.remove());
  }

  private async run(runtime: Runtime): Promise<void> {
    this.sandbox = await runtime(this.pod);
    const { readinessProbe } = this.pod.spec.containers[0];
    if (!readinessProbe) {
      await this.report(true);
      return;
    }
    await this.report(false);
    void this.probe(readinessProbe).catch(error => this.fail(error));
  }

  private async probe(probe: Manifest): Promise<void> {
    await sleep(probe.initialDelaySeconds ?? 0);
    for (let same = 0; !this.over;) {
      const well = await this.sandbox!.probe(probe);
      same = well === this.ready ? 0 : same + 1;
      if (!this.over && same >= (well ? probe.successThreshold ?? 1 : probe.failureThreshold ?? 3)) {
        same = 0;
        await this.report(well);
      }
      // A container that has yet to become ready is asked every second at least, as the kubelet does on its changes.
      await sleep(this.ready ? probe.periodSeconds ?? 10 : Math.min(1, probe.periodSeconds ?? 10));
    }
  }

  private async shutDown(pod: Manifest): Promise<void> {
    const grace = pod.metadata.deletionGracePeriodSeconds ?? 30;
    await Promise.race([this.leave(pod.spec.containers[0].lifecycle?.preStop), sleep(grace)]);
    await this.abandon();
    await this.api.remove(objectPath(this.pod), 0).catch(ignoreGone);
  }

  private async leave(preStop: Manifest): Promise<void> {
    await this.started;
    if (preStop?.sleep) {
      await sleep(preStop.sleep.seconds);
    } else if (preStop?.exec) {
      await this.sandbox?.exec(preStop.exec.command);
    }
    await this.sandbox?.terminate();
  }

  private async report(ready: boolean): Promise<void> {
    this.ready = ready;
    const now = new Date().toISOString();
    const condition = (type: string, status: boolean) => ({ type, status: status ? 'True' : 'False', lastTransitionTime: now });
    const ips = this.sandbox?.ips ?? [];
    await this.api.call('PATCH', `${objectPath(this.pod)}/status`, {
      metadata: { uid: this.pod.metadata.uid },
      status: {
        phase: 'Running',
        startTime: now,
        podIP: ips[0],
        podIPs: ips.map(ip => ({ ip })),
        conditions: [condition('Initialized', true), condition('ContainersReady', ready), condition('Ready', ready)],
        containerStatuses: this.pod.spec.containers.map(({ name, image }: Manifest) => ({
          name, image, imageID: image, ready, started: true, restartCount: 0, state: { running: { startedAt: now } },
        })),
      },
    }, 'application/strategic-merge-patch+json').catch(ignoreGone);
  }

  private fail(error: Error): void {
    if (!this.over) {
      console.error(`kubelet: pod ${this.pod.metadata.name}: ${error.stack}`);
    }
  }
}

/** A pod that is deleted meanwhile, or replaced by its namesake, needs no status any more. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof ApiError && [404, 409].includes(error.code))) {
    throw error;
  }
}
