import { Severity } from '../finding';
import { Rule } from './rule';

export const unwritable: Rule = {
  id: 'CIP100',
  title: 'An object cannot be written',
  severity: Severity.ERROR,
  why: 'The construct refuses to turn into a manifest, so there is nothing to apply and nothing to check.',
  remedy: 'Correct what the reason names.',
  sources: ['https://cdk8s.io/docs/latest/basics/api-object/'],
  pass: { manifests: 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n' },
  fail: { manifests: '' },
  check: (model, report) => {
    for (const object of model.failures) {
      report(object, { fieldPath: '', message: `cannot be written: ${object.failure}` });
    }
  },
};
