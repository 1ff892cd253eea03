import { readdirSync, writeFileSync } from 'fs';
import { ApiObject, App, Chart, Include, JsonPatch, Lazy, Testing, YamlOutputType } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { ClientIpChecks, ClientIpPreservingService, Cluster, Severity } from '../src';
import { captureStderr, chartFor, ids, manifestsOf, synthErrors } from './support';
import * as model from '../src/manifest/model';

const CONTAINERS = [{ image: 'web', portNumber: 8080 }];
const DEADLOCK = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'raw' },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'raw' } },
    template: {
      metadata: { labels: { app: 'raw' } },
      spec: {
        containers: [{ name: 'web', image: 'web' }],
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'raw' } } }],
          },
        },
      },
    },
  },
};
const LOCAL = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'raw' },
  spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', selector: { app: 'raw' }, ports: [{ port: 80 }] },
};

const OUTPUTS = [
  YamlOutputType.FILE_PER_APP, YamlOutputType.FILE_PER_CHART, YamlOutputType.FILE_PER_RESOURCE, YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
];

/** Counts how often each object of an app is really written, until the test ends. */
function countWrites(app: App): Map<string, number> {
  const counts = new Map<string, number>();
  for (const construct of app.node.findAll()) {
    if (!ApiObject.isApiObject(construct)) continue;
    const object = construct as ApiObject;
    const write = object.toJson.bind(object);
    counts.set(object.node.path, 0);
    object.toJson = () => {
      counts.set(object.node.path, counts.get(object.node.path)! + 1);
      return write();
    };
  }
  return counts;
}

/** An app of bundles, cdk8s-plus' own constructs and raw objects. */
function mixedApp(charts: number, yamlOutputType = YamlOutputType.FILE_PER_CHART): App {
  const app = Testing.app({ yamlOutputType });
  Cluster.describe(app, { nodes: 4 });
  for (let i = 0; i < charts; i++) {
    const chart = new Chart(app, `chart${i}`);
    const { service } = new ClientIpPreservingService(chart, 'Web', { containers: CONTAINERS });
    service.exposeViaIngress('/');
    const own = new kplus.Deployment(chart, 'Own', { containers: [{ ...CONTAINERS[0], resources: { cpu: { request: kplus.Cpu.millis(100) } } }] });
    new kplus.HorizontalPodAutoscaler(chart, 'Scaler', { target: own, maxReplicas: 4 });
    new kplus.ConfigMap(chart, 'Config', { data: { a: 'b' } });
    new ApiObject(chart, 'Raw', { ...DEADLOCK, metadata: { name: `raw${i}` } });
  }
  return app;
}

describe('one scan for each synth', () => {
  const scans = jest.spyOn(model, 'readModel');
  beforeEach(() => scans.mockClear());
  afterAll(() => scans.mockRestore());

  describe.each([1, 2, 7])('of %s charts', charts => {
    test.each(OUTPUTS)('with output type %s, every object written once', output => {
      const app = mixedApp(charts, output);
      const writes = countWrites(app);
      app.synth();
      expect(scans).toHaveBeenCalledTimes(1);
      expect(new Set(writes.values())).toEqual(new Set([1]));
      expect(readdirSync(app.outdir).length).toBeGreaterThan(0);
    });

    test('to a string, every object written once', () => {
      const app = mixedApp(charts);
      const writes = countWrites(app);
      app.synthYaml();
      expect(scans).toHaveBeenCalledTimes(1);
      expect(new Set(writes.values())).toEqual(new Set([1]));
    });
  });

  test('and another for the next', () => {
    const app = mixedApp(2);
    expect(app.synthYaml()).toEqual(app.synthYaml());
    expect(scans).toHaveBeenCalledTimes(2);
  });

  test('however many bundles and descriptions there are', () => {
    const chart = chartFor({ nodes: 4 });
    for (let i = 0; i < 20; i++) new ClientIpPreservingService(chart, `Web${i}`, { containers: CONTAINERS });
    Cluster.describe(chart, { zones: 2 });
    manifestsOf(chart);
    expect(scans).toHaveBeenCalledTimes(1);
  });
});

