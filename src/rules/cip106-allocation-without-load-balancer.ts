import { Severity } from '../finding';
import { Rule } from './rule';
import { show } from '../manifest/json';

export const allocationWithoutLoadBalancer: Rule = {
  id: 'CIP106',
  title: 'allocateLoadBalancerNodePorts without a load balancer',
  severity: Severity.ERROR,
  why: 'The field says whether a load balancer needs node ports. On any other type the API server refuses it.',
  remedy: 'Remove spec.allocateLoadBalancerNodePorts, or set spec.type to LoadBalancer.',
  sources: ['https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-nodeport-allocation'],
  pass: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80}]}
`,
  },
  fail: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, allocateLoadBalancerNodePorts: false, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80}]}
`,
  },
  check: (model, report) => {
    for (const service of model.services) {
      const { allocateLoadBalancerNodePorts: allocate, type = 'ClusterIP' } = service.spec;
      if (allocate === undefined || type === 'LoadBalancer') continue;
      report(service, {
        fieldPath: 'spec.allocateLoadBalancerNodePorts',
        message: `spec.allocateLoadBalancerNodePorts is ${show(allocate)} with spec.type ${show(type)}; it is allowed with LoadBalancer only.`,
      });
    }
  },
};
