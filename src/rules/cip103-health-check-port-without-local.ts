import { Severity } from '../finding';
import { Rule } from './rule';
import { show } from '../manifest/json';

export const healthCheckPortWithoutLocal: Rule = {
  id: 'CIP103',
  title: 'healthCheckNodePort without LoadBalancer and Local',
  severity: Severity.ERROR,
  why: 'The port tells a load balancer which nodes have a ready pod. Other Services have none, and the API server refuses the field.',
  remedy: 'Remove spec.healthCheckNodePort, or set spec.type to LoadBalancer and spec.externalTrafficPolicy to Local.',
  sources: ['https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec'],
  pass: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 31000, selector: {app: web}, ports: [{port: 80}]}
`,
  },
  fail: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, healthCheckNodePort: 31000, selector: {app: web}, ports: [{port: 80}]}
`,
  },
  check: (model, report) => {
    for (const service of model.services) {
      const { healthCheckNodePort, type = 'ClusterIP', externalTrafficPolicy = 'Cluster' } = service.spec;
      if (!healthCheckNodePort || (type === 'LoadBalancer' && externalTrafficPolicy === 'Local')) continue;
      report(service, {
        fieldPath: 'spec.healthCheckNodePort',
        message: `spec.healthCheckNodePort is ${show(healthCheckNodePort)} with spec.type ${show(type)} and spec.externalTrafficPolicy ${show(externalTrafficPolicy)}; it is allowed with LoadBalancer and Local only.`,
      });
    }
  },
};
