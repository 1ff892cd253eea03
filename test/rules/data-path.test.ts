import { ClusterFacts, KubernetesVersion, Severity } from '../../src';
import { readModel } from '../../src/manifest/model';
import { judge } from '../../src/rules/engine';
import { ids, judgeYaml, parse } from '../support';

const service = (spec: string, more = '') => `
apiVersion: v1
kind: Service
metadata: {name: web${more}}
spec: {selector: {app: web}, ports: [{port: 80}], ${spec}}
`;

const deployment = (replicas: number, podSpec = '') => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]${podSpec}}}
`;

const found = (id: string, yaml: string, facts: ClusterFacts = {}) => judgeYaml(yaml, facts).filter(({ ruleId }) => ruleId === id);

describe('CIP101', () => {
  test('also refuses policy Cluster on a ClusterIP Service, as the API server does', () => {
    expect(found('CIP101', service('externalTrafficPolicy: Cluster'))).toHaveLength(1);
  });

  test('names ExternalName and the legal types', () => {
    expect(found('CIP101', service('type: ExternalName, externalName: example.com, externalTrafficPolicy: Local'))[0].message)
      .toBe('Service web: spec.type is "ExternalName" and spec.externalTrafficPolicy is "Local"; allowed types are LoadBalancer and NodePort.');
  });

  test('refuses a headless Service', () => {
    expect(found('CIP101', service('clusterIP: None, externalTrafficPolicy: Local'))[0].fieldPath).toBe('spec.clusterIP');
  });

  test('lets a ClusterIP Service with external IPs pass from 1.29 on', () => {
    const yaml = service('externalIPs: [192.0.2.1], externalTrafficPolicy: Local');
    expect(found('CIP101', yaml)).toHaveLength(1);
    expect(found('CIP101', yaml, { kubernetesVersion: KubernetesVersion.V1_28 })).toHaveLength(1);
    expect(found('CIP101', yaml, { kubernetesVersion: KubernetesVersion.V1_29 })).toHaveLength(0);
  });

  test('reads an empty policy as none, as the API server does', () => {
    expect(judgeYaml(service('externalTrafficPolicy: ""'))).toEqual([]);
  });

  test('has nothing against an internal Service without a policy', () => {
    expect(judgeYaml(service('type: ClusterIP'))).toEqual([]);
  });
});

describe('CIP103', () => {
  test('lets the 0 of an unset port pass', () => {
    expect(found('CIP103', service('type: NodePort, healthCheckNodePort: 0'))).toEqual([]);
  });
});

describe('CIP105', () => {
  const nodePorts = (ports: string) => service(`type: NodePort, externalTrafficPolicy: Cluster, ports: ${ports}`).replace('ports: [{port: 80}], ', '');

  test('lets TCP and UDP of one port share a node port', () => {
    expect(found('CIP105', nodePorts('[{name: a, port: 53, nodePort: 30053}, {name: b, port: 53, protocol: UDP, nodePort: 30053}]'))).toEqual([]);
  });

  test('refuses one node port for two ports, and for two Services of whatever protocol', () => {
    expect(found('CIP105', nodePorts('[{name: a, port: 53, nodePort: 30053}, {name: b, port: 54, nodePort: 30053}]'))).toHaveLength(1);
    const other = nodePorts('[{port: 53, protocol: UDP, nodePort: 30053}]').replace('name: web', 'name: other');
    expect(found('CIP105', `${nodePorts('[{port: 53, nodePort: 30053}]')}---${other}`)).toHaveLength(1);
  });

  test('only warns of two charts, which may go to different clusters', () => {
    const manifest = parse(nodePorts('[{port: 53, nodePort: 30053}]'))[0];
    const other = { ...manifest, metadata: { name: 'other' } };
    const findings = judge(readModel([{ manifest, facts: {}, batch: 'staging' }, { manifest: other, facts: {}, batch: 'production' }]));
    expect(findings.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([['CIP105', Severity.WARNING]]);
  });

  test.each(['29999', '32768', '80'])('warns of node port %s, which another range may allow', nodePort => {
    expect(found('CIP105', nodePorts(`[{port: 53, nodePort: ${nodePort}}]`)).map(({ severity }) => severity)).toEqual([Severity.WARNING]);
  });

  test.each(['-1', '70000', '30000.5', '"30000"', '.nan'])('refuses node port %s', nodePort => {
    expect(found('CIP105', nodePorts(`[{port: 53, nodePort: ${nodePort}}]`)).map(({ severity }) => severity)).toEqual([Severity.ERROR]);
  });

  test.each(['29999', '32768'])('refuses health check port %s', port => {
    expect(found('CIP105', service(`type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: ${port}`))
      .map(({ severity }) => severity)).toEqual([Severity.ERROR]);
  });
});

describe('CIP201', () => {
  const nodePort = service('type: NodePort, externalTrafficPolicy: Local');
  const onePerNode = ', affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}}';
  const even = (skew: number) => `, topologySpreadConstraints: [{topologyKey: kubernetes.io/hostname, maxSkew: ${skew}, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]`;

  test('is an error where no number of nodes would help', () => {
    expect(found('CIP201', nodePort + deployment(2)).map(({ severity }) => severity)).toEqual([Severity.ERROR]);
  });

  test('asks for the number of nodes where it would decide', () => {
    const [finding] = found('CIP201', nodePort + deployment(3, onePerNode));
    expect(finding.severity).toBe(Severity.WARNING);
    expect(finding.message).toContain('The number of nodes decides, and is not declared');
    expect(found('CIP201', nodePort + deployment(3, even(1))).map(({ severity }) => severity)).toEqual([Severity.WARNING]);
  });

  test('has nothing against 0 replicas', () => {
    expect(found('CIP201', nodePort + deployment(0))).toEqual([]);
  });

  test('takes the word of the annotation', () => {
    const declared = service('type: NodePort, externalTrafficPolicy: Local', ', annotations: {cdk8s-client-ip/externally-health-checked: "true"}');
    expect(found('CIP201', declared + deployment(2))).toEqual([]);
  });

  test('lets pods pass that are certain to stand on every node', () => {
    expect(found('CIP201', nodePort + deployment(3, onePerNode), { nodes: 3 })).toEqual([]);
    expect(found('CIP201', nodePort + deployment(6, even(1)), { nodes: 3 })).toEqual([]);
    expect(found('CIP201', nodePort + deployment(2), { nodes: 1 })).toEqual([]);
  });

  test('does not let pods pass that may leave a node empty', () => {
    expect(found('CIP201', nodePort + deployment(3, onePerNode), { nodes: 4 })).toHaveLength(1);
    expect(found('CIP201', nodePort + deployment(3), { nodes: 3 })).toHaveLength(1);
    expect(found('CIP201', nodePort + deployment(4, even(2)), { nodes: 3 })).toHaveLength(1);
    expect(found('CIP201', nodePort + deployment(3, onePerNode), { autoscaled: true })).toHaveLength(1);
  });

  test('only warns where nothing in the app stands behind the Service', () => {
    expect(found('CIP201', nodePort).map(({ severity }) => severity)).toEqual([Severity.WARNING]);
  });

  test('has nothing against load balancers, or policy Cluster', () => {
    expect(ids(judgeYaml(service('type: LoadBalancer, externalTrafficPolicy: Local') + deployment(2)))).not.toContain('CIP201');
    expect(judgeYaml(service('type: NodePort') + deployment(2))).toEqual([]);
  });
});

describe('CIP212 and CIP218', () => {
  test('look at Local Services only', () => {
    expect(judgeYaml(service('type: LoadBalancer, publishNotReadyAddresses: true, internalTrafficPolicy: Local'))).toEqual([]);
  });

  test('CIP218 lets a DaemonSet pass, which is on every node', () => {
    const daemonSet = deployment(1).replace('Deployment', 'DaemonSet').replace('replicas: 1', 'minReadySeconds: 0').replace(/ {2}strategy.*\n/, '');
    expect(ids(judgeYaml(service('type: LoadBalancer, externalTrafficPolicy: Local, internalTrafficPolicy: Local') + daemonSet))).not.toContain('CIP218');
  });
});
