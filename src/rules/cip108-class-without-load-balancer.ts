import { Severity } from '../finding';
import { Rule } from './rule';
import { show } from '../manifest/json';

export const classWithoutLoadBalancer: Rule = {
  id: 'CIP108',
  title: 'loadBalancerClass without a load balancer',
  severity: Severity.ERROR,
  why: 'The class names the controller that makes the load balancer. On any other type the API server refuses it, and it cannot be changed once set.',
  remedy: 'Remove spec.loadBalancerClass, or set spec.type to LoadBalancer.',
  sources: ['https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-class'],
  pass: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, loadBalancerClass: example.com/internal, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80}]}
`,
  },
  fail: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, loadBalancerClass: example.com/internal, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80}]}
`,
  },
  check: (model, report) => {
    for (const service of model.services) {
      const { loadBalancerClass, type = 'ClusterIP' } = service.spec;
      if (loadBalancerClass === undefined || type === 'LoadBalancer') continue;
      report(service, {
        fieldPath: 'spec.loadBalancerClass',
        message: `spec.loadBalancerClass is ${show(loadBalancerClass)} with spec.type ${show(type)}; it is allowed with LoadBalancer only.`,
      });
    }
  },
};
