import { IConstruct } from 'constructs';
import { ClusterFacts, KubernetesVersion, ProxyMode } from './cluster-facts';
import { factsAt, factsStatedAt, stateFacts } from './stated-facts';
import { installChecks } from './synth-door';

/**
 * The target cluster, as far as it is described.
 */
export class Cluster {
  /**
   * Declares what is known of the cluster, for everything below a scope, whether it is
   * constructed before or after. A narrower scope may state a fact anew.
   *
   * @param scope an app, a chart or any construct
   * @param facts what is known
   * @throws if a fact is not a possible value, or contradicts what the same scope states already
   */
  public static describe(scope: IConstruct, facts: ClusterFacts): Cluster {
    requireNumberOf('nodes', facts.nodes);
    requireNumberOf('zones', facts.zones);
    const stated = factsStatedAt(scope);
    const merged: Record<string, unknown> = { ...stated };
    for (const [name, value] of Object.entries(facts)) {
      if (value === undefined) continue;
      const before = merged[name];
      if (before !== undefined && `${before}` !== `${value}`) {
        throw new Error(`Cluster.describe: '${scope.node.path}' states ${name} ${before} already, and now ${value}. State a fact once, or at a narrower scope.`);
      }
      merged[name] = value;
    }
    const { nodes, zones } = merged as ClusterFacts;
    if (nodes !== undefined && zones !== undefined && zones > nodes) {
      throw new Error(`Cluster.describe: ${zones} zones cannot hold ${nodes} nodes. Give at most as many zones as nodes.`);
    }
    stateFacts(scope, merged);
    installChecks(scope);
    return Cluster.of(scope);
  }

  /**
   * What is known of the cluster at a scope: the nearest statement of each fact.
   *
   * @param scope any construct
   */
  public static of(scope: IConstruct): Cluster {
    return new Cluster(factsAt(scope));
  }

  /** The version of the API server. */
  public readonly kubernetesVersion: KubernetesVersion;
  /** How many nodes can take the workload's pods, if known. */
  public readonly nodes?: number;
  /** Over how many zones they are spread, if known. */
  public readonly zones?: number;
  /** Whether nodes are added when pods cannot be scheduled, if known. */
  public readonly autoscaled?: boolean;
  /** How kube-proxy runs, if known. */
  public readonly proxyMode?: ProxyMode;

  private constructor(facts: ClusterFacts) {
    this.kubernetesVersion = facts.kubernetesVersion ?? KubernetesVersion.V1_27;
    this.nodes = facts.nodes;
    this.zones = facts.zones;
    this.autoscaled = facts.autoscaled;
    this.proxyMode = facts.proxyMode;
  }
}

function requireNumberOf(fact: string, value: number | undefined): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1)) {
    throw new Error(`Cluster.describe: ${fact} ${value} is not allowed. Give an integer from 1 on, or leave it out when it is not known.`);
  }
}
