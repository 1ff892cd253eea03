import { Severity } from '../finding';
import { Rule } from './rule';
import { show } from '../manifest/json';

export const unknownPolicy: Rule = {
  id: 'CIP102',
  title: 'externalTrafficPolicy that does not exist',
  severity: Severity.ERROR,
  why: 'The API server knows two values, in this spelling: Cluster and Local.',
  remedy: 'Write Local to keep the client address, or Cluster.',
  sources: ['https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy'],
  pass: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, externalTrafficPolicy: Cluster, selector: {app: web}, ports: [{port: 80}]}
`,
  },
  fail: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, externalTrafficPolicy: local, selector: {app: web}, ports: [{port: 80}]}
`,
  },
  check: (model, report) => {
    for (const service of model.services) {
      const policy = service.spec.externalTrafficPolicy;
      if (policy === undefined || policy === '' || policy === 'Local' || policy === 'Cluster') continue;
      report(service, {
        fieldPath: 'spec.externalTrafficPolicy',
        message: `spec.externalTrafficPolicy is ${show(policy)}; allowed are Local and Cluster.`,
      });
    }
  },
};
