import { isIPv6 } from 'node:net';
import { Manifest, objectPath } from './api';
import { DataPath, status } from './data-path';
import { nodeAddresses, sh } from './network';
import { until } from './wait';

export interface BalancerProps {
  /** Seconds from one health check of a node to the next. @default 1 */
  readonly interval?: number;
  /** Checks in a row that change the balancer's mind. @default 2 */
  readonly threshold?: number;
}

let balancers = 0;

/**
 * A load balancer in front of a service: it asks every node's health check port
 * and routes new connections to the healthy ones, in turn, leaving addresses and
 * ports as they are. Connections stay on their node, also when it turns
 * unhealthy, as with the connection tables of clouds. It stands in for the cloud
 * controller too, and writes status.loadBalancer.
 */
export class Balancer {
  static async serve(path: DataPath, service: Manifest, props: BalancerProps = {}): Promise<Balancer> {
    const live = await path.pool.get(service);
    const balancer = new Balancer(path, live, props);
    await balancer.start();
    return balancer;
  }

  /** Where clients reach the service. */
  readonly address: string;
  /** When the rotation changed, in seconds since the epoch, and what it was then. */
  readonly history: { readonly at: number; readonly nodes: number[] }[] = [];
  private readonly id = ++balancers;
  private readonly healthy = new Set<number>();
  private readonly streaks = new Map<number, number>();
  private timer?: NodeJS.Timeout;
  private applied = Promise.resolve();

  private constructor(private readonly path: DataPath, private readonly service: Manifest, private readonly props: BalancerProps) {
    this.address = isIPv6(service.spec.clusterIP) ? `fd00:103::${this.id}` : `10.103.0.${this.id}`;
  }

  /** The numbers of the nodes in the rotation. */
  get rotation(): number[] {
    return [...this.healthy].sort();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.applied;
    await sh(`nft delete table inet balancer-${this.id}`);
    for (const node of this.numbers()) {
      await sh(`ip ${this.family()} rule del fwmark ${this.mark(node)}; ip ${this.family()} route flush table ${this.mark(node)}`);
    }
  }

  /** Waits until exactly these nodes, by number, are in the rotation. */
  async settle(nodes: number[], seconds = 30): Promise<void> {
    await until(`the balancer's rotation is ${nodes}`, seconds, () => `${this.rotation}` === `${nodes}` || undefined);
    await this.applied;
  }

  private async start(): Promise<void> {
    for (const node of this.numbers()) {
      const via = nodeAddresses(node)[isIPv6(this.address) ? 1 : 0];
      await sh(`ip ${this.family()} route add default via ${via} table ${this.mark(node)}; ip ${this.family()} rule add fwmark ${this.mark(node)} table ${this.mark(node)}`);
    }
    await this.route();
    await this.path.pool.api.merge(`${objectPath(this.service)}/status`, { status: { loadBalancer: { ingress: [{ ip: this.address }] } } });
    const check = () => this.numbers().forEach(node => void this.check(node));
    check();
    this.timer = setInterval(check, (this.props.interval ?? 1) * 1000);
  }

  private async check(node: number): Promise<void> {
    const well = await this.checkPasses(node);
    const streak = well === this.healthy.has(node) ? 0 : (this.streaks.get(node) ?? 0) + 1;
    this.streaks.set(node, streak);
    if (streak >= (this.props.threshold ?? 2)) {
      this.streaks.set(node, 0);
      well ? this.healthy.add(node) : this.healthy.delete(node);
      this.history.push({ at: Date.now() / 1000, nodes: this.rotation });
      this.applied = this.applied.then(() => this.route());
    }
  }

  /** With Local the service's own port answers; with Cluster kube-proxy's does for all. */
  private async checkPasses(node: number): Promise<boolean> {
    const { healthCheckNodePort } = this.service.spec;
    return await (healthCheckNodePort ? this.path.health(this.service, node) : status(nodeAddresses(node)[0], 10256, '/healthz')) === 200;
  }

  /** Every new connection gets the mark of a node, and the mark chooses the route. */
  private async route(): Promise<void> {
    const nodes = this.rotation;
    const destination = `${isIPv6(this.address) ? 'ip6' : 'ip'} daddr ${this.address}`;
    const choose = nodes.length
      ? `${destination} ct state new ct mark set numgen inc mod ${nodes.length} map { ${nodes.map((node, i) => `${i} : ${this.mark(node)}`).join(', ')} }`
      : `${destination} ct state new drop`;
    await sh(`nft -f - <<'NFT'
      table inet balancer-${this.id}
      delete table inet balancer-${this.id}
      table inet balancer-${this.id} {
        chain prerouting {
          type filter hook prerouting priority mangle
          ${choose}
          ${destination} meta mark set ct mark
        }
      }
NFT`);
  }

  private mark = (node: number) => this.id * 100 + node;
  private numbers = () => this.path.pool.nodes.map((_, i) => i + 1);
  private family = () => isIPv6(this.address) ? '-6' : '-4';
}
