import { KubernetesVersion } from '../cluster-facts';
import { Severity } from '../finding';
import { Rule } from './rule';
import { versionOf } from '../manifest/exclusion';
import { list, show } from '../manifest/json';
import { Service } from '../manifest/model';

export const policyOnInternalType: Rule = {
  id: 'CIP101',
  title: 'externalTrafficPolicy on a Service that nobody outside can reach',
  severity: Severity.ERROR,
  why: 'The policy says what happens to traffic from outside. On a ClusterIP, headless or ExternalName Service the API server refuses it.',
  remedy: 'Set spec.type to LoadBalancer or NodePort, or remove spec.externalTrafficPolicy; for callers inside the cluster, add a Service of its own.',
  facts: ['kubernetesVersion'],
  sources: [
    'https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip',
    'https://github.com/kubernetes/kubernetes/issues/119150',
  ],
  pass: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80}]}
`,
  },
  fail: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: ClusterIP, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80}]}
`,
  },
  check: (model, report) => {
    for (const service of model.services) {
      const { externalTrafficPolicy, type = 'ClusterIP', clusterIP } = service.spec;
      // The API server takes an empty string as not stated.
      if (externalTrafficPolicy === undefined || externalTrafficPolicy === '') continue;
      if (clusterIP === 'None' && !reachableByExternalIPs(service)) {
        report(service, {
          fieldPath: 'spec.clusterIP',
          message: `spec.clusterIP None makes it headless, and spec.externalTrafficPolicy is ${show(externalTrafficPolicy)}; allowed with it are the types LoadBalancer and NodePort with a cluster IP.`,
          remedy: 'Remove spec.clusterIP, or remove spec.externalTrafficPolicy.',
        });
      } else if (type !== 'LoadBalancer' && type !== 'NodePort' && !reachableByExternalIPs(service)) {
        report(service, {
          fieldPath: 'spec.type',
          message: `spec.type is ${show(type)} and spec.externalTrafficPolicy is ${show(externalTrafficPolicy)}; allowed types are LoadBalancer and NodePort.`,
        });
      }
    }
  },
};

/** From 1.29 on, a ClusterIP Service with external IPs may have the policy. */
function reachableByExternalIPs(service: Service): boolean {
  const { type = 'ClusterIP', externalIPs } = service.spec;
  return type === 'ClusterIP' && list(externalIPs).length > 0 && versionOf(service.facts).isAtLeast(KubernetesVersion.V1_29);
}
