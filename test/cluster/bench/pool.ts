import { Api, ApiError, Manifest, objectPath } from './api';
import { hollow } from './hollow';
import { Kubelet, Runtime } from './kubelet';
import { until } from './wait';
import { KubernetesVersion } from '../../../src';

export interface PoolProps {
  /** How many nodes. */
  readonly nodes: number;
  /** Zones, given to the nodes in turn. @default - none */
  readonly zones?: string[];
  /** Whether anybody's pods may run there. @default false */
  readonly open?: boolean;
  /** Told the nodes' names before the first pod comes. */
  readonly onNodes?: (nodes: string[]) => void;
  /** What pods run in. @default hollow */
  readonly runtime?: Runtime;
  /** The nodes' addresses, by number. @default - none */
  readonly addresses?: (node: number) => string[];
}

const LABEL = 'lab/pool';
const runs = `${Date.now().toString(36).slice(-5)}`;
let pools = 0;

/**
 * Some nodes and a namespace of their own, in whatever cluster: workloads of
 * one pool run on its nodes, and nothing else does.
 */
export class Pool {
  static async create(props: PoolProps): Promise<Pool> {
    const pool = new Pool(Api.default(), props, await Pool.serverVersion());
    await pool.open();
    return pool;
  }

  static async serverVersion(): Promise<KubernetesVersion> {
    return KubernetesVersion.of((await Api.default().get('/version')).gitVersion);
  }

  readonly name = `lab-${runs}-${++pools}`;
  readonly nodes: string[];
  private readonly kubelet: Kubelet;

  private constructor(readonly api: Api, private readonly props: PoolProps, readonly version: KubernetesVersion) {
    this.nodes = Array.from({ length: props.nodes }, (_, i) => `${this.name}-node-${i + 1}`);
    props.onNodes?.(this.nodes);
    this.kubelet = new Kubelet(api, new Set(this.nodes), props.runtime ?? hollow);
  }

  private async open(): Promise<void> {
    await this.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.name, labels: { [LABEL]: this.name } } });
    await Promise.all(this.nodes.map((node, i) => this.addNode(node, i)));
    await this.kubelet.start();
    await until('the nodes are schedulable and the namespace has its service account', 60, async () => {
      const nodes = await this.api.list(`/api/v1/nodes?labelSelector=${LABEL}=${this.name}`);
      const accounts = await this.api.list(`/api/v1/namespaces/${this.name}/serviceaccounts`);
      const untainted = nodes.filter(node => (node.spec.taints ?? []).every((taint: Manifest) => taint.key === LABEL));
      return untainted.length === this.nodes.length && accounts.length > 0 || undefined;
    });
  }

  async close(): Promise<void> {
    for (const [group, kinds] of [['/apis/apps/v1', ['deployments', 'daemonsets', 'replicasets']], ['/api/v1', ['services', 'pods']]] as const) {
      for (const kind of kinds) {
        for (const { metadata } of await this.api.list(`${group}/namespaces/${this.name}/${kind}`)) {
          await this.api.remove(`${group}/namespaces/${this.name}/${kind}/${metadata.name}`, 0).catch(ignoreMissing);
        }
      }
    }
    await this.kubelet.stop();
    await this.api.remove(`/api/v1/namespaces/${this.name}`);
    await Promise.all(this.nodes.map(node => this.api.remove(`/api/v1/nodes/${node}`)));
    await Promise.all(this.nodes.map(node => this.api.remove(`/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${node}`).catch(ignoreMissing)));
  }

  /** Puts an object into the pool's namespace, and pods on the pool's nodes. */
  place(manifest: Manifest): Manifest {
    const placed = structuredClone(manifest);
    placed.metadata.namespace = this.name;
    const pod = placed.spec?.template?.spec;
    if (pod) {
      pod.nodeSelector = { ...pod.nodeSelector, [LABEL]: this.name };
      pod.tolerations = [...pod.tolerations ?? [], { key: LABEL, operator: 'Exists' }];
    }
    return placed;
  }

  async apply(...manifests: Manifest[]): Promise<void> {
    for (const manifest of manifests) {
      await this.api.apply(this.place(manifest));
    }
  }

  async remove(...manifests: Manifest[]): Promise<void> {
    for (const manifest of manifests.map(each => this.place(each))) {
      await this.api.remove(objectPath(manifest)).catch(ignoreMissing);
    }
    await until('the pods are gone', 60, async () => (await this.pods()).length === 0 || undefined);
  }

  async pods(): Promise<Manifest[]> {
    return this.api.list(`/api/v1/namespaces/${this.name}/pods`);
  }

  async get(manifest: Manifest): Promise<Manifest> {
    return this.api.get(objectPath(this.place(manifest)));
  }

  async cordon(node: string, unschedulable = true): Promise<void> {
    await this.api.merge(`/api/v1/nodes/${node}`, { spec: { unschedulable } });
  }

  /** What `kubectl drain` does: cordons the node, and evicts its pods as the disruption budget allows. */
  async drain(node: string, seconds = 120): Promise<void> {
    await this.cordon(node);
    await until(`${node} is drained`, seconds, async () => {
      const left = (await this.pods()).filter(pod => pod.spec.nodeName === node);
      for (const { metadata: { name, namespace, deletionTimestamp } } of left) {
        if (!deletionTimestamp) {
          await this.api.call('POST', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
            apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace },
          });
        }
      }
      return left.length === 0 || undefined;
    });
  }

  private async addNode(name: string, index: number): Promise<void> {
    const { zones, addresses } = this.props;
    const now = new Date().toISOString();
    const room = { cpu: '64', memory: '256Gi', pods: '250' };
    await this.api.create({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          [LABEL]: this.name,
          'kubernetes.io/hostname': name,
          ...zones && { 'topology.kubernetes.io/zone': zones[index % zones.length] },
        },
      },
      spec: this.props.open ? {} : { taints: [{ key: LABEL, effect: 'NoSchedule' }] },
    });
    await this.api.call('PATCH', `/api/v1/nodes/${name}/status`, {
      status: {
        capacity: room,
        allocatable: room,
        addresses: addresses?.(index + 1).map(address => ({ type: 'InternalIP', address })),
        conditions: [{ type: 'Ready', status: 'True', reason: 'Lab', lastHeartbeatTime: now, lastTransitionTime: now }],
      },
    }, 'application/strategic-merge-patch+json');
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof ApiError && error.code === 404)) {
    throw error;
  }
}
