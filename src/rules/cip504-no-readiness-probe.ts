import { Severity } from '../finding';
import { LOCAL_SERVICE, webDeployment } from './manifests';
import { Rule } from './rule';
import { servingContainers } from '../manifest/serving';

export const noReadinessProbe: Rule = {
  id: 'CIP504',
  title: 'No readiness probe where traffic arrives',
  severity: Severity.WARNING,
  why: 'Without one a pod counts from the moment its container starts. The health-check port then calls the node healthy before anything answers there.',
  remedy: 'Give the container a readinessProbe on the port that it serves.',
  sources: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe'],
  pass: { manifests: LOCAL_SERVICE + webDeployment() },
  fail: { manifests: LOCAL_SERVICE + webDeployment({ readinessProbe: '' }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      if (workload.localServices.length === 0 || workload.replicas === 0) continue;
      for (const { container, fieldPath } of servingContainers(workload)) {
        if (container.readinessProbe !== undefined) continue;
        report(workload, {
          fieldPath: `${fieldPath}.readinessProbe`,
          message: `${fieldPath} has no readinessProbe, so that it gets traffic as soon as it starts. Wanted is one on the port that it serves.`,
        });
      }
    }
  },
};
