import { isIP } from 'net';
import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { dictionary, isIntegerIn, Json, show, tidy } from './manifest/json';
import { isQualifiedName } from './manifest/names';
import { EXTERNALLY_HEALTH_CHECKED } from './manifest/serving';

/**
 * An IP family of a Service.
 */
export enum IpFamily {
  /** IPv4. */
  IPV4 = 'IPv4',
  /** IPv6. */
  IPV6 = 'IPv6',
}

/**
 * How many IP families a Service asks for.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/dual-stack/#services
 */
export enum IpFamilyPolicy {
  /** One family. */
  SINGLE_STACK = 'SingleStack',
  /** Both, where the cluster has both. */
  PREFER_DUAL_STACK = 'PreferDualStack',
  /** Both, or the Service is refused. */
  REQUIRE_DUAL_STACK = 'RequireDualStack',
}

/**
 * Whether requests of one client go to one pod.
 *
 * @see https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity
 */
export class SessionAffinity {
  /**
   * Requests of one client address go to one pod, among those of the node that they reach. The
   * balancer must pin clients to nodes too.
   *
   * @param timeout how long after a client's last request; whole seconds, from 1 to 86400. Default: 3 hours
   * @throws if `timeout` is out of range
   */
  public static clientIp(timeout: Duration = Duration.hours(3)): SessionAffinity {
    const seconds = timeout.toSeconds({ integral: false });
    if (!isIntegerIn(seconds, 1, 86400)) {
      throw new Error(`SessionAffinity.clientIp: timeout ${seconds} s is not allowed. Give whole seconds from 1 to 86400, one day.`);
    }
    return new SessionAffinity(seconds);
  }

  /** @internal */
  public readonly _spec: Json;

  private constructor(timeoutSeconds: number) {
    this._spec = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds } } };
  }
}

/**
 * Options for every `Exposure`.
 */
export interface ExposureOptions {
  /**
   * Annotations of the Service, which is where providers are told what to do.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * The IP families, first the one preferred.
   *
   * @default - the cluster's
   */
  readonly ipFamilies?: IpFamily[];

  /**
   * How many IP families.
   *
   * @default - one
   */
  readonly ipFamilyPolicy?: IpFamilyPolicy;

  /**
   * Whether requests of one client go to one pod.
   *
   * @default - they go to any
   */
  readonly sessionAffinity?: SessionAffinity;
}

/**
 * Options for `Exposure.loadBalancer`.
 */
export interface LoadBalancerExposureOptions extends ExposureOptions {
  /**
   * The client addresses that may pass, as CIDR blocks of either family. Providers decide
   * whether they honour it. It does not protect the node ports.
   *
   * @default - all
   */
  readonly sourceRanges?: string[];

  /**
   * The load balancer's controller, for example `service.k8s.aws/nlb`. Cannot be changed later.
   *
   * @default - the cluster's
   */
  readonly loadBalancerClass?: string;

  /**
   * The port, 30000 to 32767, on which every node says whether it has a ready pod. Cannot
   * be changed later.
   *
   * @default - one is allocated
   */
  readonly healthCheckNodePort?: number;

  /**
   * Whether node ports are allocated. Some load balancers send to them, some to pods.
   *
   * @default - true, the API server's
   */
  readonly allocateNodePorts?: boolean;
}

/**
 * Options for `Exposure.nodePort`.
 */
export interface NodePortExposureOptions extends ExposureOptions {
  /**
   * Node ports, 30000 to 32767, by the name of the Service's port, or by its number where it
   * has no name.
   *
   * @default - those of the Service's ports, else they are allocated
   */
  readonly nodePorts?: { [port: string]: number };

  /**
   * Declares that a balancer outside the cluster checks the node port itself and sends nothing to
   * a node that does not answer. Without one, a node without a pod drops what it gets, and
   * CIP201 refuses the Service.
   *
   * @default false
   */
  readonly externallyHealthChecked?: boolean;
}

/**
 * How clients outside the cluster reach the Service. Only these two types can keep their
 * addresses.
 */
export class Exposure {
  /**
   * By a load balancer, which learns from a health-check port which nodes have a ready pod.
   *
   * @param options the load balancer's
   * @throws if a source range is no CIDR block, or the health-check port is out of range
   * @see https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer
   */
  public static loadBalancer(options: LoadBalancerExposureOptions = {}): Exposure {
    for (const range of options.sourceRanges ?? []) requireCidr(range);
    const { healthCheckNodePort } = options;
    if (healthCheckNodePort !== undefined && !isIntegerIn(healthCheckNodePort, 30000, 32767)) {
      throw new Error(`Exposure.loadBalancer: healthCheckNodePort ${healthCheckNodePort} is not allowed. Give an integer from 30000 to 32767, or leave it out and one is allocated.`);
    }
    if (options.loadBalancerClass !== undefined && !isQualifiedName(options.loadBalancerClass)) {
      throw new Error(`Exposure.loadBalancer: loadBalancerClass '${options.loadBalancerClass}' is not allowed. Name a class, for example 'service.k8s.aws/nlb', or leave it out.`);
    }
    return new Exposure(kplus.ServiceType.LOAD_BALANCER, options, {
      allocateLoadBalancerNodePorts: options.allocateNodePorts,
      healthCheckNodePort,
      loadBalancerClass: options.loadBalancerClass,
      loadBalancerSourceRanges: options.sourceRanges,
    });
  }

