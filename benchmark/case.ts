/**
 * One measurement in a process of its own:
 *
 *     node case.js ours|plain BUNDLES CHARTS PLAIN_SETS     construct + synthYaml
 *     node case.js import MODULE
 *
 * Prints milliseconds and the peak of the resident memory in KiB as JSON.
 */
/* eslint-disable @typescript-eslint/no-require-imports -- what is imported, and when, is measured */
import type { Chart } from 'cdk8s';

const [what, ...args] = process.argv.slice(2);
const start = performance.now();
if (what === 'import') {
  require(args[0]);
  print(performance.now() - start);
} else {
  const [bundles, charts, plainSets] = args.map(Number);
  print(synth(what === 'ours', bundles, charts, plainSets));
}

function print(ms: number): void {
  console.log(JSON.stringify({ ms, kib: process.resourceUsage().maxRSS }));
}

function synth(ours: boolean, bundles: number, charts: number, plainSets: number): number {
  const cdk8s = require('cdk8s') as typeof import('cdk8s');
  const kplus = require('cdk8s-plus-27') as typeof import('cdk8s-plus-27');
  const library = ours ? require('../../lib') as typeof import('../src') : undefined;

  const begin = performance.now();
  const app = new cdk8s.App();
  if (library) library.Cluster.describe(app, { nodes: 4 });
  for (let c = 0; c < charts; c++) {
    const chart = new cdk8s.Chart(app, `chart-${c}`);
    for (let i = 0; i < bundles / charts; i++) {
      if (library) new library.ClientIpPreservingService(chart, `Web${i}`, { containers: [{ image: 'web', portNumber: 8080 }], replicas: 3 });
      else plain(chart, `Web${i}`);
    }
    for (let i = 0; i < plainSets / charts; i++) plain(chart, `Plain${i}`);
  }
  const yaml = app.synthYaml();
  if (yaml.length < 1000) throw new Error('nothing was synthesized');
  return performance.now() - begin;

  /** The same objects by hand, as far as cdk8s-plus can write them. */
  function plain(chart: Chart, id: string): void {
    const scope = new (require('constructs') as typeof import('constructs')).Construct(chart, id);
    const deployment = new kplus.Deployment(scope, 'Deployment', {
      replicas: 3,
      strategy: kplus.DeploymentStrategy.rollingUpdate({
        maxSurge: kplus.PercentOrAbsolute.absolute(1),
        maxUnavailable: kplus.PercentOrAbsolute.absolute(0),
      }),
      terminationGracePeriod: cdk8s.Duration.seconds(55),
      podMetadata: { labels: { generation: 'one' } },
      containers: [{
        image: 'web',
        portNumber: 8080,
        readiness: kplus.Probe.fromTcpSocket({ port: 8080 }),
        lifecycle: { preStop: kplus.Handler.fromCommand(['sleep', '25']) },
      }],
    });
    const pods = { ...deployment.matchLabels };
    const same = kplus.Pods.select(scope, 'Same', { labels: { ...pods, generation: 'one' } });
    const other = kplus.Pods.select(scope, 'Other', { labels: pods, expressions: [kplus.LabelExpression.notIn('generation', ['one'])] });
    deployment.scheduling.separate(same, { topology: kplus.Topology.HOSTNAME });
    deployment.scheduling.colocate(other, { topology: kplus.Topology.HOSTNAME, weight: 100 });
    const service = new kplus.Service(scope, 'Service', {
      type: kplus.ServiceType.LOAD_BALANCER,
      selector: deployment,
      ports: [{ port: 8080, targetPort: 8080 }],
    });
    cdk8s.ApiObject.of(service).addJsonPatch(
      cdk8s.JsonPatch.add('/spec/externalTrafficPolicy', 'Local'),
      cdk8s.JsonPatch.add('/spec/internalTrafficPolicy', 'Cluster'),
    );
    new kplus.k8s.KubePodDisruptionBudget(scope, 'DisruptionBudget', {
      spec: {
        maxUnavailable: kplus.k8s.IntOrString.fromNumber(1),
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels: pods },
      },
    });
  }
}
