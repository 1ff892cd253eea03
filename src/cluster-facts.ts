/**
 * A minor version of Kubernetes.
 */
export class KubernetesVersion {
  /** Kubernetes 1.27. */
  public static readonly V1_27 = new KubernetesVersion(27);
  /** Kubernetes 1.28. */
  public static readonly V1_28 = new KubernetesVersion(28);
  /** Kubernetes 1.29. */
  public static readonly V1_29 = new KubernetesVersion(29);
  /** Kubernetes 1.30. The `sleep` action in `preStop` is on from here. */
  public static readonly V1_30 = new KubernetesVersion(30);
  /** Kubernetes 1.31. `matchLabelKeys` in pod (anti-)affinity is on from here. */
  public static readonly V1_31 = new KubernetesVersion(31);
  /** Kubernetes 1.32. */
  public static readonly V1_32 = new KubernetesVersion(32);
  /** Kubernetes 1.33. */
  public static readonly V1_33 = new KubernetesVersion(33);
  /** Kubernetes 1.34. */
  public static readonly V1_34 = new KubernetesVersion(34);
  /** Kubernetes 1.35. */
  public static readonly V1_35 = new KubernetesVersion(35);
  /** Kubernetes 1.36. */
  public static readonly V1_36 = new KubernetesVersion(36);
  /** Kubernetes 1.37. */
  public static readonly V1_37 = new KubernetesVersion(37);

  /**
   * A version from its name, also one newer than this library.
   *
   * @param version for example `1.33`, `v1.33` or `v1.33.2-gke.1`
   * @throws if it is no version, or older than 1.27
   */
  public static of(version: string): KubernetesVersion {
    const minor = /^v?1\.([1-9]\d{1,2})(?:\.\d.*|[+-].*)?$/.exec(`${version}`)?.[1];
    if (minor === undefined || Number(minor) < 27) {
      throw new Error(`KubernetesVersion.of: ${JSON.stringify(version)} is not allowed. Give a version from 1.27 on, for example '1.33'.`);
    }
    return new KubernetesVersion(Number(minor));
  }

  private constructor(private readonly minor: number) {}

  /**
   * Whether this version is the other one or newer.
   *
   * @param other the version to compare with
   */
  public isAtLeast(other: KubernetesVersion): boolean {
    return this.minor >= other.minor;
  }

  /**
   * The version's name, for example `1.33`.
   */
  public toString(): string {
    return `1.${this.minor}`;
  }
}

/**
 * How kube-proxy moves packets.
 */
export enum ProxyMode {
  /** iptables rules, the default on Linux. */
  IPTABLES = 'iptables',
  /** nftables rules. */
  NFTABLES = 'nftables',
  /** The kernel's IP virtual server. Deprecated since Kubernetes 1.35. */
  IPVS = 'ipvs',
}

/**
 * What is known of the cluster that the manifests are for.
 *
 * A fact that is not declared is never assumed: the checks that need it warn, and name it.
 */
export interface ClusterFacts {
  /**
   * The version of the API server. Decides which fields are emitted.
   *
   * @default KubernetesVersion.V1_27
   */
  readonly kubernetesVersion?: KubernetesVersion;

  /**
   * How many nodes can take the workload's pods, after taints and selectors.
   * With `autoscaled`, the most that there can be.
   *
   * @default - unknown
   */
  readonly nodes?: number;

  /**
   * Over how many zones those nodes are spread.
   *
   * @default - unknown
   */
  readonly zones?: number;

  /**
   * Whether nodes are added when pods cannot be scheduled. Where `nodes` is not given too,
   * a node is taken to come for every pod that needs one.
   *
   * @default - unknown
   */
  readonly autoscaled?: boolean;

  /**
   * How kube-proxy runs. No rule reads it yet.
   *
   * @default - unknown
   */
  readonly proxyMode?: ProxyMode;
}