describe('what is written', () => {
  /** The same app without us. */
  const plainApp = (build: (chart: Chart) => void, described: boolean): string => {
    const app = Testing.app();
    if (described) Cluster.describe(app, { nodes: 9, zones: 9 });
    build(new Chart(app, 'test'));
    const results = [app.synthYaml(), app.synthYaml()];
    return results.join('#');
  };

  test.each<[string, (chart: Chart) => void]>([
    ['spread: true, which grows whenever it is written', chart => new kplus.Deployment(chart, 'A', { spread: true, containers: CONTAINERS })],
    ['a value that counts how often it is asked for', chart => {
      let count = 0;
      new ApiObject(chart, 'A', { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: Lazy.any({ produce: () => ++count }) }] } });
    }],
    ['a validation that changes the tree', chart => {
      const object = new ApiObject(chart, 'A', { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 80 }] } });
      let count = 0;
      chart.node.addValidation({ validate: () => { object.metadata.addLabel('validated', `${++count}`); return []; } });
    }],
    ['an object with a toJson of its own', chart => {
      const object = new ApiObject(chart, 'A', { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 80 }] } });
      const write = object.toJson.bind(object);
      object.toJson = () => ({ ...write(), extra: true });
    }],
  ])('is what cdk8s writes without us: %s', (_, build) => {
    expect(plainApp(build, true)).toEqual(plainApp(build, false));
  });

  test('a chart that writes itself is scanned without being handed anything', () => {
    class Own extends Chart {
      public toJson(): any[] {
        return super.toJson().map(manifest => ({ ...manifest, own: true }));
      }
    }
    const app = Testing.app();
    Cluster.describe(app, { nodes: 3 });
    new ClientIpPreservingService(new Own(app, 'own'), 'Web', { containers: CONTAINERS });
    expect(app.synthYaml().match(/own: true/g)).toHaveLength(3);
  });

  test('is not changed by looking at the findings', () => {
    const chart = chartFor({ nodes: 9, zones: 9 });
    new kplus.Deployment(chart, 'A', { spread: true, containers: CONTAINERS });
    for (let i = 0; i < 3; i++) ClientIpChecks.of(chart).findings();
    const [{ spec }] = manifestsOf(chart);
    expect(spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toHaveLength(2);
  });

  test('is not changed by a synthesis that failed', () => {
    const chart = chartFor({ nodes: 3, zones: 3 });
    const deployment = new kplus.Deployment(chart, 'A', { spread: true, replicas: 3, containers: CONTAINERS });
    expect(synthErrors(chart)).toHaveLength(2);
    expect(synthErrors(chart)).toHaveLength(2);
    expect((deployment.scheduling as any)._podAntiAffinityRequired).toEqual([]);
  });
});

describe('nothing is left on the objects of others', () => {
  // cdk8s-plus makes the metadata of pods when it is first asked for.
  const ownProperties = (app: App) => app.node.findAll().slice(1)
    .map(construct => [construct.node.path, Reflect.ownKeys(construct).filter(key => key !== '_podMetadata'), Reflect.ownKeys(construct.node)]);

  test('after a synthesis', () => {
    const app = mixedApp(2);
    const before = ownProperties(app);
    app.synthYaml();
    app.synth();
    Testing.synth(app.node.findChild('chart0') as Chart);
    ClientIpChecks.of(app).findings();
    expect(ownProperties(app)).toEqual(before);
  });

  test('after one that failed in our checks, in those of others, and in cdk8s', () => {
    const app = mixedApp(2);
    const chart = new Chart(app, 'bad');
    new ApiObject(chart, 'Deadlock', DEADLOCK);
    const unwritable = new kplus.Service(chart, 'NoPorts');
    let fail = false;
    chart.node.addValidation({ validate: () => { if (fail) throw new Error('thrown by another'); return []; } });
    const before = ownProperties(app);
    expect(() => app.synthYaml()).toThrow('CIP100');
    fail = true;
    expect(() => app.synthYaml()).toThrow('thrown by another');
    expect(ownProperties(app)).toEqual(before);
    expect(Object.getOwnPropertyNames(unwritable)).not.toContain('toJson');
  });

  test('a toJson that a user put on an object is there again', () => {
    const chart = chartFor({ nodes: 4 });
    const object = new ApiObject(chart, 'Raw', LOCAL);
    const own = () => LOCAL;
    object.toJson = own;
    manifestsOf(chart);
    expect(object.toJson).toBe(own);
    expect(Object.keys(object)).toContain('toJson');
  });
});

