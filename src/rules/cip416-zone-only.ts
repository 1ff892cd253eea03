import { Severity } from '../finding';
import { LOCAL_SERVICE, ONE_POD_A_NODE, webDeployment } from './manifests';
import { Rule } from './rule';
import { exclusions, HOSTNAME, matchesItself, preferredTerms, spreadConstraints, ZONE } from '../manifest/exclusion';
import { isIntegerIn } from '../manifest/json';

const ZONES = 'topologySpreadConstraints: [{topologyKey: topology.kubernetes.io/zone, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}]';

export const zoneOnly: Rule = {
  id: 'CIP416',
  title: 'Pods spread over zones and not over nodes',
  severity: Severity.WARNING,
  why: 'Balancers divide traffic over nodes. A rule on zones alone lets all pods of a zone share one node, and the other nodes of that zone drop.',
  remedy: 'Add a rule on kubernetes.io/hostname beside the one on zones: Spread.required({ zones: ZoneSpread.PREFERRED }).',
  sources: ['https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/'],
  pass: { facts: { nodes: 6, zones: 2 }, manifests: LOCAL_SERVICE + webDeployment({ affinity: ONE_POD_A_NODE, pod: ZONES }) },
  fail: { facts: { nodes: 6, zones: 2 }, manifests: LOCAL_SERVICE + webDeployment({ pod: ZONES }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      if (workload.localServices.length === 0 || !isIntegerIn(workload.replicas, 2, Infinity)) continue;
      const rules = [
        // One pod a zone is one pod a node.
        ...exclusions(workload).map(({ fieldPath, topologyKey }) => ({ fieldPath, topologyKey: topologyKey === ZONE ? HOSTNAME : topologyKey })),
        ...preferredTerms(workload)
          .filter(({ term }) => matchesItself(workload, term))
          .map(({ term, fieldPath }) => ({ fieldPath, topologyKey: term.topologyKey })),
        ...spreadConstraints(workload).map(({ term, fieldPath }) => ({ fieldPath, topologyKey: term.topologyKey })),
      ];
      const zone = rules.find(({ topologyKey }) => topologyKey === ZONE);
      if (!zone || rules.some(({ topologyKey }) => topologyKey === HOSTNAME)) continue;
      report(workload, {
        fieldPath: zone.fieldPath,
        message: `pods are spread over ${ZONE} alone; ${workload.replicas} pods may share as few nodes as there are zones. Wanted is a rule on ${HOSTNAME} too.`,
      });
    }
  },
};