  /**
   * By a port of every node.
   *
   * @param options node ports, and who checks them
   * @throws if a node port is out of range
   * @see https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport
   */
  public static nodePort(options: NodePortExposureOptions = {}): Exposure {
    for (const [port, nodePort] of Object.entries(options.nodePorts ?? {})) {
      if (!isIntegerIn(nodePort, 30000, 32767)) {
        throw new Error(`Exposure.nodePort: nodePorts['${port}'] ${nodePort} is not allowed. Give an integer from 30000 to 32767, or leave it out and one is allocated.`);
      }
    }
    const annotations = { ...options.externallyHealthChecked && { [EXTERNALLY_HEALTH_CHECKED]: 'true' }, ...options.annotations };
    return new Exposure(kplus.ServiceType.NODE_PORT, { ...options, annotations }, {}, options.nodePorts);
  }

  /** @internal */
  public readonly _type: kplus.ServiceType;

  /** @internal */
  public readonly _annotations: { [key: string]: string };

  /** What it adds to a Service's spec. @internal */
  public readonly _spec: Json;

  private constructor(type: kplus.ServiceType, common: ExposureOptions, own: Json, private readonly nodePorts: { [port: string]: number } = {}) {
    requireFamilies(common);
    this._type = type;
    this._annotations = common.annotations ?? {};
    this._spec = {
      ...own,
      externalTrafficPolicy: 'Local',
      // Callers in the cluster reach every pod through the cluster IP, from any node.
      internalTrafficPolicy: 'Cluster',
      ipFamilies: common.ipFamilies,
      ipFamilyPolicy: common.ipFamilyPolicy,
      ...common.sessionAffinity?._spec,
    };
  }

  /**
   * Gives the ports of a Service's manifest their node ports.
   *
   * @internal
   */
  public _nodePorts(ports: Json[]): Json[] {
    const wanted = new Map(Object.entries(this.nodePorts));
    const known = ports.map(port => `${dictionary(port).name ?? dictionary(port).port}`);
    const quote = (names: string[]) => names.map(name => `'${name}'`).join(', ');
    const strange = [...wanted.keys()].filter(port => !known.includes(port));
    if (strange.length > 0) {
      throw new Error(`nodePorts names ${quote(strange)}, and the ports of this Service are ${quote(known)}. Use those, by the name or else the number.`);
    }
    return ports.map((port, i) => {
      const nodePort = wanted.get(known[i]);
      if (nodePort === undefined) return port;
      if (port.nodePort !== undefined && port.nodePort !== nodePort) {
        throw new Error(`nodePorts['${known[i]}'] is ${nodePort}, and the port itself says ${port.nodePort}. Keep one of the two.`);
      }
      return tidy({ ...port, nodePort });
    });
  }
}

function requireFamilies({ ipFamilies, ipFamilyPolicy }: ExposureOptions): void {
  if (ipFamilies === undefined) return;
  const different = new Set(ipFamilies).size === ipFamilies.length;
  if (ipFamilies.length === 0 || !different || !ipFamilies.every(family => Object.values(IpFamily).includes(family))) {
    throw new Error(`Exposure: ipFamilies ${show(ipFamilies)} is not allowed. Name one or two different families, or leave it out for those of the cluster.`);
  }
  if (ipFamilies.length > 1 && ipFamilyPolicy === IpFamilyPolicy.SINGLE_STACK) {
    throw new Error(`Exposure: ipFamilies ${show(ipFamilies)} with ipFamilyPolicy ${ipFamilyPolicy} is not allowed. Use IpFamilyPolicy.PREFER_DUAL_STACK or IpFamilyPolicy.REQUIRE_DUAL_STACK for two families.`);
  }
}

function requireCidr(range: string): void {
  const [address, length, ...rest] = `${range}`.split('/');
  // A zone, as in fe80::1%eth0, is an address to Node and none to Kubernetes.
  const bits = { 0: 0, 4: 32, 6: 128 }[address.includes('%') ? 0 : isIP(address)]!;
  if (bits > 0 && rest.length === 0 && /^\d{1,3}$/.test(length ?? '') && Number(length) <= bits) return;
  throw new Error(`Exposure.loadBalancer: source range '${range}' is not allowed. Give a CIDR block, for example '203.0.113.0/24', '203.0.113.7/32' or '2001:db8::/32'.`);
}
