import { Severity } from '../finding';
import { LOCAL_SERVICE, ONE_POD_A_NODE, webDeployment } from './manifests';
import { Rule } from './rule';
import { domains, exclusions, HOSTNAME, matchesItself, preferredTerms, spreadConstraints } from '../manifest/exclusion';
import { isIntegerIn } from '../manifest/json';

const PREFERENCE = 'podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: '
  + '[{weight: 100, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}}]}';

export const preferenceOnly: Rule = {
  id: 'CIP408',
  title: 'Pods that only prefer separate nodes',
  severity: Severity.WARNING,
  why: 'A preference is one score among many, of whatever weight when it stands alone. Two pods may land on one node: each gets half of its share, and a node that could serve drops.',
  remedy: 'Use Spread.required() where there is a node for each pod, or Spread.even(), which also runs with fewer.',
  facts: ['nodes'],
  sources: ['https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity'],
  pass: { facts: { nodes: 4 }, manifests: LOCAL_SERVICE + webDeployment({ affinity: ONE_POD_A_NODE }) },
  fail: { facts: { nodes: 4 }, manifests: LOCAL_SERVICE + webDeployment({ affinity: PREFERENCE }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      if (workload.localServices.length === 0 || !isIntegerIn(workload.replicas, 2, Infinity)) continue;
      if (domains(workload.facts, HOSTNAME)?.count === 1) continue;
      const preference = preferredTerms(workload).find(({ term }) => term.topologyKey === HOSTNAME && matchesItself(workload, term))
        ?? spreadConstraints(workload).find(({ term }) => term.topologyKey === HOSTNAME && term.whenUnsatisfiable === 'ScheduleAnyway');
      const hard = exclusions(workload).some(({ topologyKey }) => topologyKey === HOSTNAME)
        || spreadConstraints(workload).some(({ term }) => term.topologyKey === HOSTNAME && term.whenUnsatisfiable === 'DoNotSchedule');
      if (!preference || hard) continue;
      report(workload, {
        fieldPath: preference.fieldPath,
        message: `the rule on ${HOSTNAME} is a preference only; some of the ${workload.replicas} pods may share a node and its share of the traffic. Wanted is a required rule, or an even spread.`,
      });
    }
  },
};
