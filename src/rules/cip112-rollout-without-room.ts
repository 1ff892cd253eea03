import { Severity } from '../finding';
import { webDeployment } from './manifests';
import { Rule } from './rule';
import { dictionary, Json, show } from '../manifest/json';
import { percentage } from '../manifest/rollout';

export const rolloutWithoutRoom: Rule = {
  id: 'CIP112',
  title: 'A rolling update that may neither add nor remove a pod',
  severity: Severity.ERROR,
  why: 'With maxSurge and maxUnavailable both 0 nothing can be replaced, and the API server refuses it. A DaemonSet must have exactly one of the two above 0.',
  remedy: 'Set maxSurge to 1 or more and keep maxUnavailable 0, so that no serving node stops serving; where no second pod fits, set maxUnavailable to 1 instead.',
  sources: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable',
    'https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/',
  ],
  pass: { manifests: webDeployment() },
  fail: { manifests: webDeployment({ strategy: '{rollingUpdate: {maxSurge: 0, maxUnavailable: 0%}}' }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      const field = workload.kind === 'Deployment' ? 'strategy' : workload.kind === 'DaemonSet' ? 'updateStrategy' : undefined;
      const { type = 'RollingUpdate', rollingUpdate } = dictionary(field && workload.spec[field]);
      if (!field || type !== 'RollingUpdate') continue;
      const [surgeDefault, unavailableDefault] = workload.kind === 'Deployment' ? ['25%', '25%'] : [0, 1];
      const { maxSurge = surgeDefault, maxUnavailable = unavailableDefault } = dictionary(rollingUpdate);
      const values = `spec.${field}.rollingUpdate has maxSurge ${show(maxSurge)} and maxUnavailable ${show(maxUnavailable)}`;
      const fieldPath = `spec.${field}.rollingUpdate`;
      if (isZero(maxSurge) && isZero(maxUnavailable)) {
        report(workload, { fieldPath, message: `${values}; at most one of them may be 0.` });
      } else if (workload.kind === 'DaemonSet' && !isZero(maxSurge) && !isZero(maxUnavailable)) {
        report(workload, { fieldPath, message: `${values}; for a DaemonSet one of them must be 0.`, remedy: 'Set maxUnavailable to 0, so that a node keeps its pod until the new one is ready; with hostPort or hostNetwork set maxSurge to 0 instead.' });
      }
    }
  },
};

function isZero(value: Json): boolean {
  return value === 0 || percentage(value) === 0;
}
