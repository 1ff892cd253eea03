import { KubernetesVersion, Severity } from '../../src';
import { readModel } from '../../src/manifest/model';
import { judge } from '../../src/rules/engine';
import { judgeYaml, parse } from '../support';

const workload = (kind: string, spec: string, pod = '') => `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: web}
spec:
  ${spec}
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]${pod}}}
`;

const messagesOf = (id: string, yaml: string) => judgeYaml(yaml).filter(({ ruleId }) => ruleId === id).map(({ message }) => message);

describe('CIP111', () => {
  const affinity = (text: string) => workload('Deployment', 'replicas: 1', `, affinity: ${text}`);
  const weight = (value: string) => affinity(`{podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: ${value}, podAffinityTerm: {topologyKey: zone, labelSelector: {}}}]}}`);

  test.each(['0', '101', '1.5', '.nan', '"100"', 'null'])('refuses weight %s', value => {
    expect(messagesOf('CIP111', weight(value))).toHaveLength(1);
  });

  test.each(['1', '100'])('lets weight %s pass', value => {
    expect(messagesOf('CIP111', weight(value))).toEqual([]);
  });

  test('refuses a term without a topology key', () => {
    const path = 'spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey';
    expect(messagesOf('CIP111', affinity('{podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {app: web}}}]}}')))
      .toEqual([`Deployment web: ${path} is undefined; allowed is the key of a node label, for example kubernetes.io/hostname.`]);
  });

  test('knows every field of a term', () => {
    expect(messagesOf('CIP111', affinity('{podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: a, labelSelector: {}, namespaces: [], namespaceSelector: {}, matchLabelKeys: [], mismatchLabelKeys: []}]}}')))
      .toEqual([]);
  });

  test.each(['[]', '{podAntiAffinity: 1}', '{podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {podAffinityTerm: {}}}}', 'null', '"x"'])(
    'does not stumble over affinity %s', text => {
      expect(() => judgeYaml(affinity(text))).not.toThrow();
    });
});

describe('CIP112', () => {
  const rollingUpdate = (kind: string, bounds: string) =>
    messagesOf('CIP112', workload(kind, `${kind === 'DaemonSet' ? 'updateStrategy' : 'strategy'}: {type: RollingUpdate, rollingUpdate: ${bounds}}`));

  test('counts 0 % as 0, and 1 % as more', () => {
    expect(rollingUpdate('Deployment', '{maxSurge: 0%, maxUnavailable: 0%}')).toHaveLength(1);
    expect(rollingUpdate('Deployment', '{maxSurge: 1%, maxUnavailable: 0}')).toEqual([]);
  });

  test('knows the defaults of each kind', () => {
    expect(rollingUpdate('Deployment', '{maxSurge: 0}')).toEqual([]);
    expect(rollingUpdate('Deployment', '{maxUnavailable: 0}')).toEqual([]);
    expect(rollingUpdate('DaemonSet', '{maxSurge: 1}')).toHaveLength(1);
    expect(rollingUpdate('DaemonSet', '{maxSurge: 1, maxUnavailable: 0}')).toEqual([]);
    expect(rollingUpdate('DaemonSet', '{maxUnavailable: 0}')).toHaveLength(1);
  });

  test('leaves other strategies and StatefulSets alone', () => {
    expect(messagesOf('CIP112', workload('Deployment', 'strategy: {type: Recreate}'))).toEqual([]);
    expect(messagesOf('CIP112', workload('StatefulSet', 'replicas: 1'))).toEqual([]);
  });
});

describe('CIP113', () => {
  test('knows both defaults', () => {
    expect(messagesOf('CIP113', workload('Deployment', 'minReadySeconds: 599'))).toEqual([]);
    expect(messagesOf('CIP113', workload('Deployment', 'progressDeadlineSeconds: 0'))).toHaveLength(1);
  });
});

describe('CIP115', () => {
  const service = (port: string) => `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [${port}]}\n`;

  test.each(['0', '-1', '65536', '1e9', '80.5', '.nan', '"80"', '8000-8010', 'null'])('refuses port %s', port => {
    expect(messagesOf('CIP115', service(`{port: ${port}}`))).toHaveLength(1);
  });

  test.each(['0', '-1', '65536', 'a-name-that-is-too-long', 'Http', '-http', 'a--b', '"80"'])('refuses target port %s', port => {
    expect(messagesOf('CIP115', service(`{port: 80, targetPort: ${port}}`))).toHaveLength(1);
  });

  test.each(['1', '65535', 'http', 'http-2', 'a', '""'])('lets target port %s pass', port => {
    expect(messagesOf('CIP115', service(`{port: 80, targetPort: ${port}}`))).toEqual([]);
  });

  test('looks at containers too', () => {
    const pod = workload('Deployment', 'replicas: 1').replace('image: web', 'image: web, ports: [{containerPort: 0}, {containerPort: 80, hostPort: 70000}]');
    expect(messagesOf('CIP115', pod)).toEqual([
      'Deployment web: spec.template.spec.containers[0].ports[0].containerPort is 0; allowed is an integer from 1 to 65535.',
      'Deployment web: spec.template.spec.containers[0].ports[1].hostPort is 70000; allowed is an integer from 1 to 65535.',
    ]);
  });
});

