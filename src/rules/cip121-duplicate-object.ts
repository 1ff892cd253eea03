import { Severity } from '../finding';
import { Rule } from './rule';
import { ManifestObject } from '../manifest/model';

export const duplicateObject: Rule = {
  id: 'CIP121',
  title: 'Two objects of one name',
  severity: Severity.ERROR,
  why: 'An object is its kind, namespace and name. Whichever of the two is applied last replaces the other, and one of two Services is gone without a word.',
  remedy: 'Give one of them another metadata.name, or leave the name to cdk8s.',
  sources: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/names/'],
  pass: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: blue}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: green}
spec: {selector: {app: web}, ports: [{port: 80}]}
`,
  },
  fail: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: api}, ports: [{port: 80}]}
`,
  },
  check: (model, report) => {
    const first = new Map<string, ManifestObject>();
    for (const object of model.objects) {
      if (object.name === undefined) continue;
      const key = `${object.kind} ${object.namespace ?? 'default'}/${object.name}`;
      const other = first.get(key);
      if (other) {
        report(object, {
          fieldPath: 'metadata.name',
          // Charts may be meant for clusters of their own.
          severity: other.batch === object.batch ? undefined : Severity.WARNING,
          message: `metadata.name is that of another ${object.kind} in this app${other.origin ? ` (${other.origin.path})` : ''}; a name is allowed once for each kind and namespace.`,
        });
      } else {
        first.set(key, object);
      }
    }
  },
};
