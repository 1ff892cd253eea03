import { Severity } from '../finding';
import { Rule } from './rule';
import { podSpecPath } from '../manifest/exclusion';
import { dictionary, isIntegerIn, Json, list, show } from '../manifest/json';

export const portOutOfRange: Rule = {
  id: 'CIP115',
  title: 'A port that is no port number',
  severity: Severity.ERROR,
  why: 'A Service maps single ports: there is no range of ports in Kubernetes. Anything but an integer from 1 to 65535 is refused.',
  remedy: 'Give an integer from 1 to 65535, and one entry for each port.',
  sources: ['https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec'],
  pass: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}, {name: https, port: 443, targetPort: 8443}]}
`,
  },
  fail: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 8000-8010, targetPort: 0}]}
`,
  },
  check: (model, report) => {
    const refuse = (object: Parameters<typeof report>[0], fieldPath: string, value: Json, allowed: string) =>
      report(object, { fieldPath, message: `${fieldPath} is ${show(value)}; allowed is ${allowed}.` });

    for (const service of model.services) {
      for (const [i, item] of service.ports.entries()) {
        const { port, targetPort } = dictionary(item);
        if (!isIntegerIn(port, 1, 65535)) refuse(service, `spec.ports[${i}].port`, port, NUMBER);
        if (targetPort !== undefined && targetPort !== '' && !isIntegerIn(targetPort, 1, 65535) && !isPortName(targetPort)) {
          refuse(service, `spec.ports[${i}].targetPort`, targetPort, `${NUMBER} or the name of a container's port`);
        }
      }
    }
    for (const workload of model.workloads) {
      for (const [i, container] of workload.containers.entries()) {
        for (const [j, port] of list(container.ports).map(dictionary).entries()) {
          const path = `${podSpecPath(workload)}.containers[${i}].ports[${j}]`;
          if (!isIntegerIn(port.containerPort, 1, 65535)) refuse(workload, `${path}.containerPort`, port.containerPort, NUMBER);
          if (port.hostPort !== undefined && !isIntegerIn(port.hostPort, 0, 65535)) refuse(workload, `${path}.hostPort`, port.hostPort, NUMBER);
        }
      }
    }
  },
};

const NUMBER = 'an integer from 1 to 65535';

/** At most 15 of a-z, 0-9 and -, with a letter, and no - at an end or beside another. */
function isPortName(value: Json): boolean {
  return typeof value === 'string' && value.length <= 15 && /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(value);
}
