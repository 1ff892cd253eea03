import { Severity } from '../finding';
import { webDeployment } from './manifests';
import { Rule } from './rule';
import { podSpecPath } from '../manifest/exclusion';
import { dictionary, isDictionary, isIntegerIn, Json, list, show } from '../manifest/json';

export const malformedAffinity: Rule = {
  id: 'CIP111',
  title: 'Pod affinity with a weight, topology key or field that does not exist',
  severity: Severity.ERROR,
  why: 'The API server refuses a weight outside 1 to 100 and a term without a topology key. A selector at the wrong depth is an unknown field: refused, or dropped, and then the rule does nothing.',
  remedy: 'Give every term a topologyKey and its conditions under labelSelector, and every weight an integer from 1 to 100.',
  sources: ['https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity'],
  pass: { manifests: webDeployment({ affinity: preferred(100, 'labelSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}') }) },
  fail: { manifests: webDeployment({ affinity: preferred(0, 'matchExpressions: [{key: app, operator: In, values: [web]}]') }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      const affinity = dictionary(workload.podSpec.affinity);
      for (const kind of ['podAffinity', 'podAntiAffinity']) {
        const path = `${podSpecPath(workload)}.affinity.${kind}`;
        const terms = dictionary(affinity[kind]);
        const flaws = [
          ...list(terms.requiredDuringSchedulingIgnoredDuringExecution).flatMap((term, i) =>
            termFlaws(term, `${path}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`)),
          ...list(terms.preferredDuringSchedulingIgnoredDuringExecution).flatMap((term, i) =>
            weightedFlaws(term, `${path}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`)),
        ];
        for (const flaw of flaws) report(workload, flaw);
      }
    }
  },
};

interface Flaw {
  readonly fieldPath: string;
  readonly message: string;
}

const TERM_FIELDS = ['labelSelector', 'namespaces', 'namespaceSelector', 'topologyKey', 'matchLabelKeys', 'mismatchLabelKeys'];

/** Items of another shape than a term are the business of CIP109 and CIP110. */
function weightedFlaws(item: Json, path: string): Flaw[] {
  if (!isDictionary(item) || item.podAffinityTerm === undefined) return [];
  const flaws = termFlaws(item.podAffinityTerm, `${path}.podAffinityTerm`);
  if (!isIntegerIn(item.weight, 1, 100)) {
    flaws.unshift({ fieldPath: `${path}.weight`, message: `${path}.weight is ${show(item.weight)}; allowed is an integer from 1 to 100.` });
  }
  return flaws;
}

function termFlaws(term: Json, path: string): Flaw[] {
  if (!isDictionary(term) || term.podAffinityTerm !== undefined) return [];
  const flaws: Flaw[] = [];
  if (typeof term.topologyKey !== 'string' || term.topologyKey === '') {
    flaws.push({
      fieldPath: `${path}.topologyKey`,
      message: `${path}.topologyKey is ${show(term.topologyKey)}; allowed is the key of a node label, for example kubernetes.io/hostname.`,
    });
  }
  for (const field of Object.keys(term).filter(key => !TERM_FIELDS.includes(key))) {
    flaws.push({
      fieldPath: `${path}.${field}`,
      message: `${path}.${field} does not exist; allowed fields are ${TERM_FIELDS.join(', ')}, and conditions stand under labelSelector.`,
    });
  }
  return flaws;
}

function preferred(weight: number, condition: string): string {
  return `podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: ${weight}, podAffinityTerm: {topologyKey: kubernetes.io/hostname, ${condition}}}]}`;
}
