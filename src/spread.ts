import { KubernetesVersion } from './cluster-facts';
import { HOSTNAME, ZONE } from './manifest/exclusion';
import { GENERATION_LABEL, THIS_GENERATION } from './manifest/generation';
import { canonical, copy, dictionary, isIntegerIn, Json, list, MAX_INT32, show, tidy } from './manifest/json';
import { isEmptySelector } from './manifest/selector';

/**
 * How strictly pods are spread over zones, beside the rule for nodes.
 */
export enum ZoneSpread {
  /** Zones hold numbers of pods as equal as can be had. No pod waits for it. */
  PREFERRED = 'ScheduleAnyway',

  /** The numbers of pods in two zones differ by 1 at most. A pod that would break it stays Pending. */
  REQUIRED = 'DoNotSchedule',
}

/**
 * Options for every `Spread`.
 */
export interface SpreadOptions {
  /**
   * A second rule, for zones (`topology.kubernetes.io/zone`). The rule for nodes is always there.
   *
   * @default - no rule for zones
   */
  readonly zones?: ZoneSpread;

  /**
   * Whether the rule also counts the pods of other generations: the old ones during a rollout.
   * Then one node more than replicas is needed for a rollout with `maxUnavailable` 0 to finish
   * (see CIP401), and pods change nodes at every rollout.
   *
   * @default false
   */
  readonly generationBlind?: boolean;
}

/**
 * Options for `Spread.preferred`.
 */
export interface PreferredSpreadOptions extends SpreadOptions {
  /**
   * How much the rule counts beside other preferences of the pod: an integer from 1 to 100.
   *
   * @default 100
   */
  readonly weight?: number;
}

/**
 * Options for `Spread.even`.
 */
export interface EvenSpreadOptions extends SpreadOptions {
  /**
   * By how many pods two nodes may differ: an integer from 1 on.
   *
   * @default 1
   */
  readonly maxSkew?: number;
}

/**
 * How the pods of one workload are kept on different nodes, so that the nodes that serve are
 * many and their shares fair.
 *
 * Rules look at one generation of pods at a time (a generation is a pod template), so that a new
 * pod may stand beside the old one that it replaces; and a preference brings it there. A rolling
 * update then neither waits for a free node nor leaves a serving node without a pod.
 *
 * From Kubernetes 1.31 on the scheduler tells generations apart itself. For older clusters the
 * label `cdk8s-client-ip/generation`, a hash of the template, does. What changes the template in the
 * cluster (`kubectl rollout restart`, `kubectl set image`) does not change that label: with
 * `required()` and no spare node such a rollout waits until the next one from the app (CIP427), and
 * else its pods may change nodes. Make such changes in the app, a restart by an annotation of the
 * pods; or use `even()`, which needs no label.
 *
 * A rollout that another one overtakes may leave a node empty for as long as a pod takes to start.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity
 */
export class Spread {
  /**
   * No two pods of a generation on one node. A pod without a node of its own stays Pending.
   *
   * @param options zones, and whether generations count
   */
  public static required(options: SpreadOptions = {}): Spread {
    return new Spread(options, context => ({ required: [antiAffinity(context)] }));
  }

  /**
   * Pods of a generation on different nodes where the scheduler can. Every pod runs; nodes may get
   * unequal shares.
   *
   * @param options weight, zones, and whether generations count
   * @throws if `weight` is not an integer from 1 to 100
   */
  public static preferred(options: PreferredSpreadOptions = {}): Spread {
    const weight = options.weight ?? 100;
    if (!isIntegerIn(weight, 1, 100)) {
      throw new Error(`Spread.preferred: weight ${weight} is not allowed. Give an integer from 1 to 100; for a rule without exceptions use Spread.required().`);
    }
    return new Spread(options, context => ({ preferred: [{ weight, podAffinityTerm: antiAffinity(context) }] }));
  }

  /**
   * Numbers of pods on nodes that differ by `maxSkew` at most. Runs with more pods than nodes. A
   * pod that would break it stays Pending.
   *
   * @param options maxSkew, zones, and whether generations count
   * @throws if `maxSkew` is not an integer from 1 on
   */
  public static even(options: EvenSpreadOptions = {}): Spread {
    const maxSkew = options.maxSkew ?? 1;
    if (!isIntegerIn(maxSkew, 1, MAX_INT32)) {
      throw new Error(`Spread.even: maxSkew ${maxSkew} is not allowed. Give an integer from 1 on; 1 is the most even.`);
    }
    return new Spread(options, context => ({
      constraints: [constraint(context, HOSTNAME, maxSkew, 'DoNotSchedule')],
      // The constraint keeps a generation apart so strictly that it may be drawn to itself too.
      attraction: maxSkew === 1 ? towards(context) : undefined,
    }));
  }

