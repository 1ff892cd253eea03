import * as kplus from 'cdk8s-plus-27';
import { Manifest } from '../bench/api';
import { Balancer } from '../bench/balancer';
import type { Fared } from '../bench/client';
import { DataPath } from '../bench/data-path';
import { figure } from '../bench/figures';
import { rollOut, scale, settled } from '../bench/rollout';
import { bundle, server, Subject, written } from '../bench/subjects';
import { sleep } from '../bench/wait';

const RATE = 220;
const NODES = 3;

/** What happened to every request of a steady load while a release, a drain and a scale-down happened. */
async function lost(title: string, subjectOn: (path: DataPath, image: string) => Subject, pause: number): Promise<{ sent: number; lost: number }> {
  const path = await DataPath.create({ nodes: NODES });
  try {
    const { manifests, deployment, service } = subjectOn(path, 'server:1');
    await path.pool.apply(...manifests);
    expect(await settled(path.pool, deployment)).toBe(true);
    const balancer = await Balancer.serve(path, service, { interval: 3, threshold: 2 });
    await balancer.settle([1, 2, 3]);

    const load = { protocol: 'tcp', host: balancer.address, port: 80, rate: RATE / 2, count: Math.ceil(RATE / 2 * 4 * pause) } as const;
    const loads = Promise.all([path.send(load), path.send({ ...load, connections: 20 })]);
    const start = Date.now() / 1000;
    await sleep(3);
    await events(path, deployment, subjectOn(path, 'server:2').deployment, pause);
    const [fresh, lasting] = await loads;
    const rotations = balancer.history.filter(({ at }) => at > start).map(({ at, nodes }) => `${nodes} at ${(at - start).toFixed(0)} s`);
    await balancer.stop();
    const count = (fared: Fared) => Object.values(fared.lost).reduce((sum, n) => sum + n, 0);
    await figure(`${title}: of ${load.count} requests over new connections lost ${count(fresh)} ${JSON.stringify(fresh.lost)}, `
      + `of ${load.count} over lasting ones lost ${count(lasting)} ${JSON.stringify(lasting.lost)}, `
      + `at ${RATE} a second for ${Math.max(fresh.seconds, lasting.seconds).toFixed(0)} s; in the rotation: ${rotations.join('; ')}`);
    return { sent: 2 * load.count, lost: count(fresh) + count(lasting) };
  } finally {
    await path.close();
  }
}

async function events(path: DataPath, first: Manifest, second: Manifest, pause: number): Promise<void> {
  const rollout = await Promise.all([rollOut(path.pool, first, () => path.pool.apply(second)), sleep(pause)]);
  expect(rollout[0].completed).toBe(true);
  await Promise.all([path.pool.drain(path.pool.nodes[0]), sleep(pause)]);
  await path.pool.cordon(path.pool.nodes[0], false);
  expect(await settled(path.pool, first)).toBe(true);
  await sleep(pause / 3);
  await Promise.all([scale(path.pool, first, 2), sleep(pause)]);
}

test('with our defaults a release, a drain and a scale-down lose no request', async () => {
  const outcome = await lost('ours', (path, image) => bundle({ kubernetesVersion: path.pool.version, nodes: NODES }, { replicas: 3, drain: undefined, containers: [server(image)] }), 35);
  expect(outcome.sent).toBeGreaterThanOrEqual(20_000);
  expect(outcome.lost).toBe(0);
});

test("with Kubernetes' and cdk8s-plus's defaults they lose some", async () => {
  const plain = (image: string) => written(scope => {
    const deployment = new kplus.Deployment(scope, 'Web', { replicas: 3, containers: [server(image)] });
    deployment.exposeViaService({ serviceType: kplus.ServiceType.LOAD_BALANCER, ports: [{ name: 'tcp', port: 80, targetPort: 8080 }] });
  });
  const outcome = await lost('plain', (_, image) => {
    const subject = plain(image);
    subject.service.spec.externalTrafficPolicy = 'Local';
    return subject;
  }, 12);
  expect(outcome.lost).toBeGreaterThan(0);
});