describe('an app with a synth of its own', () => {
  const bad = (service: ApiObject) => service.addJsonPatch(JsonPatch.replace('/spec/externalTrafficPolicy', 'local'));
  const build = (app: App, charts = 1) => {
    Cluster.describe(app, { nodes: 3 });
    return Array.from({ length: charts }, (_, i) => new ApiObject(new Chart(app, `chart${i}`), 'Service', { ...LOCAL, metadata: { name: `raw${i}` } } as any));
  };

  test.each(OUTPUTS)('may break it after a chart was written: output type %s', yamlOutputType => {
    class Own extends App {
      public synth(): void {
        this.charts[0].toJson();
        bad(this.node.findAll().find(construct => construct.node.path === 'chart2/Service') as ApiObject);
        super.synth();
      }
    }
    const app = new Own({ outdir: Testing.app().outdir, yamlOutputType });
    build(app, 3);
    expect(() => app.synth()).toThrow('[chart2/Service] CIP102: ');
    expect(readdirSync(app.outdir)).toEqual([]);
  });

  test('may synthesize twice', () => {
    class Own extends App {
      public synth(): void {
        super.synth();
        bad(this.node.findAll().find(ApiObject.isApiObject) as ApiObject);
        super.synth();
      }
    }
    const app = new Own({ outdir: Testing.app().outdir, yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
    build(app);
    expect(() => app.synth()).toThrow('CIP102');
  });

  test('may change the tree between a validation and the writing', () => {
    class Own extends App {
      public synthYaml(): string {
        this.node.findAll().forEach(({ node }) => node.validate());
        (this.node.findAll().find(ApiObject.isApiObject) as ApiObject).metadata.addLabel('x', 'y');
        return super.synthYaml();
      }
    }
    const app = new Own({ outdir: Testing.app().outdir });
    build(app);
    expect(app.synthYaml()).toContain('x: "y"');
  });
});

describe('findings are those of the app as it stands', () => {
  test('pass, break, pass again, without a pause', () => {
    const chart = chartFor({ nodes: 3 });
    const { deployment } = new ClientIpPreservingService(chart, 'Web', { containers: CONTAINERS, replicas: 3 });
    expect(synthErrors(chart)).toEqual([]);
    (deployment as any).replicas = 4;
    expect(synthErrors(chart)[0]).toContain('CIP405');
    (deployment as any).replicas = 3;
    expect(synthErrors(chart)).toEqual([]);
  });

  test('what a validation of another breaks is seen', () => {
    const chart = chartFor({ nodes: 3 });
    const { deployment } = new ClientIpPreservingService(chart, 'Web', { containers: CONTAINERS, replicas: 3 });
    chart.node.addValidation({ validate: () => { (deployment as any).replicas = 4; return []; } });
    expect(synthErrors(chart)[0]).toContain('CIP405');
  });

  test('a Lazy that asks for the findings while they are made gets none, and no loop', () => {
    const chart = chartFor({ nodes: 3 });
    new ApiObject(chart, 'A', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a' },
      spec: { ports: [{ port: Lazy.any({ produce: () => 80 + ClientIpChecks.of(chart).findings().length }) }] },
    });
    expect(manifestsOf(chart)[0].spec.ports[0].port).toBe(80);
  });
});

describe('all errors come at once', () => {
  test('each with the path of the construct at fault, on one line, and no file is written', () => {
    const app = Testing.app();
    Cluster.describe(app, { nodes: 3 });
    const chart = new Chart(app, 'test');
    new ApiObject(chart, 'Deadlock', DEADLOCK);
    new ClientIpPreservingService(chart, 'Fraction', { containers: CONTAINERS, replicas: 1.5 });
    new ClientIpPreservingService(chart, 'Empty', { ports: [{ port: 80 }] });
    new ClientIpPreservingService(chart, 'Ports', { containers: CONTAINERS, ports: [{ port: 80, name: 'a' }, { port: 81, name: 'a' }] });
    expect(() => app.synth()).toThrow();
    expect(readdirSync(app.outdir)).toEqual([]);
    expect(synthErrors(chart).map(line => /^\[(\S+)\] (CIP\d+): /.exec(line)?.slice(1))).toEqual([
      ['test/Deadlock', 'CIP401'],
      ['test/Fraction/Deployment/Resource', 'CIP117'],
      ['test/Empty/Deployment/Resource', 'CIP100'],
      ['test/Ports/Service/Resource', 'CIP116'],
    ]);
  });

  test('Testing.synth reports them too', () => {
    const chart = chartFor({ nodes: 3 });
    new ApiObject(chart, 'Deadlock', DEADLOCK);
    expect(() => Testing.synth(chart)).toThrow('[test/Deadlock] CIP401: ');
  });

  test('beside those of others', () => {
    const chart = chartFor({ nodes: 3 });
    new ApiObject(chart, 'Deadlock', DEADLOCK);
    chart.node.addValidation({ validate: () => ['not ours'] });
    expect(synthErrors(chart).map(line => line.slice(0, 40))).toEqual(['[test] not ours', expect.stringContaining('[test/Deadlock] CIP401')]);
  });
});

test('metadata that cannot be written hides nobody else\'s error', () => {
  const chart = chartFor({ nodes: 3 });
  const broken = new ApiObject(chart, 'Broken', { ...LOCAL, metadata: { name: 'broken' } } as any);
  broken.metadata.add('generation', Lazy.any({ produce: () => { throw new Error('no generation'); } }));
  new ApiObject(chart, 'Deadlock', DEADLOCK);
  expect(synthErrors(chart)).toEqual([
    expect.stringContaining('[test/Broken] CIP100: Service broken: cannot be written: no generation.'),
    expect.stringContaining('[test/Deadlock] CIP401: '),
  ]);
});

test('facts may be stated of a single object', () => {
  const chart = chartFor({ nodes: 4 });
  Cluster.describe(new ApiObject(chart, 'Deadlock', DEADLOCK), { nodes: 3 });
  expect(synthErrors(chart)).toHaveLength(1);
});

describe('warnings', () => {
  test('go to stderr once, those of one rule together', () => {
    const chart = chartFor();
    for (let i = 0; i < 3; i++) new ClientIpPreservingService(chart, `Web${i}`, { containers: CONTAINERS });
    const stderr = captureStderr(() => {
      manifestsOf(chart);
      manifestsOf(chart);
      Testing.synth(chart);
    });
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^\[test\/Web0\/Deployment\/Resource\] warning CIP405: .* \(2 more of CIP405: ClientIpChecks\.of\(app\)\.findings\(\) has them all\.\)$/),
    ]);
  });

  test('are all among the findings, and stop nothing', () => {
    const chart = chartFor();
    for (let i = 0; i < 3; i++) new ClientIpPreservingService(chart, `Web${i}`, { containers: CONTAINERS });
    const findings = ClientIpChecks.of(chart).findings();
    expect(findings.map(({ severity }) => severity)).toEqual([Severity.WARNING, Severity.WARNING, Severity.WARNING]);
    expect(findings[0]).toEqual({
      ruleId: 'CIP405',
      severity: 'warning',
      message: expect.stringContaining('spec.replicas is 2'),
      remedy: expect.any(String),
      objectKind: 'Deployment',
      objectNamespace: undefined,
      objectName: expect.stringMatching(/^test-web0-deployment-/),
      fieldPath: 'spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]',
      constructPath: 'test/Web0/Deployment/Resource',
      docsUrl: expect.stringMatching(/RULES\.md#cip405$/),
    });
  });
});

