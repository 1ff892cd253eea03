import { ClusterFacts, KubernetesVersion } from '../cluster-facts';
import { GENERATION_LABEL } from './generation';
import { dictionary, Json, list } from './json';
import { memo } from './memo';
import { Workload } from './model';
import { isEmptySelector, selectorKeys, selects } from './selector';

export const HOSTNAME = 'kubernetes.io/hostname';
export const ZONE = 'topology.kubernetes.io/zone';

/**
 * A reason why two pods of one workload cannot share a domain (a node, a zone).
 */
export interface Exclusion {
  readonly fieldPath: string;
  /** As a message names it. */
  readonly what: string;
  readonly topologyKey: string;
  /** Whether it also keeps a new pod from the old ones during a rollout: `maybe` where labels decide that can change. */
  readonly acrossGenerations: 'yes' | 'no' | 'maybe';
}

/**
 * A rule of the pod's, and where it stands.
 */
export interface Placed {
  readonly term: Record<string, Json>;
  readonly fieldPath: string;
}

/**
 * All that keeps a workload's pods from sharing a domain: required anti-affinity against
 * themselves, and ports of the host, which only one pod a node can have.
 */
export const exclusions = memo((workload: Workload): Exclusion[] => {
  const found: Exclusion[] = [];
  for (const { term, fieldPath } of requiredTerms(workload)) {
    if (typeof term.topologyKey !== 'string' || !matchesItself(workload, term)) continue;
    found.push({
      fieldPath,
      what: `required anti-affinity on ${term.topologyKey}`,
      topologyKey: term.topologyKey,
      acrossGenerations: reach(workload, term),
    });
  }
  const port = hostPort(workload);
  if (port) found.push({ ...port, topologyKey: HOSTNAME, acrossGenerations: 'yes' });
  return found;
});

/**
 * The required pod anti-affinity terms of a workload, of whatever selector.
 */
export const requiredTerms = memo((workload: Workload): Placed[] => {
  const field = 'requiredDuringSchedulingIgnoredDuringExecution';
  return list(podAntiAffinity(workload)[field])
    .map((term, i) => ({ term: dictionary(term), fieldPath: `${podSpecPath(workload)}.affinity.podAntiAffinity.${field}[${i}]` }));
});

/**
 * The preferred pod anti-affinity terms of a workload, of whatever selector, without their weights.
 */
export const preferredTerms = memo((workload: Workload): Placed[] => {
  const field = 'preferredDuringSchedulingIgnoredDuringExecution';
  return list(podAntiAffinity(workload)[field]).map((item, i) => ({
    term: dictionary(dictionary(item).podAffinityTerm),
    fieldPath: `${podSpecPath(workload)}.affinity.podAntiAffinity.${field}[${i}].podAffinityTerm`,
  }));
});

/**
 * The topology spread constraints of a workload, of whatever selector.
 */
export const constraints = memo((workload: Workload): Placed[] => list(workload.podSpec.topologySpreadConstraints)
  .map((constraint, i) => ({ term: dictionary(constraint), fieldPath: `${podSpecPath(workload)}.topologySpreadConstraints[${i}]` })));

/**
 * The topology spread constraints of a workload that count its own pods.
 */
export const spreadConstraints = memo((workload: Workload): Placed[] =>
  constraints(workload).filter(({ term }) => selects(term.labelSelector, workload.podLabels)));

export function podSpecPath(workload: Workload): string {
  return workload.kind === 'Pod' ? 'spec' : 'spec.template.spec';
}

/**
 * Whether a term reaches the workload's own pods: selector and namespaces. A namespace
 * selector with conditions cannot be told from here, and does not count.
 */
export function matchesItself(workload: Workload, term: Record<string, Json>): boolean {
  return reachesOwnNamespace(workload, term) && selects(term.labelSelector, workload.podLabels);
}

function reachesOwnNamespace(workload: Workload, term: Record<string, Json>): boolean {
  const named = list(term.namespaces);
  if (named.length === 0 && term.namespaceSelector === undefined) return true;
  if (named.includes(workload.namespace ?? 'default')) return true;
  return isEmptySelector(term.namespaceSelector);
}

/**
 * How many domains of a topology there are: the fact that says so, and its value where it
 * is declared. Nodes that come when they are needed are as many as it takes.
 */
export function domains(facts: ClusterFacts, topologyKey: string): { fact: 'nodes' | 'zones'; count?: number } | undefined {
  if (topologyKey === HOSTNAME) {
    return { fact: 'nodes', count: facts.nodes ?? (facts.autoscaled ? Infinity : undefined) };
  }
  return topologyKey === ZONE ? { fact: 'zones', count: facts.zones } : undefined;
}

export function versionOf(facts: ClusterFacts): KubernetesVersion {
  return facts.kubernetesVersion ?? KubernetesVersion.V1_27;
}

function podAntiAffinity(workload: Workload): Record<string, Json> {
  return dictionary(dictionary(workload.podSpec.affinity).podAntiAffinity);
}

function reach(workload: Workload, term: Record<string, Json>): 'yes' | 'no' | 'maybe' {
  if (workload.kind !== 'Deployment') return 'yes';
  const matchLabelKeys = versionOf(workload.facts).isAtLeast(KubernetesVersion.V1_31) ? list(term.matchLabelKeys) : [];
  const keys = selectorKeys(term.labelSelector);
  if (matchLabelKeys.includes('pod-template-hash') || keys.includes(GENERATION_LABEL)) return 'no';
  // Labels outside the Deployment's own selector may differ from one template to the next.
  const constant = selectorKeys(workload.spec.selector);
  return [...keys, ...matchLabelKeys].every(key => constant.includes(key)) ? 'yes' : 'maybe';
}

function hostPort(workload: Workload): { fieldPath: string; what: string } | undefined {
  const hostNetwork = workload.podSpec.hostNetwork === true;
  for (const [i, container] of workload.containers.entries()) {
    for (const [j, port] of list(container.ports).map(dictionary).entries()) {
      const number = hostNetwork ? port.hostPort ?? port.containerPort : port.hostPort;
      if (!number) continue;
      const what = hostNetwork ? `hostNetwork with port ${number}` : `hostPort ${number}`;
      return { what, fieldPath: `${podSpecPath(workload)}.containers[${i}].ports[${j}]` };
    }
  }
  return undefined;
}
