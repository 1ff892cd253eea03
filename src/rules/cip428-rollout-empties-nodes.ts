import { Severity } from '../finding';
import { LOCAL_SERVICE, webDeployment } from './manifests';
import { Rule } from './rule';
import { isIntegerIn } from '../manifest/json';
import { rolloutBounds } from '../manifest/rollout';

export const rolloutEmptiesNodes: Rule = {
  id: 'CIP428',
  title: 'A rolling update that leaves serving nodes without a ready pod',
  severity: Severity.WARNING,
  why: 'With maxUnavailable above 0 an old pod goes before its successor is ready. With a surge of 2 or more the old pod of one node may go as soon as the new pod of another is ready. Either way a node drops until its own new pod is ready.',
  remedy: 'Set maxSurge to 1 and maxUnavailable to 0: Rollout.keepServing().',
  sources: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment'],
  pass: { manifests: LOCAL_SERVICE + webDeployment({ replicas: 8 }) },
  fail: { manifests: LOCAL_SERVICE + webDeployment({ replicas: 8, strategy: '{type: RollingUpdate}' }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      const { replicas } = workload;
      if (workload.kind !== 'Deployment' || workload.localServices.length === 0 || !isIntegerIn(replicas, 1, Infinity)) continue;
      const bounds = rolloutBounds(workload.spec.strategy, replicas);
      if (!bounds || (bounds.surge <= 1 && bounds.unavailable === 0)) continue;
      report(workload, {
        fieldPath: 'spec.strategy.rollingUpdate',
        message: `a rollout of ${replicas} ${replicas === 1 ? 'replica' : 'replicas'} may add ${bounds.surge} and do without ${bounds.unavailable} at a time, so that nodes which serve may be without a ready pod for as long as one takes to start. Wanted are maxSurge 1 and maxUnavailable 0.`,
      });
    }
  },
};
