import { Severity } from '../finding';
import { Rule } from './rule';
import { HOSTNAME, requiredTerms } from '../manifest/exclusion';
import { Workload } from '../manifest/model';
import { selects } from '../manifest/selector';

export const severalWorkloads: Rule = {
  id: 'CIP419',
  title: 'Several workloads behind one Local Service',
  severity: Severity.WARNING,
  why: 'Each workload spreads its own pods and knows nothing of the others. A node that holds a pod of each gives every one of them a part of one share.',
  remedy: "Narrow the Service's selector to one workload, or let the rules of all of them select the pods of all.",
  sources: ['https://kubernetes.io/docs/concepts/services-networking/service/#services-in-kubernetes'],
  pass: {
    facts: { nodes: 4 },
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
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - topologyKey: kubernetes.io/hostname
            labelSelector: {matchLabels: {app: web}}
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
    facts: { nodes: 4 },
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
    metadata: {labels: {app: web, track: stable}}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - topologyKey: kubernetes.io/hostname
            labelSelector: {matchLabels: {track: stable}}
      terminationGracePeriodSeconds: 55
      containers:
      - name: web
        image: web
        ports: [{containerPort: 8080}]
        readinessProbe: {tcpSocket: {port: 8080}}
        lifecycle: {preStop: {exec: {command: [sleep, "25"]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: canary}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, track: canary}}
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
    for (const service of model.services) {
      const workloads = service.backends.filter(({ replicas }) => replicas !== 0);
      if (!service.local || workloads.length < 2 || keepApart(workloads)) continue;
      const names = workloads.slice(0, 3).map(({ kind, name }) => `${kind} ${name}`).join(', ');
      report(service, {
        fieldPath: 'spec.selector',
        message: `spec.selector selects ${workloads.length} workloads (${names}${workloads.length > 3 ? ', ...' : ''}), whose pods may share nodes and so divide their shares unevenly. Wanted is one, or rules that keep all their pods apart.`,
      });
    }
  },
};

function keepApart(workloads: readonly Workload[]): boolean {
  return workloads.every(workload => requiredTerms(workload).some(({ term }) =>
    term.topologyKey === HOSTNAME && workloads.every(({ podLabels }) => selects(term.labelSelector, podLabels))));
}
