import { Severity } from '../finding';
import { Rule } from './rule';
import { dictionary, Json, show } from '../manifest/json';
import { isLabelValue, isQualifiedName } from '../manifest/names';

export const illegalLabel: Rule = {
  id: 'CIP118',
  title: 'A label or annotation that the API server refuses',
  severity: Severity.ERROR,
  why: 'Labels and the selectors that ask for them have a narrow form. One value that is too long refuses the whole object.',
  remedy: 'Shorten the value, or replace what is not a letter, digit, -, _ or .; longer text belongs in an annotation.',
  sources: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set'],
  pass: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app.kubernetes.io/name: web, tier: ""}}
spec: {selector: {app: web}, ports: [{port: 80}]}
`,
  },
  fail: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web, labels: {team: "payments and billing"}}
spec: {selector: {app: web}, ports: [{port: 80}]}
`,
  },
  check: (model, report) => {
    const isKey = remember(isQualifiedName);
    const isValue = remember(isLabelValue);
    for (const object of model.objects) {
      const { metadata } = dictionary(object.manifest);
      const template = dictionary(object.spec.template);
      for (const [key, value] of Object.entries(dictionary(dictionary(metadata).annotations))) {
        if (isKey(key) && typeof value === 'string') continue;
        const fieldPath = `metadata.annotations["${key}"]`;
        report(object, { fieldPath, message: `${fieldPath} is ${show(value)}; allowed is a string, under a key of at most 63 letters, digits, -, _ and ., after a DNS prefix and / if need be.` });
      }
      const places: [string, Json][] = [
        ['metadata.labels', dictionary(metadata).labels],
        ['spec.selector', object.kind === 'Service' ? object.spec.selector : undefined],
        ['spec.selector.matchLabels', dictionary(object.spec.selector).matchLabels],
        ['spec.template.metadata.labels', dictionary(template.metadata).labels],
      ];
      for (const [path, labels] of places) {
        if (labels === undefined) continue;
        for (const [key, value] of Object.entries(dictionary(labels))) {
          if (!isKey(key)) {
            report(object, { fieldPath: path, message: `${path} has the key ${show(key)}; allowed is a name of at most 63 letters, digits, -, _ and ., after a DNS prefix and / if need be.` });
          }
          if (!isValue(value)) {
            report(object, {
              fieldPath: `${path}["${key}"]`,
              message: `${path}["${key}"] is ${show(value)}${typeof value === 'string' ? ` of ${[...value].length} characters` : ''}; allowed is a string of at most 63 letters, digits, -, _ and ., with a letter or digit at both ends.`,
            });
          }
        }
      }
    }
  },
};

/** The same labels stand on a workload, on its pods and in selectors. */
function remember(isLegal: (text: string) => boolean): (text: Json) => boolean {
  const legal = new Set<Json>();
  return text => {
    if (legal.has(text)) return true;
    if (!isLegal(text)) return false;
    legal.add(text);
    return true;
  };
}
