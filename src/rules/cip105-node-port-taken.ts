import { Severity } from '../finding';
import { Rule } from './rule';
import { dictionary, isIntegerIn, Json, show } from '../manifest/json';
import { Model, Service } from '../manifest/model';

export const nodePortTaken: Rule = {
  id: 'CIP105',
  title: 'A node port that is taken or out of range',
  severity: Severity.ERROR,
  why: 'Node ports and health-check node ports come from one range, 30000 to 32767 unless the API server was started with another, and each can be had once in a cluster. The API server refuses the second.',
  remedy: 'Choose a free port from 30000 to 32767, or leave the field out and one is allocated.',
  sources: ['https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport'],
  pass: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 31000, selector: {app: web}, ports: [{port: 80, nodePort: 31001}]}
`,
  },
  fail: {
    manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 31000, selector: {app: web}, ports: [{port: 80, nodePort: 31000}]}
`,
  },
  check: (model, report) => {
    const owners = new Map<Json, Claim>();
    for (const claim of claims(model)) {
      const { service, fieldPath, number } = claim;
      if (!isIntegerIn(number, 1, 65535)) {
        report(service, { fieldPath, message: `${fieldPath} is ${show(number)}; allowed is an integer from 30000 to 32767.` });
        continue;
      }
      if (!isIntegerIn(number, 30000, 32767)) {
        report(service, {
          fieldPath,
          message: `${fieldPath} is ${number}, outside the range of an API server's default, 30000 to 32767.`,
          severity: fieldPath === HEALTH_CHECK ? Severity.ERROR : Severity.WARNING,
        });
      }
      const owner = owners.get(number);
      if (owner && !mayShare(owner, claim)) {
        report(service, {
          fieldPath,
          // Charts may be meant for clusters of their own.
          severity: owner.service.batch === service.batch ? undefined : Severity.WARNING,
          message: `${fieldPath} ${number} is taken by ${owner.fieldPath} of Service ${owner.service.name ?? 'without a name'}; a node port can be had once.`,
        });
      }
      if (!owner) owners.set(number, claim);
    }
  },
};

const HEALTH_CHECK = 'spec.healthCheckNodePort';

interface Claim {
  readonly service: Service;
  readonly fieldPath: string;
  readonly number: Json;
  readonly port?: Json;
  readonly protocol?: Json;
}

/** One port of one Service may use the same node port for TCP, UDP and SCTP. */
function mayShare(a: Claim, b: Claim): boolean {
  return a.service === b.service && a.port === b.port && a.protocol !== b.protocol;
}

function* claims(model: Model): Iterable<Claim> {
  for (const service of model.services) {
    for (const [i, { port, nodePort, protocol = 'TCP' }] of service.ports.map(dictionary).entries()) {
      if (nodePort !== undefined && nodePort !== 0) yield { service, fieldPath: `spec.ports[${i}].nodePort`, number: nodePort, port, protocol };
    }
    const number = service.spec.healthCheckNodePort;
    if (number !== undefined && number !== 0) yield { service, fieldPath: HEALTH_CHECK, number };
  }
}
