import { Severity } from '../finding';
import { Rule } from './rule';
import { show } from '../manifest/json';

export const illegalName: Rule = {
  id: 'CIP120',
  title: 'A name that the API server refuses',
  severity: Severity.ERROR,
  why: 'Names become part of DNS names and paths. A Service has the narrowest form, and an object with another is refused.',
  remedy: 'Use a-z, 0-9 and -, at most 63 characters, with a letter first and no - at the end.',
  sources: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names'],
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
      const legal = kind === 'Service' ? name.length <= 63 && SERVICE_NAME.test(name) : name.length <= 253 && SUBDOMAIN.test(name);
      if (legal) continue;
      const allowed = kind === 'Service' ? 'at most 63 of a-z, 0-9 and -, with a letter first' : 'at most 253 of a-z, 0-9, - and ., with a letter or digit at both ends';
      report(object, { fieldPath: 'metadata.name', message: `metadata.name is ${show(name)}; allowed is ${allowed}.` });
    }
  },
};

const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
