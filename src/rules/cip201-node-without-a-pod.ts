import { Severity } from '../finding';
import { LOCAL_SERVICE, ONE_POD_A_NODE, webDeployment } from './manifests';
import { Rule } from './rule';
import { domains, exclusions, HOSTNAME, spreadConstraints } from '../manifest/exclusion';
import { dictionary, show } from '../manifest/json';
import { Workload } from '../manifest/model';
import { EXTERNALLY_HEALTH_CHECKED } from '../manifest/serving';

const NODE_PORT = LOCAL_SERVICE.replace('LoadBalancer', 'NodePort');

export const nodeWithoutAPod: Rule = {
  id: 'CIP201',
  title: 'Node ports that drop packets where no pod runs',
  severity: Severity.ERROR,
  why: 'With Local, a node without a ready pod drops what comes to its node port: clients see a timeout. A NodePort Service has no health-check port that would tell a balancer so.',
  remedy: `Expose it by a load balancer, run a pod on every node, or, where the balancer outside checks the port itself, say so: Exposure.nodePort({ externallyHealthChecked: true }), or the annotation ${EXTERNALLY_HEALTH_CHECKED}: "true".`,
  facts: ['nodes'],
  sources: [
    'https://kubernetes.io/docs/tutorials/services/source-ip/#source-ip-for-services-with-type-nodeport',
    'https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy',
  ],
  pass: { facts: { nodes: 3 }, manifests: NODE_PORT + webDeployment({ strategy: '{rollingUpdate: {maxUnavailable: 1}}', affinity: ONE_POD_A_NODE }) },
  fail: { facts: { nodes: 3 }, manifests: NODE_PORT + webDeployment({ replicas: 2, affinity: ONE_POD_A_NODE }) },
  check: (model, report) => {
    for (const service of model.services) {
      if (!service.local || service.spec.type !== 'NodePort') continue;
      if (dictionary(dictionary(service.manifest.metadata).annotations)[EXTERNALLY_HEALTH_CHECKED] === 'true') continue;
      const backends = service.backends.filter(({ replicas }) => replicas !== 0);
      if (backends.some(isOnEveryNode) || (service.backends.length > 0 && backends.length === 0)) continue;
      const pods = backends.map(({ kind, name, replicas }) => `${kind} ${name} with ${show(replicas)} replicas`).join(', ');
      report(service, {
        fieldPath: 'spec.externalTrafficPolicy',
        message: `spec.type is NodePort and spec.externalTrafficPolicy Local, and ${pods || 'no workload in this app'} stands behind it; every node without a ready pod drops its traffic. Allowed is a pod on every node, or a balancer that checks the port itself.`,
        unknown: backends.some(mayBeOnEveryNode) ? 'nodes' : undefined,
        severity: pods ? undefined : Severity.WARNING,
      });
    }
  },
};

function isOnEveryNode(workload: Workload): boolean {
  if (workload.kind === 'DaemonSet') return true;
  const nodes = domains(workload.facts, HOSTNAME)?.count ?? Infinity;
  const { replicas } = workload;
  if (!Number.isFinite(replicas)) return false;
  // With a skew of at most s, a node can be empty only while no other has more than s.
  const even = skews(workload).some(skew => replicas > skew * (nodes - 1));
  return replicas >= nodes && (onePerNode(workload) || even || nodes === 1);
}

/** Whether the number of nodes, which is not known, may be one that the pods fill for certain. */
function mayBeOnEveryNode(workload: Workload): boolean {
  return domains(workload.facts, HOSTNAME)?.count === undefined && (onePerNode(workload) || skews(workload).length > 0);
}

function onePerNode(workload: Workload): boolean {
  return exclusions(workload).some(({ topologyKey }) => topologyKey === HOSTNAME);
}

function skews(workload: Workload): number[] {
  return spreadConstraints(workload)
    .filter(({ term }) => term.topologyKey === HOSTNAME && term.whenUnsatisfiable === 'DoNotSchedule')
    .map(({ term }) => term.maxSkew)
    .filter(skew => Number.isFinite(skew));
}
