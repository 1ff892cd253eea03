import { Severity } from '../../src';
import { judgeYaml } from '../support';

const pods = (container: string, podSpec = '') => `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: web, ports: [{name: http, containerPort: 8080}], ${container}}
      - {name: metrics, image: metrics, ports: [{containerPort: 9090}]}
      ${podSpec}
`;

const found = (id: string, yaml: string) => judgeYaml(yaml)
  .filter(({ ruleId }) => ruleId === id).map(({ severity, fieldPath }) => [severity, fieldPath]);

describe('CIP501', () => {
  const GRACE = 'spec.template.spec.terminationGracePeriodSeconds';

  test.each([
    '{sleep: {seconds: 30}}',
    '{exec: {command: [sleep, "30"]}}',
    '{exec: {command: [/bin/sleep, "31"]}}',
  ])('sees that preStop %s is not shorter than the default grace period', preStop => {
    expect(found('CIP501', pods(`lifecycle: {preStop: ${preStop}}`))).toEqual([[Severity.ERROR, GRACE]]);
    expect(found('CIP501', pods(`lifecycle: {preStop: ${preStop}}`, 'terminationGracePeriodSeconds: 60'))).toEqual([]);
  });

  test.each(['sleep 45 && nginx -s quit', 'touch /tmp/x; sleep 45s', 'sleep 5; nginx -s quit; sleep 25', '[ -e /x ] || exit 0; sleep 3600'])(
    'only warns of "%s" in a shell, which may do anything else', command => {
      expect(found('CIP501', pods(`lifecycle: {preStop: {exec: {command: [sh, -c, "${command}"]}}}`))).toEqual([[Severity.WARNING, GRACE]]);
    });

  test.each(['{httpGet: {port: 80, path: /drain}}', '{exec: {command: [nginx, -s, quit]}}', '{exec: {command: [sh, -c, "oversleep 99"]}}'])(
    'has nothing against preStop %s, whose length it cannot know', preStop => {
      expect(found('CIP501', pods(`lifecycle: {preStop: ${preStop}}`))).toEqual([]);
    });

  test('refuses a sleep action that the API server refuses, also where nobody is served', () => {
    const idle = (preStop: string) => pods(`lifecycle: {preStop: ${preStop}}`).replace('Local', 'Cluster').replace('spec:\n  selector', 'spec:\n  replicas: 0\n  selector');
    expect(found('CIP501', idle('{sleep: {seconds: 31}}'))).toEqual([[Severity.ERROR, GRACE]]);
    expect(found('CIP501', idle('{sleep: {seconds: -1}}'))).toEqual([[Severity.ERROR, GRACE]]);
    expect(found('CIP501', idle('{sleep: {seconds: 30}}'))).toEqual([]);
    expect(found('CIP501', idle('{exec: {command: [sleep, "31"]}}'))).toEqual([]);
  });

  test('asks for a delay where traffic arrives, and nowhere else', () => {
    expect(found('CIP501', pods('tty: false'))).toEqual([[Severity.WARNING, 'spec.template.spec.containers[0].lifecycle.preStop']]);
  });
});

describe('CIP504', () => {
  test('asks for a probe where traffic arrives, and nowhere else', () => {
    expect(found('CIP504', pods('tty: false'))).toEqual([[Severity.WARNING, 'spec.template.spec.containers[0].readinessProbe']]);
    expect(found('CIP504', pods('readinessProbe: {exec: {command: [ok]}}'))).toEqual([]);
  });

  test('looks at every container where none says what it serves', () => {
    expect(found('CIP504', pods('tty: false').replace('targetPort: http', 'targetPort: 1'))).toHaveLength(2);
  });
});
