import { Severity } from '../finding';
import { ONE_POD_A_NODE, webDeployment } from './manifests';
import { Rule } from './rule';
import { domains, exclusions } from '../manifest/exclusion';
import { isIntegerIn } from '../manifest/json';

export const morePodsThanNodes: Rule = {
  id: 'CIP405',
  title: 'More pods than nodes that may take one each',
  severity: Severity.ERROR,
  why: 'A required rule leaves every pod beyond the number of nodes Pending for ever, and a rollout that waits for it never finishes.',
  remedy: 'Lower replicas to the number of nodes, add nodes, or use Spread.even(), which shares nodes evenly, or Spread.preferred().',
  facts: ['nodes', 'zones'],
  sources: ['https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity'],
  pass: { facts: { nodes: 4 }, manifests: webDeployment({ replicas: 3, affinity: ONE_POD_A_NODE }) },
  fail: { facts: { nodes: 3 }, manifests: webDeployment({ replicas: 4, affinity: ONE_POD_A_NODE }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      const { replicas } = workload;
      // One pod fits wherever there is a node at all.
      if (!isIntegerIn(replicas, 2, Infinity)) continue;
      const reported = new Set<string>();
      for (const { fieldPath, what, topologyKey } of exclusions(workload)) {
        const domain = domains(workload.facts, topologyKey);
        if (!domain || (domain.count ?? 0) >= replicas || reported.has(topologyKey)) continue;
        reported.add(topologyKey);
        const surplus = domain.count === undefined ? 0 : replicas - domain.count;
        const there = surplus > 0 ? `; there are ${domain.count}, and ${surplus === 1 ? '1 pod stays' : `${surplus} pods stay`} Pending` : '';
        report(workload, {
          fieldPath,
          message: `spec.replicas is ${replicas} and ${what} allows one pod each${there}. Allowed are at most as many replicas as ${domain.fact}.`,
          unknown: domain.count === undefined ? domain.fact : undefined,
        });
      }
    }
  },
};