describe('every Service and workload of the app is judged', () => {
  test('raw ApiObjects: 3 replicas on 3 nodes are refused, on 4 not, on unknown nodes warned of', () => {
    const errorsWith = (nodes?: number, replicas = 3) => {
      const chart = chartFor({ nodes });
      new ApiObject(chart, 'Deployment', { ...DEADLOCK, spec: { ...DEADLOCK.spec, replicas } });
      new ApiObject(chart, 'Service', LOCAL);
      let errors: string[] = [];
      const stderr = captureStderr(() => { errors = synthErrors(chart); });
      return { errors: errors.map(line => /CIP\d+/.exec(line)?.[0]), warned: stderr.includes('warning CIP401') };
    };
    expect(errorsWith(3)).toEqual({ errors: ['CIP401'], warned: false });
    expect(errorsWith(4)).toEqual({ errors: [], warned: false });
    expect(errorsWith()).toEqual({ errors: [], warned: true });
    expect(errorsWith(5, 5)).toEqual({ errors: [], warned: false });
  });

  test('Include, and lists in it', () => {
    const chart = chartFor({ nodes: 3 });
    new ApiObject(chart, 'List', { apiVersion: 'v1', kind: 'List', items: [LOCAL, DEADLOCK] } as any);
    const file = `${appOutdir(chart)}/included.yaml`;
    writeFileSync(file, JSON.stringify({ ...DEADLOCK, metadata: { name: 'included' } }));
    new Include(chart, 'Included', { url: file });
    expect(ids(ClientIpChecks.of(chart).findings().filter(({ severity }) => severity === Severity.ERROR))).toEqual(['CIP401']);
    expect(ClientIpChecks.of(chart).findings().filter(({ ruleId }) => ruleId === 'CIP401').map(({ constructPath }) => constructPath))
      .toEqual(['test/List', 'test/Included/included-deployment']);
  });

  test('cdk8s-plus with spread: true, reported once for nodes and once for zones', () => {
    const chart = chartFor({ nodes: 2, zones: 2 });
    new kplus.Deployment(chart, 'A', { spread: true, replicas: 2, containers: CONTAINERS });
    const { length } = synthErrors(chart);
    expect(length).toBe(2);
  });

  test('ClientIpChecks.of turns the checks on where nothing else does', () => {
    const chart = new Chart(Testing.app(), 'test');
    new ApiObject(chart, 'A', { ...LOCAL, spec: { ...LOCAL.spec, type: 'ClusterIP' } });
    expect(synthErrors(chart)).toEqual([]);
    ClientIpChecks.of(chart);
    expect(synthErrors(chart)[0]).toContain('CIP101');
  });
});

function appOutdir(chart: Chart): string {
  return (chart.node.root as App).outdir;
}
