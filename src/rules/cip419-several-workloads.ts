import { Severity } from '../finding';
import { LOCAL_SERVICE, ONE_POD_A_NODE, webDeployment } from './manifests';
import { Rule } from './rule';
import { HOSTNAME, requiredTerms } from '../manifest/exclusion';
import { Json, list } from '../manifest/json';
import { Workload } from '../manifest/model';
import { selects } from '../manifest/selector';

export const severalWorkloads: Rule = {
  id: 'CIP419',
  title: 'Several workloads behind one Local Service',
  severity: Severity.WARNING,
  why: 'Each workload spreads its own pods and knows nothing of the others. A node that holds a pod of each divides one share among them.',
  remedy: "Narrow the Service's selector to one workload, or let the rules of all of them select the pods of all.",
  sources: ['https://kubernetes.io/docs/concepts/services-networking/service/#services-in-kubernetes'],
  pass: { facts: { nodes: 4 }, manifests: LOCAL_SERVICE + webDeployment({ affinity: ONE_POD_A_NODE }) },
  fail: { facts: { nodes: 4 }, manifests: `${LOCAL_SERVICE}${track('web', 'stable')}---${track('canary', 'canary')}` },
  check: (model, report) => {
    for (const service of model.services) {
      const workloads = service.backends.filter(({ replicas }) => replicas !== 0);
      if (!service.local || workloads.length < 2 || keepApart(workloads)) continue;
      const names = workloads.slice(0, 3).map(({ kind, name }) => `${kind} ${name}`).join(', ');
      report(service, {
        fieldPath: 'spec.selector',
        message: `spec.selector selects ${workloads.length} workloads (${names}${workloads.length > 3 ? ', ...' : ''}), whose pods may share nodes and so divide their shares unevenly. Wanted is one, or rules that keep all their pods apart.`,
      });
    }
  },
};

/** A rule for each generation never looks at pods of another workload. */
function keepApart(workloads: readonly Workload[]): boolean {
  const selectsAll = (selector: Json) => workloads.every(({ podLabels }) => selects(selector, podLabels));
  return workloads.every(workload => requiredTerms(workload).some(({ term: { topologyKey, labelSelector, matchLabelKeys } }) =>
    topologyKey === HOSTNAME && list(matchLabelKeys).length === 0 && selectsAll(labelSelector)));
}

function track(name: string, value: string): string {
  return webDeployment({ name, labels: `{app: web, track: ${value}}` });
}
