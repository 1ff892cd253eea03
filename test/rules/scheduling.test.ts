import * as fc from 'fast-check';
import { ClusterFacts, KubernetesVersion, Severity } from '../../src';
import { judgeYaml } from '../support';

interface Options {
  readonly kind?: string;
  readonly replicas?: number | string;
  readonly strategy?: string;
  readonly required?: string[];
  readonly preferred?: string[];
  readonly constraints?: string[];
  readonly labels?: string;
  readonly pod?: string;
  readonly name?: string;
}

const HOST = 'topologyKey: kubernetes.io/hostname';
const SELF = `{${HOST}, labelSelector: {matchLabels: {app: web}}}`;

function workload({ kind = 'Deployment', replicas = 3, strategy, required = [], preferred = [], constraints = [], labels = 'app: web', pod = '', name = 'web' }: Options = {}): string {
  return `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  ${strategy ? `strategy: ${strategy}` : ''}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {${labels}}}
    spec:
      containers: [{name: web, image: web}]
      topologySpreadConstraints: [${constraints.join(', ')}]
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution: [${required.join(', ')}]
          preferredDuringSchedulingIgnoredDuringExecution: [${preferred.map(term => `{weight: 100, podAffinityTerm: ${term}}`).join(', ')}]
      ${pod}
`;
}

