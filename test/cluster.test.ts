import { Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { ClientIpPreservingService, Cluster, KubernetesVersion, ProxyMode } from '../src';
import { manifestOf } from './support';

describe('Cluster.describe', () => {
  test('holds for everything below the scope, the nearest statement of each fact first', () => {
    const app = Testing.app();
    const chart = new Chart(app, 'chart');
    const inner = new Construct(chart, 'inner');
    Cluster.describe(app, { kubernetesVersion: KubernetesVersion.V1_31, nodes: 3, proxyMode: ProxyMode.NFTABLES });
    Cluster.describe(chart, { nodes: 5, zones: 2, autoscaled: false });
    expect(Cluster.of(inner)).toEqual(expect.objectContaining({
      kubernetesVersion: KubernetesVersion.V1_31, nodes: 5, zones: 2, autoscaled: false, proxyMode: ProxyMode.NFTABLES,
    }));
    expect(Cluster.of(app)).toEqual(expect.objectContaining({ nodes: 3, zones: undefined, autoscaled: undefined }));
  });

  test('assumes nothing but the version of cdk8s-plus-27', () => {
    const cluster = Cluster.of(Testing.app());
    expect(cluster.kubernetesVersion).toBe(KubernetesVersion.V1_27);
    expect([cluster.nodes, cluster.zones, cluster.autoscaled, cluster.proxyMode]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('counts for what was constructed before it', () => {
    const chart = new Chart(Testing.app(), 'test');
    const web = new ClientIpPreservingService(chart, 'Web', { containers: [{ image: 'web', portNumber: 80 }] });
    Cluster.describe(chart, { kubernetesVersion: KubernetesVersion.V1_31, nodes: 3 });
    expect(manifestOf(web, 'Deployment').spec.template.spec.containers[0].lifecycle.preStop.sleep).toBeDefined();
  });

  test('adds to what a scope states, and refuses to contradict it', () => {
    const app = Testing.app();
    Cluster.describe(app, { nodes: 3 });
    Cluster.describe(app, { zones: 3, nodes: 3 });
    expect(Cluster.of(app).zones).toBe(3);
    expect(() => Cluster.describe(new Chart(app, 'chart'), { nodes: 4 })).not.toThrow();
    expect(() => Cluster.describe(app, { nodes: 4 })).toThrow("Cluster.describe: '' states nodes 3 already, and now 4. State a fact once, or at a narrower scope.");
    expect(Cluster.of(app).nodes).toBe(3);
  });

  test.each([0, -1, 1.5, NaN, Infinity, '3' as any])('does not count %s nodes or zones', count => {
    expect(() => Cluster.describe(Testing.app(), { nodes: count })).toThrow(`Cluster.describe: nodes ${count} is not allowed. Give an integer from 1 on, or leave it out when it is not known.`);
    expect(() => Cluster.describe(Testing.app(), { zones: count })).toThrow(`Cluster.describe: zones ${count} is not allowed.`);
  });

  test('does not spread nodes over more zones than there are nodes', () => {
    const app = Testing.app();
    Cluster.describe(app, { zones: 3 });
    expect(() => Cluster.describe(app, { nodes: 2 })).toThrow('3 zones cannot hold 2 nodes');
    expect(() => Cluster.describe(Testing.app(), { nodes: 2, zones: 3 })).toThrow('Cluster.describe: 3 zones cannot hold 2 nodes. Give at most as many zones as nodes.');
  });
});

describe('KubernetesVersion', () => {
  test.each(['1.27', 'v1.31', '1.33.2', 'v1.33.2-gke.1', '1.34.0+k3s1', '1.99'])('knows %s', version => {
    expect(KubernetesVersion.of(version).toString()).toBe(/1\.\d+/.exec(version)![0]);
  });

  test.each(['', '1', '1.', '1.26', '2.0', '1.x', 'latest', '1.2', '1.31beta', ' 1.31', '1.31.', '1.031', '1.99999999999999999999'])('does not know "%s"', version => {
    expect(() => KubernetesVersion.of(version)).toThrow(`KubernetesVersion.of: ${JSON.stringify(version)} is not allowed. Give a version from 1.27 on, for example '1.33'.`);
  });

  test('is in the order of the numbers', () => {
    expect(KubernetesVersion.V1_31.isAtLeast(KubernetesVersion.V1_31)).toBe(true);
    expect(KubernetesVersion.of('1.100').isAtLeast(KubernetesVersion.V1_37)).toBe(true);
    expect(KubernetesVersion.V1_30.isAtLeast(KubernetesVersion.V1_31)).toBe(false);
  });
});
