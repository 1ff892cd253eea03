import { Severity } from '../finding';
import { LOCAL_SERVICE, webDeployment } from './manifests';
import { Rule } from './rule';
import { isIntegerIn, Json, show } from '../manifest/json';
import { resolveCount } from '../manifest/rollout';

export const budgetBlocksDrain: Rule = {
  id: 'CIP420',
  title: 'A disruption budget that never allows an eviction',
  severity: Severity.ERROR,
  why: 'A drain waits until the budget lets a pod go. One that asks for all of them stops every drain, and so every upgrade of the nodes.',
  remedy: 'Set maxUnavailable: 1 and unhealthyPodEvictionPolicy: AlwaysAllow; for a single replica, remove the budget or run two.',
  sources: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  pass: { manifests: LOCAL_SERVICE + webDeployment() + pdb('maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow') },
  fail: { manifests: LOCAL_SERVICE + webDeployment() + pdb('minAvailable: 3') },
  check: (model, report) => {
    for (const budget of model.budgets) {
      const replicas = budget.workloads.map(workload => workload.replicas);
      const serves = budget.workloads.some(({ localServices }) => localServices.length > 0);
      if (!serves || !replicas.every(count => isIntegerIn(count, 0, Infinity))) continue;
      const pods = replicas.reduce((sum, count) => sum + count, 0);
      const { minAvailable, maxUnavailable } = budget.spec;
      if (pods === 0 || allowed(minAvailable, maxUnavailable, pods) > 0) continue;
      const field = maxUnavailable === undefined ? 'minAvailable' : 'maxUnavailable';
      report(budget, {
        fieldPath: `spec.${field}`,
        message: `spec.${field} is ${show(maxUnavailable ?? minAvailable)} for ${pods} ${pods === 1 ? 'pod' : 'pods'}, so that none may ever be evicted. Allowed is a budget that lets at least one go.`,
      });
    }
  },
};

/** How many pods may go while all are healthy. Both fields round percentages up. */
function allowed(minAvailable: Json, maxUnavailable: Json, pods: number): number {
  if (maxUnavailable !== undefined) return resolveCount(maxUnavailable, pods, Math.ceil);
  return minAvailable === undefined ? pods : pods - resolveCount(minAvailable, pods, Math.ceil);
}

function pdb(bounds: string): string {
  return `---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {${bounds}, selector: {matchLabels: {app: web}}}
`;
}
