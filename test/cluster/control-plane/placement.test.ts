import { Spread, ZoneSpread } from '../../../src';
import { Manifest } from '../bench/api';
import { figure } from '../bench/figures';
import { Pool, PoolProps } from '../bench/pool';
import { pendingReasons, settled } from '../bench/rollout';
import { bundle } from '../bench/subjects';
import { sleep, until } from '../bench/wait';

let pool: Pool;
afterEach(() => pool?.close());

async function place(props: PoolProps, replicas: number, spread: Spread): Promise<Manifest> {
  pool = await Pool.create(props);
  // Declared without a number of nodes: the checks would refuse some of these, rightly.
  const { deployment } = bundle({ kubernetesVersion: pool.version }, { replicas, spread });
  await pool.apply(deployment);
  return deployment;
}

/** How many pods each node holds, the fullest first; empty nodes count. */
async function perNode(): Promise<number[]> {
  const pods = await pool.pods();
  return pool.nodes.map(node => pods.filter(pod => pod.spec.nodeName === node).length).sort((a, b) => b - a);
}

test('required puts one pod on a node, and the surplus waits for the reason that the scheduler gives', async () => {
  await place({ nodes: 3 }, 5, Spread.required());
  const reasons = await until('three pods run and two wait', 30, async () => {
    const pending = await pendingReasons(pool);
    return pending.length === 2 && pending.every(reason => reason.includes('nodes are available')) ? pending : undefined;
  });
  await figure(`required, 5 pods on 3 nodes: ${await perNode()} a node, 2 Pending: ${reasons[0]}`);
  expect(await perNode()).toEqual([1, 1, 1]);
  expect(reasons[0]).toMatch(/3 node\(s\) didn't match pod anti-affinity rules/);
});

test('required fills as many nodes as there are replicas', async () => {
  const deployment = await place({ nodes: 4 }, 4, Spread.required());
  expect(await settled(pool, deployment)).toBe(true);
  expect(await perNode()).toEqual([1, 1, 1, 1]);
  await figure(`required, 4 pods on 4 nodes: ${await perNode()} a node`);
});

test('preferred spreads while it can, and runs every pod', async () => {
  const deployment = await place({ nodes: 3 }, 5, Spread.preferred());
  expect(await settled(pool, deployment)).toBe(true);
  await figure(`preferred, 5 pods on 3 nodes: ${await perNode()} a node`);
  expect((await perNode()).every(count => count >= 1)).toBe(true);
});

test.each([[3, 7], [4, 4], [5, 8]])('even differs by one pod at most: %i nodes, %i pods', async (nodes, replicas) => {
  const deployment = await place({ nodes }, replicas, Spread.even());
  expect(await settled(pool, deployment)).toBe(true);
  const counts = await perNode();
  await figure(`even, ${replicas} pods on ${nodes} nodes: ${counts} a node`);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
});

test('zones are filled evenly, where the rule for zones is required', async () => {
  // Two zones with three nodes and one: blind to zones, three of four pods may share one.
  const zones = ['a', 'a', 'a', 'b'];
  const deployment = await place({ nodes: 4, zones }, 2, Spread.required({ zones: ZoneSpread.REQUIRED }));
  expect(await settled(pool, deployment)).toBe(true);
  const used = (await pool.pods()).map(pod => zones[pool.nodes.indexOf(pod.spec.nodeName)]).sort();
  await figure(`required with required zones, 2 pods on 3 nodes in zone a and 1 in zone b: zones ${used}`);
  expect(used).toEqual(['a', 'b']);
});

test('zones that are preferred keep no pod waiting', async () => {
  const zones = ['a', 'a', 'a', 'b'];
  const deployment = await place({ nodes: 4, zones }, 4, Spread.required({ zones: ZoneSpread.PREFERRED }));
  expect(await settled(pool, deployment)).toBe(true);
  expect(await perNode()).toEqual([1, 1, 1, 1]);
  await figure(`required with preferred zones, 4 pods on 3 nodes in zone a and 1 in zone b: ${await perNode()} a node`);
});

test('a required rule for zones keeps the surplus of the smaller zone waiting', async () => {
  await place({ nodes: 4, zones: ['a', 'a', 'a', 'b'] }, 4, Spread.required({ zones: ZoneSpread.REQUIRED }));
  await sleep(3);
  const pending = await pendingReasons(pool);
  await figure(`required with required zones, 4 pods on 3 nodes in zone a and 1 in zone b: ${pending.length} Pending: ${pending[0]}`);
  expect(pending).toHaveLength(1);
  expect(pending[0]).toMatch(/didn't match pod topology spread constraints/);
});