const LOCAL = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80}]}
---
`;

const severities = (id: string, yaml: string, facts: ClusterFacts = {}) =>
  judgeYaml(yaml, facts).filter(({ ruleId }) => ruleId === id).map(({ severity }) => severity);

const { ERROR, WARNING } = Severity;

describe('CIP401', () => {
  const blind = (options: Options = {}) => workload({ required: [SELF], ...options });

  test.each([[1, true], [2, true], [3, true], [4, false], [5, false], [10, false]])(
    'with %s replicas on as many nodes and the default strategy, a deadlock: %s', (replicas, deadlock) => {
      expect(severities('CIP401', blind({ replicas }), { nodes: replicas })).toEqual(deadlock ? [ERROR] : []);
    });

  test('asks for the number of nodes where it is not known', () => {
    const [finding] = judgeYaml(blind()).filter(({ ruleId }) => ruleId === 'CIP401');
    expect(finding.severity).toBe(WARNING);
    expect(finding.message).toContain('The number of nodes decides, and is not declared: see Cluster.describe.');
  });

  test('trusts an autoscaler up to the nodes that it may add', () => {
    expect(severities('CIP401', blind(), { autoscaled: true })).toEqual([]);
    expect(severities('CIP401', blind(), { autoscaled: true, nodes: 3 })).toEqual([ERROR]);
  });

  test.each(['{rollingUpdate: {maxUnavailable: 1}}', '{rollingUpdate: {maxUnavailable: 34%}}', '{type: Recreate}', '{rollingUpdate: {maxSurge: 0, maxUnavailable: 10%}}'])(
    'lets the strategy %s pass, which lets an old pod go first', strategy => {
      expect(severities('CIP401', blind({ strategy }), { nodes: 3 })).toEqual([]);
    });

  test('refuses maxUnavailable 33 % of 3, which rounds down to none', () => {
    expect(severities('CIP401', blind({ strategy: '{rollingUpdate: {maxUnavailable: 33%}}' }), { nodes: 3 })).toEqual([ERROR]);
  });

  test('lets rules for each generation pass where the cluster knows them', () => {
    const native = blind({ required: [`{${HOST}, labelSelector: {matchLabels: {app: web}}, matchLabelKeys: [pod-template-hash]}`] });
    expect(severities('CIP401', native, { nodes: 3, kubernetesVersion: KubernetesVersion.V1_31 })).toEqual([]);
    // Below 1.31 the field is dropped, and what is left is blind.
    expect(severities('CIP401', native, { nodes: 3, kubernetesVersion: KubernetesVersion.V1_30 })).toEqual([ERROR]);
  });

  test('is not certain where a label decides that the next template may change', () => {
    const byVersion = blind({ labels: 'app: web, version: "1"', required: [`{${HOST}, labelSelector: {matchLabels: {version: "1"}}}`] });
    expect(severities('CIP401', byVersion, { nodes: 3 })).toEqual([WARNING]);
  });

  test('counts zones for a rule on zones, and says so of keys that nobody can count', () => {
    const zone = blind({ required: [SELF.replace('kubernetes.io/hostname', 'topology.kubernetes.io/zone')] });
    expect(severities('CIP401', zone, { nodes: 9, zones: 3 })).toEqual([ERROR]);
    expect(severities('CIP401', zone, { nodes: 9, zones: 4 })).toEqual([]);
    expect(severities('CIP401', blind({ required: [SELF.replace('kubernetes.io/hostname', 'rack')] }), { nodes: 9 })).toEqual([WARNING]);
  });

  test('sees host ports and the host network as the anti-affinity that they are', () => {
    const hostPort = workload({ pod: '' }).replace('image: web}', 'image: web, ports: [{containerPort: 80, hostPort: 80}]}');
    expect(severities('CIP401', hostPort, { nodes: 3 })).toEqual([ERROR]);
    const hostNetwork = workload({ pod: 'hostNetwork: true' }).replace('image: web}', 'image: web, ports: [{containerPort: 80}]}');
    expect(severities('CIP401', hostNetwork, { nodes: 3 })).toEqual([ERROR]);
    expect(severities('CIP401', hostNetwork, { nodes: 4 })).toEqual([]);
  });

  test.each([
    ['of another application', `{${HOST}, labelSelector: {matchLabels: {app: db}}}`],
    ['in another namespace', `{${HOST}, labelSelector: {matchLabels: {app: web}}, namespaces: [other]}`],
    ['without a selector', `{${HOST}}`],
  ])('has nothing against a rule on pods %s', (_, term) => {
    expect(severities('CIP401', blind({ required: [term] }), { nodes: 3 })).toEqual([]);
  });

  test.each([
    `{${HOST}, labelSelector: {}}`,
    `{${HOST}, labelSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}}`,
    `{${HOST}, labelSelector: {matchExpressions: [{key: app, operator: Exists}]}, namespaces: [default]}`,
    `{${HOST}, labelSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}, {key: app, operator: NotIn, values: [db]}]}, namespaceSelector: {}}`,
  ])('sees that %s selects the pod itself', term => {
    expect(severities('CIP401', blind({ required: [term] }), { nodes: 3 })).not.toEqual([]);
  });

  test('leaves kinds alone that delete before they create', () => {
    expect(severities('CIP401', blind({ kind: 'StatefulSet' }), { nodes: 3 })).toEqual([]);
  });

  test('has nothing against 0 replicas', () => {
    expect(severities('CIP401', blind({ replicas: 0 }), { nodes: 1 })).toEqual([]);
  });

  /** The Deployment controller and the scheduler, as far as they matter: does a rollout finish? */
  function finishes(replicas: number, nodes: number, surge: number, unavailable: number): boolean {
    let [oldPods, newPods] = [Math.min(replicas, nodes), 0];
    for (let step = 0; step < 4 * replicas + 4; step++) {
      // New pods are made up to the surge; those run that find a node without any.
      const created = Math.min(replicas, replicas + surge - oldPods);
      newPods = Math.max(newPods, Math.min(created, nodes - oldPods));
      // Old pods go while enough are available.
      oldPods = Math.max(0, oldPods - Math.max(0, oldPods + newPods - (replicas - unavailable)));
    }
    return newPods === replicas;
  }

  test('agrees with a simulated rollout, for whatever bounds', () => {
    const bound = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 100 }).map(p => `${p}%`));
    const rollout = [fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 3 }), bound, bound] as const;
    fc.assert(fc.property(...rollout, (replicas, spare, maxSurge, maxUnavailable) => {
      const resolve = (value: number | string, round: (x: number) => number) => typeof value === 'number' ? value : round(parseInt(value) * replicas / 100);
      const surge = resolve(maxSurge, Math.ceil);
      const unavailable = resolve(maxUnavailable, Math.floor);
      fc.pre(parseInt(`${maxSurge}`) > 0 || parseInt(`${maxUnavailable}`) > 0);
      const yaml = blind({ replicas, strategy: `{rollingUpdate: {maxSurge: ${maxSurge}, maxUnavailable: ${maxUnavailable}}}` });
      const works = finishes(replicas, replicas + spare, surge, surge === 0 && unavailable === 0 ? 1 : unavailable);
      expect(severities('CIP401', yaml, { nodes: replicas + spare })).toEqual(works ? [] : [ERROR]);
    }), { numRuns: 300 });
  });
});

describe('CIP405', () => {
  const required = (options: Options = {}) => workload({ required: [SELF], ...options });

  test('counts for every kind with replicas, and for rules for each generation too', () => {
    expect(severities('CIP405', required({ kind: 'StatefulSet', replicas: 4 }), { nodes: 3 })).toEqual([ERROR]);
    const native = required({ replicas: 4, required: [`{${HOST}, labelSelector: {matchLabels: {app: web}}, matchLabelKeys: [pod-template-hash]}`] });
    expect(severities('CIP405', native, { nodes: 3, kubernetesVersion: KubernetesVersion.V1_31 })).toEqual([ERROR]);
  });

  test('has nothing against as many pods as nodes, or nodes that come when they are needed', () => {
    expect(severities('CIP405', required(), { nodes: 3 })).toEqual([]);
    expect(severities('CIP405', required(), { autoscaled: true })).toEqual([]);
    expect(severities('CIP405', required({ replicas: 1 }))).toEqual([]);
  });

  test('warns where the number of nodes is not known', () => {
    expect(severities('CIP405', required())).toEqual([WARNING]);
  });

  test('has nothing against a preference', () => {
    expect(severities('CIP405', workload({ preferred: [SELF], replicas: 9 }), { nodes: 3 })).toEqual([]);
  });
});

describe('CIP408', () => {
  test('has nothing against a preference on a single node, of a single pod, or beside a hard rule', () => {
    const preferred = { preferred: [SELF] };
    expect(severities('CIP408', LOCAL + workload(preferred), { nodes: 1 })).toEqual([]);
    expect(severities('CIP408', LOCAL + workload({ ...preferred, replicas: 1 }))).toEqual([]);
    expect(severities('CIP408', LOCAL + workload({ ...preferred, required: [SELF] }))).toEqual([]);
    expect(severities('CIP408', LOCAL + workload({ ...preferred, constraints: [`{${HOST}, maxSkew: 1, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}`] }))).toEqual([]);
  });

  test('sees a soft constraint on nodes too', () => {
    expect(severities('CIP408', LOCAL + workload({ constraints: [`{${HOST}, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}`] }))).toEqual([WARNING]);
  });

  test('is about pods behind a Local Service', () => {
    expect(severities('CIP408', workload({ preferred: [SELF] }))).toEqual([]);
    expect(severities('CIP408', LOCAL.replace('Local', 'Cluster') + workload({ preferred: [SELF] }))).toEqual([]);
    expect(severities('CIP408', LOCAL + workload({ preferred: [SELF] }))).toEqual([WARNING]);
  });
});

describe('an autoscaler', () => {
  const scaler = (min: number) => `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {minReplicas: ${min}, maxReplicas: 20, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
`;
  const budget = '---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {minAvailable: 1, selector: {matchLabels: {app: web}}}\n';
  const unsaid = (options: Options = {}) => workload({ strategy: '{rollingUpdate: {maxUnavailable: 1}}', ...options }).replace('replicas: 3', 'minReadySeconds: 0');

  test('says how many pods there are at least', () => {
    expect(severities('CIP420', LOCAL + unsaid() + budget)).toEqual([ERROR]);
    expect(severities('CIP420', LOCAL + unsaid() + budget + scaler(3))).toEqual([]);
    expect(severities('CIP405', LOCAL + unsaid({ required: [SELF] }) + scaler(7), { nodes: 5 })).toEqual([ERROR]);
    expect(severities('CIP201', LOCAL.replace('LoadBalancer', 'NodePort') + unsaid({ required: [SELF] }) + scaler(3), { nodes: 3 })).toEqual([]);
  });
});

describe('CIP416', () => {
  const zone = (rule: string) => rule.replace('kubernetes.io/hostname', 'topology.kubernetes.io/zone');

  test('sees a preference on zones alone', () => {
    expect(severities('CIP416', LOCAL + workload({ preferred: [zone(SELF)] }))).toEqual([WARNING]);
    expect(severities('CIP416', LOCAL + workload({ preferred: [zone(SELF), SELF] }))).toEqual([]);
  });

  test('has nothing against one pod a zone, which is one pod a node', () => {
    expect(severities('CIP416', LOCAL + workload({ required: [zone(SELF)] }))).toEqual([]);
  });
});

describe('CIP417', () => {
  const term = (selector: string) => `{${HOST}${selector}}`;

  test('refuses a missing selector, and warns of an empty one', () => {
    expect(severities('CIP417', LOCAL + workload({ required: [term('')] }))).toEqual([ERROR]);
    expect(severities('CIP417', LOCAL + workload({ required: [term(', labelSelector: {}')] }))).toEqual([WARNING]);
  });

  test('only warns of labels that the pods do not have, which others elsewhere may', () => {
    expect(severities('CIP417', LOCAL + workload({ required: [term(', labelSelector: {matchLabels: {hungry: "yes"}}')] }))).toEqual([WARNING]);
  });

  test('has nothing against a rule on another workload of the app', () => {
    const db = workload({ name: 'db', labels: 'app: db' });
    expect(severities('CIP417', `${LOCAL}${workload({ required: [term(', labelSelector: {matchLabels: {app: db}}')] })}---${db}`)).toEqual([]);
  });

  test('has nothing against a rule on strangers beside one on its own pods', () => {
    expect(severities('CIP417', LOCAL + workload({ required: [SELF, term(', labelSelector: {matchLabels: {app: elsewhere}}')] }))).toEqual([]);
  });

  test('looks at topology spread constraints too', () => {
    const constraint = `{${HOST}, maxSkew: 1, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: wbe}}}`;
    expect(severities('CIP417', LOCAL + workload({ constraints: [constraint] }))).toEqual([ERROR]);
  });
});

describe('CIP419', () => {
  const canary = (required: string[] = []) => `---${workload({ name: 'canary', labels: 'app: web, track: canary', required })}`;

  test('has nothing against several workloads that keep apart from each other', () => {
    expect(severities('CIP419', LOCAL + workload({ required: [SELF] }) + canary([SELF]))).toEqual([]);
    expect(severities('CIP419', LOCAL + workload({ required: [SELF] }) + canary())).toEqual([WARNING]);
  });

  test('does not take rules for each generation for rules on others', () => {
    const native = SELF.replace('}}}', '}}, matchLabelKeys: [pod-template-hash]}');
    expect(severities('CIP419', LOCAL + workload({ required: [native] }) + canary([native]))).toEqual([WARNING]);
  });

  test('does not count a workload without pods', () => {
    expect(severities('CIP419', LOCAL + workload() + canary().replace('replicas: 3', 'replicas: 0'))).toEqual([]);
  });
});

describe('CIP420', () => {
  const budget = (spec: string) => `---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {${spec}, selector: {matchLabels: {app: web}}}
