import { execFile } from 'node:child_process';
import { get } from 'node:http';
import { connect, isIPv6 } from 'node:net';
import { promisify } from 'node:util';
import { Manifest } from './api';
import type { Fared, Load } from './client';
import { component, KUBECONFIG } from './control-plane';
import { Sandbox } from './kubelet';
import { addClient, addNode, addPod, nodeAddresses, OUTPUT, POD_CIDRS, removeNamespace, sh } from './network';
import { Pool } from './pool';
import { Process } from './process';
import { program } from './program';
import { until } from './wait';

export type ProxyMode = 'iptables' | 'nftables';

export interface DataPathProps {
  readonly nodes: number;
  /** @default iptables */
  readonly proxyMode?: ProxyMode;
  /** The name by which a node's kube-proxy knows itself. @default - the Node's */
  readonly hostnameOverride?: (node: string) => string;
  /** Whether anybody's pods may run there. @default false */
  readonly open?: boolean;
}

let clients = 0;

/** A pool whose nodes are network namespaces with a kube-proxy each, whose pods answer, and a client outside. */
export class DataPath {
  static async create(props: DataPathProps): Promise<DataPath> {
    for (let node = 1; node <= props.nodes; node++) {
      await addNode(node);
    }
    const numbers = new Map<string, number>();
    const pool = await Pool.create({
      nodes: props.nodes,
      open: props.open,
      addresses: nodeAddresses,
      runtime: pod => startPod(pod, numbers.get(pod.spec.nodeName)!),
      onNodes: nodes => nodes.forEach((node, i) => numbers.set(node, i + 1)),
    });
    const client = ++clients;
    const path = new DataPath(pool, props, client, await addClient(client));
    await Promise.all(pool.nodes.map((_, i) => path.startProxy(i + 1)));
    return path;
  }

  private readonly proxies = new Map<number, Process>();

  private constructor(readonly pool: Pool, private readonly props: DataPathProps, private readonly client: number,
    /** The client's own, IPv4 first. */
    readonly clientAddresses: string[]) {}

  /** Every address of every node. */
  get nodeAddresses(): string[] {
    return this.pool.nodes.flatMap((_, i) => nodeAddresses(i + 1));
  }

  /** The numbers of the nodes that hold a pod, and of those that do not. */
  async occupied(): Promise<{ readonly full: number[]; readonly empty: number[] }> {
    const used = new Set((await this.pool.pods()).map(pod => this.pool.nodes.indexOf(pod.spec.nodeName) + 1));
    const all = this.pool.nodes.map((_, i) => i + 1);
    return { full: all.filter(node => used.has(node)), empty: all.filter(node => !used.has(node)) };
  }

  async close(): Promise<void> {
    await this.pool.close();
    await Promise.all([...this.proxies.values()].map(proxy => proxy.kill()));
    await removeNamespace(`client-${this.client}`);
    for (const node of this.proxies.keys()) {
      await removeNamespace(`node-${node}`);
    }
  }

  /** Starts a node's kube-proxy, or starts it anew under another name. */
  async startProxy(node: number, hostnameOverride = this.props.hostnameOverride ?? (name => name)): Promise<void> {
    const running = this.proxies.get(node);
    if (running) {
      running.signal('SIGTERM');
      await running.exited;
    }
    const proxy = new Process(`kube-proxy-${node}`, component('kube-proxy', `--kubeconfig=${KUBECONFIG}`,
      `--hostname-override=${hostnameOverride(this.pool.nodes[node - 1])}`, `--proxy-mode=${this.props.proxyMode ?? 'iptables'}`,
      `--cluster-cidr=${POD_CIDRS}`, '--iptables-min-sync-period=100ms', '--feature-gates=NFTablesProxyMode=true',
      // The kernel's connection table is the host's, and not to be resized from a namespace.
      '--conntrack-max-per-core=0', '--conntrack-tcp-timeout-established=0', '--conntrack-tcp-timeout-close-wait=0'), `node-${node}`);
    this.proxies.set(node, proxy);
    await until(`kube-proxy works on node ${node}`, 60, async () => {
      if (!proxy.running) {
        throw new Error(proxy.tail());
      }
      return status(nodeAddresses(node)[0], 10256, '/livez');
    });
  }

  /** Sends a load from the client outside, or from a node's pod. */
  async send(load: Load, namespace = `client-${this.client}`): Promise<Fared> {
    const { stdout } = await promisify(execFile)('ip', ['netns', 'exec', namespace, ...program('client', JSON.stringify(load))], { maxBuffer: OUTPUT });
    return JSON.parse(stdout);
  }

  /** What a node's health check port says of a service: an HTTP status, or nothing. It listens in the service's family only. */
  async health(service: Manifest, node: number): Promise<number | undefined> {
    return status(nodeAddresses(node)[isIPv6(service.spec.clusterIP) ? 1 : 0], service.spec.healthCheckNodePort, '/healthz');
  }

  /** Waits until a node's kube-proxy has heard of a service. */
  async proxied(service: Manifest, node: number): Promise<void> {
    await until(`node ${node} answers health checks`, 30, () => this.health(service, node));
  }

  /** Empties the nodes' connection tables: UDP flows stick to what was decided for them, for minutes. */
  async forgetFlows(): Promise<void> {
    await Promise.all(this.pool.nodes.map((_, i) => sh(`ip netns exec node-${i + 1} conntrack -F 2>&1`)));
  }

  podNamespace(pod: Manifest): string {
    return namespaceOf(pod);
  }
}

const namespaceOf = (pod: Manifest) => `pod-${pod.metadata.uid.slice(0, 8)}`;
const podsOn = new Map<number, number>();

async function startPod(pod: Manifest, node: number): Promise<Sandbox> {
  const index = (podsOn.get(node) ?? 1) + 1;
  podsOn.set(node, index);
  const namespace = namespaceOf(pod);
  const ips = await addPod(namespace, node, index);
  const ports = pod.spec.containers.flatMap((container: Manifest) => container.ports ?? []).map((port: Manifest) => `${port.containerPort}`);
  const server = new Process(namespace, program('pod-server', pod.metadata.name, pod.spec.nodeName, ...new Set<string>(ports)), namespace);
  return {
    ips,
    probe: async ({ httpGet, tcpSocket, timeoutSeconds }) => httpGet
      ? await status(ips[0], httpGet.port, httpGet.path ?? '/', timeoutSeconds) === 200
      : opens(ips[0], tcpSocket.port),
    exec: async command => {
      await promisify(execFile)('ip', ['netns', 'exec', namespace, ...command]);
    },
    terminate: async () => {
      server.signal('SIGTERM');
      await server.exited;
    },
    remove: async () => {
      await server.kill();
      await removeNamespace(namespace);
    },
  };
}

/** The status of an HTTP answer, or nothing when there is none in time. */
export function status(host: string, port: number, path: string, seconds = 1): Promise<number | undefined> {
  return new Promise(resolve => {
    const request = get({ host, port, path, agent: false, timeout: seconds * 1000 }, response => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
    request.on('close', () => resolve(undefined));
  });
}

function opens(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.on('connect', () => end(true)).on('timeout', () => end(false)).on('error', () => end(false));
  });
}
