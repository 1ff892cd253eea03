import { Severity } from '../finding';
import { Rule } from './rule';
import { podSpecPath } from '../manifest/exclusion';
import { list } from '../manifest/json';

export const noContainer: Rule = {
  id: 'CIP119',
  title: 'A pod without a container',
  severity: Severity.ERROR,
  why: 'A pod runs at least one container. The API server refuses one that has none.',
  remedy: 'Add a container with a name and an image.',
  sources: ['https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#containers'],
  pass: {
    manifests: `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: web}]}
`,
  },
  fail: {
    manifests: `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: []}
`,
  },
  check: (model, report) => {
    for (const workload of model.workloads) {
      if (list(workload.podSpec.containers).length > 0) continue;
      const fieldPath = `${podSpecPath(workload)}.containers`;
      report(workload, { fieldPath, message: `${fieldPath} is empty; at least one container is needed.` });
    }
  },
};