describe('CIP116', () => {
  test('wants no name for a single port, and one for each of several', () => {
    const service = (ports: string) => `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: ${ports}}\n`;
    expect(messagesOf('CIP116', service('[{port: 80}]'))).toEqual([]);
    expect(messagesOf('CIP116', service('[{port: 80}, {port: 81, name: b}]'))).toEqual(['Service web: spec.ports[0] has no name; with 2 ports each needs one.']);
  });
});

describe('CIP117', () => {
  test.each(['-1', '1.5', '.nan', '"3"', '3000000000'])('refuses %s replicas', replicas => {
    expect(messagesOf('CIP117', workload('Deployment', `replicas: ${replicas}`))).toHaveLength(1);
  });

  test.each(['0', '1', '2147483647'])('lets %s replicas pass', replicas => {
    expect(messagesOf('CIP117', workload('StatefulSet', `replicas: ${replicas}`))).toEqual([]);
  });
});

describe('CIP118', () => {
  const labelled = (label: string) => `apiVersion: v1\nkind: Service\nmetadata: {name: web, labels: {${label}}}\nspec: {ports: [{port: 80}]}\n`;

  test.each([`a: ${'x'.repeat(64)}`, 'a: "-x"', 'a: "x y"', 'a: ü', 'a: 1', 'a: true', '"a/b/c": x', '"/a": x', '"Prefix/a": x', `"${'k'.repeat(64)}": x`, '"": x'])(
    'refuses the label %s', label => {
      expect(messagesOf('CIP118', labelled(label)).length).toBeGreaterThan(0);
    });

  test.each([`a: ${'x'.repeat(63)}`, 'a: ""', 'a: x.y_z-1', 'example.com/a: x', `"${'k'.repeat(63)}": x`])('lets the label %s pass', label => {
    expect(messagesOf('CIP118', labelled(label))).toEqual([]);
  });

  test('looks at annotations, whose values may be any string', () => {
    const annotated = (text: string) => messagesOf('CIP118', labelled('a: b').replace('labels: {a: b}', `annotations: {${text}}`));
    expect(annotated('example.com/note: "any text, of any length"')).toEqual([]);
    expect(annotated('"bad key!": x')).toHaveLength(1);
    expect(annotated('a: 1')).toHaveLength(1);
  });

  test('looks at pods and selectors too', () => {
    const yaml = workload('Deployment', 'replicas: 1').replace(/app: web/g, 'app: "web app"');
    expect(messagesOf('CIP118', yaml)).toHaveLength(2);
  });
});

describe('CIP120', () => {
  const named = (kind: string, name: string) => messagesOf('CIP120', `kind: ${kind}\nmetadata: {name: "${name}"}\nspec: {}\n`);

  test.each(['web', 'a', `a${'b'.repeat(62)}`])('lets a Service be called %s', name => expect(named('Service', name)).toEqual([]));

  test.each(['Web', '1web', 'web.example', 'web-', 'wéb', 'a'.repeat(64)])('does not let a Service be called %s', name => expect(named('Service', name)).toHaveLength(1));

  test('lets a Service begin with a digit from 1.36 on', () => {
    const errors = (kubernetesVersion: KubernetesVersion) => judgeYaml('kind: Service\nmetadata: {name: 1web}\nspec: {}\n', { kubernetesVersion });
    expect(errors(KubernetesVersion.V1_35)).toHaveLength(1);
    expect(errors(KubernetesVersion.V1_36)).toEqual([]);
  });

  test('lets a workload be called by a DNS name', () => {
    expect(named('StatefulSet', '1.web.example')).toEqual([]);
    expect(named('StatefulSet', 'web..example')).toHaveLength(1);
  });
});

describe('CIP121', () => {
  test('only warns of two charts, which may go to different clusters', () => {
    const manifest = parse('kind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}')[0];
    const findings = judge(readModel([{ manifest, facts: {}, batch: 'staging' }, { manifest, facts: {}, batch: 'production' }]));
    expect(findings.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([['CIP121', Severity.WARNING]]);
  });

  test('does not mix kinds, nor groups that use one name for two kinds', () => {
    expect(judgeYaml('apiVersion: v1\nkind: Service\nmetadata: {name: web}\n---\napiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: web}\n')).toEqual([]);
    expect(messagesOf('CIP121', 'kind: Service\nmetadata: {name: web}\n---\nkind: PodDisruptionBudget\nmetadata: {name: web}\n')).toEqual([]);
  });
});

describe('CIP122', () => {
  test('wants a selector', () => {
    expect(messagesOf('CIP122', workload('StatefulSet', 'replicas: 1').replace(/ {2}selector.*\n/, '')))
      .toEqual(['StatefulSet web: spec.selector undefined does not select the labels of spec.template, {"app":"web"}; it must, by one condition at least.']);
  });

  test('does not take an empty selector for one', () => {
    expect(messagesOf('CIP122', workload('Deployment', 'replicas: 1').replace('{matchLabels: {app: web}}', '{}'))).toHaveLength(1);
  });
});
