import { Severity } from '../finding';
import { LOCAL_SERVICE, webDeployment } from './manifests';
import { Rule } from './rule';
import { exclusions, HOSTNAME, spreadConstraints, ZONE } from '../manifest/exclusion';
import { isIntegerIn } from '../manifest/json';

const hard = (topologyKey: string) => `{topologyKey: ${topologyKey}, maxSkew: 1, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}`;
const BOTH = `topologySpreadConstraints: [${hard(HOSTNAME)}, ${hard(ZONE)}]`;

export const nodesAgainstZones: Rule = {
  id: 'CIP429',
  title: 'Even nodes and even zones that exclude each other',
  severity: Severity.WARNING,
  why: 'Zones with different numbers of nodes cannot hold equal numbers of pods while their nodes do too. From twice as many pods as nodes on, some stay Pending.',
  remedy: 'Use zones: ZoneSpread.PREFERRED, give every zone as many nodes, or run fewer replicas.',
  facts: ['nodes', 'zones'],
  sources: ['https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#example-conflicting-topologyspreadconstraints'],
  pass: { facts: { nodes: 4, zones: 2 }, manifests: LOCAL_SERVICE + webDeployment({ replicas: 8, pod: BOTH }) },
  fail: { facts: { nodes: 3, zones: 2 }, manifests: LOCAL_SERVICE + webDeployment({ replicas: 6, pod: BOTH }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      const { replicas, facts: { nodes, zones } } = workload;
      if (nodes === undefined || zones === undefined || nodes % zones === 0 || !isIntegerIn(replicas, 2 * nodes, Infinity)) continue;
      const constraints = spreadConstraints(workload).filter(({ term }) => term.whenUnsatisfiable === 'DoNotSchedule');
      const zone = constraints.find(({ term }) => term.topologyKey === ZONE);
      const even = constraints.some(({ term }) => term.topologyKey === HOSTNAME);
      // With one pod a node there are fewer places than pods, which CIP405 finds.
      if (!zone || !even || exclusions(workload).some(({ topologyKey }) => topologyKey === HOSTNAME)) continue;
      report(workload, {
        fieldPath: zone.fieldPath,
        message: `${replicas} replicas are to be even over ${nodes} nodes and over ${zones} zones, and ${zones} zones cannot have equal parts of ${nodes} nodes; some pods may stay Pending. Wanted is a number of nodes that zones divide, or one of the two rules soft.`,
      });
    }
  },
};
