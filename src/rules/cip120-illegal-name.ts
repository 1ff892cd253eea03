import { KubernetesVersion } from '../cluster-facts';
import { Severity } from '../finding';
import { Rule } from './rule';
import { versionOf } from '../manifest/exclusion';
import { show } from '../manifest/json';
import { ManifestObject } from '../manifest/model';
import { isSubdomain } from '../manifest/names';

export const illegalName: Rule = {
  id: 'CIP120',
  title: 'A name that the API server refuses',
  severity: Severity.ERROR,
  why: 'Names become part of DNS names and paths. A Service has the narrowest form, and an object with another is refused.',
  remedy: 'Use a-z, 0-9 and -, at most 63 characters, with a letter first and no - at the end.',
  facts: ['kubernetesVersion'],
  sources: [
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names',
    'https://github.com/kubernetes/enhancements/issues/5311',
  ],
  pass: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web-2}
spec: {selector: {app: web}, ports: [{port: 80}]}
`,
  },
  fail: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: Web_2}
spec: {selector: {app: web}, ports: [{port: 80}]}
`,
  },
  check: (model, report) => {
    for (const object of model.objects) {
      const { name, kind } = object;
      if (name === undefined) continue;
      const legal = kind === 'Service' ? name.length <= 63 && serviceName(object).test(name) : isSubdomain(name);
      if (legal) continue;
      const allowed = kind === 'Service' ? 'at most 63 of a-z, 0-9 and -, with a letter first' : 'at most 253 of a-z, 0-9, - and ., with a letter or digit at both ends';
      report(object, { fieldPath: 'metadata.name', message: `metadata.name is ${show(name)}; allowed is ${allowed}.` });
    }
  },
};

/** From 1.36 on a Service's name may begin with a digit. */
function serviceName({ facts }: ManifestObject): RegExp {
  return versionOf(facts).isAtLeast(KubernetesVersion.V1_36) ? /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/ : /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
}
