import { Spread } from '../../../src';
import { Balancer } from '../bench/balancer';
import { DataPath } from '../bench/data-path';
import { figure, percent } from '../bench/figures';
import { settled } from '../bench/rollout';
import { bundle } from '../bench/subjects';

const REQUESTS = 3000;
let path: DataPath;
afterEach(() => path?.close());

/** What each of three pods got of all requests, in per cent, ascending. */
async function shares(spread: Spread, closed: number[], serving: number[]): Promise<number[]> {
  path = await DataPath.create({ nodes: 3 });
  for (const node of closed) {
    await path.pool.cordon(path.pool.nodes[node - 1]);
  }
  const { deployment, service } = bundle({ kubernetesVersion: path.pool.version }, { replicas: 3, spread });
  await path.pool.apply(deployment, service);
  expect(await settled(path.pool, deployment)).toBe(true);
  const balancer = await Balancer.serve(path, service);
  await balancer.settle(serving);
  const fared = await path.send({ protocol: 'tcp', host: balancer.address, port: 80, count: REQUESTS });
  await balancer.stop();
  expect(fared.answered).toBe(REQUESTS);
  const counts = Object.values(fared.pods).sort((a, b) => a - b);
  await figure(`shares of ${REQUESTS} requests, ${serving.length} of 3 nodes with pods: ${counts.map(count => percent(count, REQUESTS)).join(', ')}`);
  return counts.map(count => 100 * count / REQUESTS);
}

const near = (expected: number[], measured: number[]) => {
  expect(measured).toHaveLength(expected.length);
  expected.forEach((share, i) => expect(Math.abs(measured[i] - share)).toBeLessThan(3));
};

test('two pods on one node and one on another get 25, 25 and 50 %', async () => {
  near([25, 25, 50], await shares(Spread.even(), [3], [1, 2]));
});

test('one pod a node gets a third each', async () => {
  near([33.3, 33.3, 33.3], await shares(Spread.required(), [], [1, 2, 3]));
});
