import { Severity } from '../finding';
import { ONE_POD_A_NODE, webDeployment } from './manifests';
import { Rule } from './rule';
import { domains, exclusions, HOSTNAME } from '../manifest/exclusion';
import { GENERATION_LABEL } from '../manifest/generation';
import { isIntegerIn } from '../manifest/json';
import { rolloutBounds } from '../manifest/rollout';

const GENERATION = `app: web, ${GENERATION_LABEL}: b72b7af6fe`;
const BY_LABEL = webDeployment({ labels: `{${GENERATION}}`, affinity: ONE_POD_A_NODE.replace('app: web', GENERATION) });

export const restartWaits: Rule = {
  id: 'CIP427',
  title: 'kubectl rollout restart without a spare node, below Kubernetes 1.31',
  severity: Severity.WARNING,
  why: 'Below 1.31 a label made from the pod template tells generations apart. What changes the template in the cluster (kubectl rollout restart, kubectl set image) does not change the label, so that new pods keep away from old ones and the rollout waits.',
  remedy: 'Make such changes in the app and apply it, a restart by an annotation of the pods. Or keep one node more than replicas, or use Spread.even(), which needs no label; from Kubernetes 1.31 on, declare the version.',
  facts: ['nodes', 'kubernetesVersion'],
  sources: ['https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_restart/'],
  pass: { facts: { nodes: 4 }, manifests: BY_LABEL },
  fail: { facts: { nodes: 3 }, manifests: BY_LABEL },
  check: (model, report) => {
    for (const workload of model.workloads) {
      const { replicas } = workload;
      if (!(GENERATION_LABEL in workload.podLabels) || !isIntegerIn(replicas, 1, Infinity)) continue;
      const nodes = domains(workload.facts, HOSTNAME)?.count;
      // Where their number is not known, CIP405 asks for it already.
      if (nodes === undefined || nodes > replicas || rolloutBounds(workload.spec.strategy, replicas)?.unavailable !== 0) continue;
      const rule = exclusions(workload).find(({ topologyKey, acrossGenerations }) => topologyKey === HOSTNAME && acrossGenerations === 'no');
      if (!rule) continue;
      report(workload, {
        fieldPath: rule.fieldPath,
        message: `${rule.what} tells generations apart by the label ${GENERATION_LABEL}, which kubectl rollout restart does not change; with ${replicas} replicas on ${nodes} ${nodes === 1 ? 'node' : 'nodes'} a restart waits until the next rollout. Wanted are ${replicas + 1} nodes, or restarts from the app.`,
      });
    }
  },
};