  private constructor(private readonly options: SpreadOptions, private readonly rule: (context: Context) => Rules) {
    if (options.zones !== undefined && !Object.values(ZoneSpread).includes(options.zones)) {
      throw new Error(`Spread: zones ${show(options.zones)} is not allowed. Use ZoneSpread.PREFERRED or ZoneSpread.REQUIRED, or leave it out.`);
    }
  }

  /**
   * Adds the rules to a workload's manifest, beside those that are there.
   *
   * @internal
   */
  public _fill(manifest: Json, version: KubernetesVersion): Json {
    const { template, selector } = dictionary(manifest.spec);
    // Nothing to keep apart yet: CIP122 asks for a selector.
    if (selector === undefined || isEmptySelector(selector)) return manifest;
    const context = { selector, version, generationBlind: this.options.generationBlind ?? false };
    const { required, preferred, constraints = [], attraction = towardsOtherGenerations(context) } = this.rule(context);
    const zones = this.options.zones ? [constraint(context, ZONE, 1, this.options.zones)] : [];
    const podSpec = dictionary(dictionary(template).spec);
    const stated = dictionary(podSpec.affinity);
    const affinity = tidy({
      ...stated,
      podAntiAffinity: addTerms(stated.podAntiAffinity, required, preferred),
      podAffinity: context.generationBlind
        ? stated.podAffinity
        : addTerms(stated.podAffinity, undefined, [{ weight: 100, podAffinityTerm: attraction }]),
    });
    const spec = tidy({
      ...podSpec,
      affinity: Object.keys(affinity).length > 0 ? affinity : undefined,
      topologySpreadConstraints: append(podSpec.topologySpreadConstraints, [...constraints, ...zones]),
    });
    return { ...manifest, spec: { ...manifest.spec, template: { ...template, spec } } };
  }
}

interface Context {
  /** The workload's own selector. */
  readonly selector: Json;
  readonly version: KubernetesVersion;
  readonly generationBlind: boolean;
}

interface Rules {
  readonly required?: Json[];
  readonly preferred?: Json[];
  readonly constraints?: Json[];
  /** What new pods are drawn to, where it need not be told from their own generation. */
  readonly attraction?: Json;
}

/** The label by which a Deployment tells its ReplicaSets apart. */
const TEMPLATE_HASH = 'pod-template-hash';

function antiAffinity({ selector, version, generationBlind }: Context): Json {
  const term = { labelSelector: copy(selector), topologyKey: HOSTNAME };
  if (generationBlind) return term;
  if (version.isAtLeast(KubernetesVersion.V1_31)) return tidy({ ...term, matchLabelKeys: [TEMPLATE_HASH] });
  const { matchLabels } = dictionary(selector);
  return { ...term, labelSelector: { ...copy(selector), matchLabels: { ...matchLabels, [GENERATION_LABEL]: THIS_GENERATION } } };
}

/** The nodes of the workload's pods: those of other generations, where the scheduler can tell. */
function towards({ selector, version }: Context): Json {
  return tidy({
    labelSelector: copy(selector),
    mismatchLabelKeys: version.isAtLeast(KubernetesVersion.V1_31) ? [TEMPLATE_HASH] : undefined,
    topologyKey: HOSTNAME,
  });
}

function towardsOtherGenerations(context: Context): Json {
  const { selector, version } = context;
  const term = towards(context);
  if (version.isAtLeast(KubernetesVersion.V1_31)) return term;
  const other = { key: GENERATION_LABEL, operator: 'NotIn', values: [THIS_GENERATION] };
  return { ...term, labelSelector: { ...copy(selector), matchExpressions: [...list(dictionary(selector).matchExpressions), other] } };
}

function constraint({ selector, generationBlind }: Context, topologyKey: string, maxSkew: number, whenUnsatisfiable: string): Json {
  return tidy({
    labelSelector: copy(selector),
    // Known to topology spread constraints in every version from 1.27 on.
    matchLabelKeys: generationBlind ? undefined : [TEMPLATE_HASH],
    maxSkew,
    // Else nodes that the pod does not tolerate count as empty ones, and it stays Pending.
    nodeTaintsPolicy: 'Honor',
    topologyKey,
    whenUnsatisfiable,
  });
}

function addTerms(stated: Json, required: Json[] = [], preferred: Json[] = []): Json {
  if (required.length === 0 && preferred.length === 0) return stated;
  const terms = dictionary(stated);
  return tidy({
    ...terms,
    requiredDuringSchedulingIgnoredDuringExecution: append(terms.requiredDuringSchedulingIgnoredDuringExecution, required),
    preferredDuringSchedulingIgnoredDuringExecution: append(terms.preferredDuringSchedulingIgnoredDuringExecution, preferred),
  });
}

/** A list with what it lacks of some items; nothing in place of an empty one. */
function append(stated: Json, items: Json[]): Json[] | undefined {
  const known = list(stated);
  if (known.length === 0) return items.length > 0 ? items : undefined;
  const there = new Set(known.map(canonical));
  return [...known, ...items.filter(item => !there.has(canonical(item)))];
}
