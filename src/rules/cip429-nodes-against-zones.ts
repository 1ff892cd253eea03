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
  severity: Severity.ERROR,
  why: 'Zones with different numbers of nodes cannot hold equal numbers of pods while their nodes do too. The pods that would break one of the two rules stay Pending.',
  remedy: 'Use zones: ZoneSpread.PREFERRED, give every zone as many nodes, or run fewer replicas.',
  facts: ['nodes', 'zones'],
  sources: ['https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#example-conflicting-topologyspreadconstraints'],
  pass: { facts: { nodes: 4, zones: 2 }, manifests: LOCAL_SERVICE + webDeployment({ replicas: 8, pod: BOTH }) },
  fail: { facts: { nodes: 3, zones: 2 }, manifests: LOCAL_SERVICE + webDeployment({ replicas: 6, pod: BOTH }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      const { replicas, facts: { nodes, zones } } = workload;
      if (nodes === undefined || zones === undefined || !isIntegerIn(replicas, 1, Infinity)) continue;
      const hardConstraints = spreadConstraints(workload).filter(({ term }) => term.whenUnsatisfiable === 'DoNotSchedule');
      const zone = hardConstraints.find(({ term }) => term.topologyKey === ZONE);
      const node = hardConstraints.find(({ term }) => term.topologyKey === HOSTNAME);
      // With one pod a node there may be fewer places than pods, which CIP405 finds.
      if (!zone || node?.term.maxSkew !== 1 || exclusions(workload).some(({ topologyKey }) => topologyKey === HOSTNAME)) continue;
      if (fits(replicas, nodes, zones, zone.term.maxSkew)) continue;
      report(workload, {
        fieldPath: zone.fieldPath,
        message: `${replicas} replicas cannot be even over ${nodes} nodes and over ${zones} zones, since ${zones} zones cannot have equal parts of ${nodes} nodes; some pods stay Pending. Allowed are nodes in equal parts, or one of the two rules soft.`,
      });
    }
  },
};

/** Whether pods can be even over nodes, and over zones that have parts of the nodes as equal as can be. */
function fits(replicas: number, nodes: number, zones: number, zoneSkew: number): boolean {
  const onEach = Math.floor(replicas / nodes);
  const oneMore = replicas % nodes;
  const bounds = Array.from({ length: zones }, (_, i) => {
    const size = Math.floor(nodes / zones) + (i < nodes % zones ? 1 : 0);
    return { least: size * onEach + Math.max(0, oneMore - (nodes - size)), most: size * onEach + Math.min(size, oneMore) };
  });
  const sum = (part: (bound: { least: number; most: number }) => number) => bounds.reduce((total, bound) => total + part(bound), 0);
  for (let low = 0; low <= replicas; low++) {
    const high = low + zoneSkew;
    if (bounds.some(({ least, most }) => least > high || most < low)) continue;
    if (sum(({ least }) => Math.max(least, low)) <= replicas && replicas <= sum(({ most }) => Math.min(most, high))) return true;
  }
  return false;
}
