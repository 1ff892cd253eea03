import { Severity } from '../finding';
import { Rule } from './rule';
import { dictionary, show } from '../manifest/json';

export const ambiguousPorts: Rule = {
  id: 'CIP116',
  title: 'Ports of a Service that cannot be told apart',
  severity: Severity.ERROR,
  why: 'Ports are told apart by name, and by number and protocol. The API server refuses a second port that is the same, and more than one without a name.',
  remedy: 'Give every port a name of its own, and remove the one that repeats another in number and protocol.',
  sources: ['https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services'],
  pass: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: dns}
spec: {selector: {app: dns}, ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}]}
`,
  },
  fail: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: dns}
spec: {selector: {app: dns}, ports: [{name: dns, port: 53}, {name: dns, port: 53}]}
`,
  },
  check: (model, report) => {
    for (const service of model.services) {
      const names = new Map<string, number>();
      const numbers = new Map<string, number>();
      for (const [i, item] of service.ports.entries()) {
        const { name, port, protocol = 'TCP' } = dictionary(item);
        const number = [port, protocol].map(part => typeof part === 'string' ? part : show(part)).join('/');
        if (name === undefined && service.ports.length > 1) {
          report(service, { fieldPath: `spec.ports[${i}].name`, message: `spec.ports[${i}] has no name; with ${service.ports.length} ports each needs one.` });
        }
        if (names.has(name)) {
          report(service, { fieldPath: `spec.ports[${i}].name`, message: `spec.ports[${i}].name ${show(name)} is the name of spec.ports[${names.get(name)}] too; a name is allowed once.` });
        }
        if (numbers.has(number)) {
          report(service, { fieldPath: `spec.ports[${i}]`, message: `spec.ports[${i}] is ${number}, as is spec.ports[${numbers.get(number)}]; a number and protocol is allowed once.` });
        }
        if (name !== undefined) names.set(name, i);
        numbers.set(number, i);
      }
    }
  },
};
