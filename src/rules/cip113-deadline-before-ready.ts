import { Severity } from '../finding';
import { webDeployment } from './manifests';
import { Rule } from './rule';

export const deadlineBeforeReady: Rule = {
  id: 'CIP113',
  title: 'progressDeadlineSeconds that no pod can meet',
  severity: Severity.ERROR,
  why: 'A pod counts as available only after minReadySeconds. A deadline that is not longer can never be met, and the API server refuses it.',
  remedy: 'Raise spec.progressDeadlineSeconds above spec.minReadySeconds, by the time that a pod takes to start and an old one to stop.',
  sources: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds'],
  pass: { manifests: webDeployment().replace('  replicas', '  minReadySeconds: 30\n  replicas') },
  fail: { manifests: webDeployment().replace('  replicas', '  minReadySeconds: 600\n  replicas') },
  check: (model, report) => {
    for (const workload of model.workloads) {
      if (workload.kind !== 'Deployment') continue;
      const { minReadySeconds = 0, progressDeadlineSeconds = 600 } = workload.spec;
      if (!Number.isFinite(progressDeadlineSeconds) || !Number.isFinite(minReadySeconds) || progressDeadlineSeconds > minReadySeconds) continue;
      report(workload, {
        fieldPath: 'spec.progressDeadlineSeconds',
        message: `spec.progressDeadlineSeconds is ${progressDeadlineSeconds} and spec.minReadySeconds ${minReadySeconds}; the deadline must be the greater.`,
      });
    }
  },
};
