import { Severity } from '../finding';
import { LOCAL_SERVICE, webDeployment } from './manifests';
import { Rule } from './rule';
import { dictionary } from '../manifest/json';

export const recreate: Rule = {
  id: 'CIP426',
  title: 'Recreate behind a Local Service',
  severity: Severity.ERROR,
  why: 'Recreate stops every old pod before it starts a new one. Until then no node has a ready pod, and all of them drop.',
  remedy: 'Use a rolling update with maxUnavailable 0: Rollout.keepServing(), or strategy: {type: RollingUpdate}.',
  sources: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#recreate-deployment'],
  pass: { manifests: LOCAL_SERVICE + webDeployment() },
  fail: { manifests: LOCAL_SERVICE + webDeployment({ strategy: '{type: Recreate}' }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      if (workload.localServices.length === 0 || workload.kind !== 'Deployment' || workload.replicas === 0) continue;
      if (dictionary(workload.spec.strategy).type !== 'Recreate') continue;
      report(workload, {
        fieldPath: 'spec.strategy.type',
        message: `spec.strategy.type is Recreate behind Local Service ${workload.localServices[0].name}, so that every node drops traffic during a rollout. Allowed is RollingUpdate.`,
      });
    }
  },
};
