import { Severity } from '../finding';
import { webDeployment } from './manifests';
import { Rule } from './rule';
import { MAX_INT32, show } from '../manifest/json';

export const impossibleReplicas: Rule = {
  id: 'CIP117',
  title: 'A number of replicas that cannot be',
  severity: Severity.ERROR,
  why: 'The API server refuses replicas that are not an integer from 0 on.',
  remedy: 'Give spec.replicas an integer from 0 on.',
  sources: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#replicas'],
  pass: { manifests: webDeployment({ replicas: 0 }) },
  fail: { manifests: webDeployment({ replicas: -1 }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      const { replicas } = workload.spec;
      if (workload.kind === 'Pod' || workload.kind === 'DaemonSet' || replicas === undefined || (Number.isSafeInteger(replicas) && replicas >= 0 && replicas <= MAX_INT32)) continue;
      report(workload, { fieldPath: 'spec.replicas', message: `spec.replicas is ${show(replicas)}; allowed is an integer from 0 to ${MAX_INT32}.` });
    }
  },
};
