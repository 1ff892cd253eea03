import { Severity } from '../finding';
import { ONE_POD_A_NODE, webDeployment } from './manifests';
import { Rule } from './rule';
import { domains, exclusions } from '../manifest/exclusion';
import { isIntegerIn } from '../manifest/json';
import { rolloutBounds } from '../manifest/rollout';

export const rolloutDeadlock: Rule = {
  id: 'CIP401',
  title: 'A rolling update that can never finish',
  severity: Severity.ERROR,
  why: 'One pod a node, no spare node, and no old pod may go before a new one is ready: the new pod stays Pending and the old ones stay for ever. The default of 25 % means no pod may go up to 3 replicas.',
  remedy: 'Let the rule tell generations apart (Spread.required() does; by hand, matchLabelKeys: [pod-template-hash] in the term from Kubernetes 1.31 on), set maxUnavailable to 1, or add a node.',
  facts: ['nodes', 'zones', 'kubernetesVersion'],
  sources: [
    'https://github.com/kubernetes/kubernetes/issues/116891',
    'https://github.com/kubernetes/kubernetes/issues/56539',
    'https://github.com/kubernetes/enhancements/issues/3633',
  ],
  pass: { facts: { nodes: 4 }, manifests: webDeployment({ strategy: '{type: RollingUpdate}', affinity: ONE_POD_A_NODE }) },
  fail: { facts: { nodes: 3 }, manifests: webDeployment({ strategy: '{type: RollingUpdate}', affinity: ONE_POD_A_NODE }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      const replicas = workload.replicas;
      if (workload.kind !== 'Deployment' || !isIntegerIn(replicas, 1, Infinity)) continue;
      const bounds = rolloutBounds(workload.spec.strategy, replicas);
      if (!bounds || bounds.unavailable > 0) continue;
      const reported = new Set<string>();
      for (const { fieldPath, what, topologyKey, acrossGenerations } of exclusions(workload)) {
        const domain = domains(workload.facts, topologyKey);
        if (acrossGenerations === 'no' || (domain?.count ?? 0) > replicas || reported.has(topologyKey)) continue;
        reported.add(topologyKey);
        const places = domain?.fact ?? `values of ${topologyKey}`;
        const there = domain?.count === undefined ? '' : `, and there are ${domain.count}`;
        report(workload, {
          fieldPath,
          message: `${what}, ${replicas} ${replicas === 1 ? 'replica' : 'replicas'} and maxUnavailable 0${fromPercent(workload.spec.strategy, replicas)} need more than ${replicas} ${places}${there}: else the first new pod of a rollout waits for ever. Allowed are maxUnavailable of 1 or more, ${replicas + 1} ${places}, or a rule for each generation.`,
          unknown: domain && domain.count === undefined ? domain.fact : undefined,
          severity: acrossGenerations === 'maybe' || !domain ? Severity.WARNING : undefined,
        });
      }
    }
  },
};

function fromPercent(strategy: any, replicas: number): string {
  const stated = strategy?.rollingUpdate?.maxUnavailable ?? '25%';
  return typeof stated === 'string' ? ` (${stated} of ${replicas}, rounded down)` : '';
}
