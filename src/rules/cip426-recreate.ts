import { Severity } from '../finding';
import { Rule } from './rule';
import { dictionary } from '../manifest/json';

export const recreate: Rule = {
  id: 'CIP426',
  title: 'Recreate behind a Local Service',
  severity: Severity.ERROR,
  why: 'Recreate stops every old pod before it starts a new one. Until then no node has a ready pod, and all of them drop.',
  remedy: 'Use a rolling update with maxUnavailable 0: Rollout.keepServing(), or strategy: {type: RollingUpdate}.',
  sources: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#recreate-deployment'],
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
  strategy: {type: RollingUpdate}
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
  strategy: {type: Recreate}
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
