import { Severity } from '../finding';
import { webDeployment } from './manifests';
import { Rule } from './rule';
import { show } from '../manifest/json';
import { isEmptySelector, selects } from '../manifest/selector';

export const foreignSelector: Rule = {
  id: 'CIP122',
  title: 'A workload that does not select its own pods',
  severity: Severity.ERROR,
  why: 'A workload finds its pods by spec.selector. One that does not select the labels of its own template is refused by the API server.',
  remedy: 'Give the pod template every label that spec.selector asks for.',
  sources: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector'],
  pass: { manifests: webDeployment({ labels: '{app: web, tier: front}' }) },
  fail: { manifests: webDeployment({ labels: '{app: wbe}' }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      const { selector } = workload.spec;
      if (!KINDS.has(workload.kind) || (selects(selector, workload.podLabels) && !isEmptySelector(selector))) continue;
      report(workload, {
        fieldPath: 'spec.selector',
        message: `spec.selector ${show(selector)} does not select the labels of spec.template, ${show(workload.podLabels)}; it must, by one condition at least.`,
      });
    }
  },
};

const KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']);