`;

  test.each([
    ['minAvailable: 3', 3, true], ['minAvailable: 2', 3, false], ['minAvailable: 100%', 3, true], ['minAvailable: 67%', 3, true], ['minAvailable: 66%', 3, false],
    ['maxUnavailable: 0', 3, true], ['maxUnavailable: 0%', 3, true], ['maxUnavailable: 1%', 3, false], ['maxUnavailable: 1', 1, false], ['minAvailable: 1', 1, true], ['minAvailable: 1', 0, false],
  ])('%s of %s pods blocks a drain: %s', (spec, replicas, blocks) => {
    expect(severities('CIP420', LOCAL + workload({ replicas }) + budget(spec))).toEqual(blocks ? [ERROR] : []);
  });

  test('is about pods behind a Local Service', () => {
    expect(severities('CIP420', workload() + budget('maxUnavailable: 0'))).toEqual([]);
  });
});

describe('CIP426', () => {
  test('has nothing against Recreate elsewhere', () => {
    expect(severities('CIP426', workload({ strategy: '{type: Recreate}' }))).toEqual([]);
    expect(severities('CIP426', LOCAL + workload({ strategy: '{type: Recreate}', replicas: 0 }))).toEqual([]);
  });
});

describe('CIP428', () => {
  test.each([['{rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}', 8, false], ['{rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}', 4, false], ['{rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}', 5, true], ['{rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}', 3, true], ['{rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}', 1, true], ['{type: RollingUpdate}', 1, false]])(
    '%s with %s replicas may leave a serving node empty: %s', (strategy, replicas, empties) => {
      expect(severities('CIP428', LOCAL + workload({ strategy, replicas }))).toEqual(empties ? [WARNING] : []);
    });
});

describe('CIP429', () => {
  const hard = (key: string, when = 'DoNotSchedule') => `{topologyKey: ${key}, maxSkew: 1, whenUnsatisfiable: ${when}, labelSelector: {matchLabels: {app: web}}}`;
  const both = (replicas: number, zoneRule = 'DoNotSchedule') =>
    workload({ replicas, constraints: [hard('kubernetes.io/hostname'), hard('topology.kubernetes.io/zone', zoneRule)] });

  test('was found on a cluster: six replicas over three nodes in two zones', () => {
    expect(severities('CIP429', both(6), { nodes: 3, zones: 2 })).toEqual([ERROR]);
  });

  test('has nothing against fewer pods, equal zones, a soft rule, or what is not known', () => {
    expect(severities('CIP429', both(5), { nodes: 3, zones: 2 })).toEqual([]);
    expect(severities('CIP429', both(8), { nodes: 4, zones: 2 })).toEqual([]);
    expect(severities('CIP429', both(6, 'ScheduleAnyway'), { nodes: 3, zones: 2 })).toEqual([]);
    expect(severities('CIP429', both(6), { nodes: 3 })).toEqual([]);
    expect(severities('CIP429', both(7), { nodes: 3, zones: 2 })).toEqual([]);
  });

  test('agrees with trying every way to place the pods', () => {
    /** All ways to put one more pod on some of the nodes. */
    const choices = (nodes: number, more: number): number[][] => {
      if (nodes === 0) return more === 0 ? [[]] : [];
      return [0, 1].flatMap(one => choices(nodes - 1, more - one).map(rest => [one, ...rest]));
    };
    const sizes = [fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 20 })] as const;
    fc.assert(fc.property(...sizes, (nodes, zones, replicas) => {
      fc.pre(zones <= nodes);
      const possible = choices(nodes, replicas % nodes).some(more => {
        const perZone = Array.from({ length: zones }, () => 0);
        more.forEach((one, node) => { perZone[node % zones] += Math.floor(replicas / nodes) + one; });
        return Math.max(...perZone) - Math.min(...perZone) <= 1;
      });
      expect(severities('CIP429', both(replicas), { nodes, zones })).toEqual(possible ? [] : [ERROR]);
    }), { numRuns: 300 });
  });
});
