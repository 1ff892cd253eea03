import { Severity } from '../finding';
import { Rule } from './rule';
import { servingContainers } from '../manifest/serving';

export const noReadinessProbe: Rule = {
  id: 'CIP504',
  title: 'No readiness probe where traffic arrives',
  severity: Severity.WARNING,
  why: 'Without one a pod counts from the moment its container starts. The health-check port then calls the node healthy before anything answers there.',
  remedy: 'Give the container a readinessProbe on the port that it serves.',
  sources: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe'],
  pass: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 55
      containers:
      - name: web
        image: web
        ports: [{containerPort: 8080}]
        readinessProbe: {tcpSocket: {port: 8080}}
        lifecycle: {preStop: {exec: {command: [sleep, "25"]}}}
`,
  },
  fail: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 55
      containers:
      - name: web
        image: web
        ports: [{containerPort: 8080}]
        lifecycle: {preStop: {exec: {command: [sleep, "25"]}}}
`,
  },
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
