import { Severity } from '../finding';
import { Rule } from './rule';

export const deadlineBeforeReady: Rule = {
  id: 'CIP113',
  title: 'progressDeadlineSeconds that no pod can meet',
  severity: Severity.ERROR,
  why: 'A pod counts as available only after minReadySeconds. A deadline that is not longer can never be met, and the API server refuses it.',
  remedy: 'Raise spec.progressDeadlineSeconds above spec.minReadySeconds, by the time that a pod takes to start and an old one to stop.',
  sources: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds'],
  pass: {
    manifests: `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  minReadySeconds: 30
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
`,
  },
  fail: {
    manifests: `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  minReadySeconds: 600
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
`,
  },
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
