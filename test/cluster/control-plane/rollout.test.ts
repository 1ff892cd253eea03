import * as kplus from 'cdk8s-plus-27';
import { KubernetesVersion, Rollout as RolloutStrategy, Spread } from '../../../src';
import { Manifest } from '../bench/api';
import { figure } from '../bench/figures';
import { Pool } from '../bench/pool';
import { restart, Rollout, rollOut, scale, settled } from '../bench/rollout';
import { bundle, plain, server } from '../bench/subjects';

async function start(pool: Pool, deployment: Manifest): Promise<void> {
  await pool.apply(deployment);
  expect(await settled(pool, deployment)).toBe(true);
}

async function report(what: string, rollout: Rollout): Promise<Rollout> {
  const { completed, seconds, before, after, kept, wentEmpty, events, pending } = rollout;
  await figure(`${what}: ${completed ? `complete after ${seconds.toFixed(1)} s` : `hangs: ${pending[0]}`}; `
    + `serving nodes ${before} -> ${after}, the same ${kept}, without a ready pod at some moment ${wentEmpty.length}, of ${events} seen`);
  return rollout;
}

test.concurrent('what cdk8s-plus writes for one pod a node hangs with as many replicas as nodes', async () => {
  const pool = await Pool.create({ nodes: 3 });
  const { deployment } = plain(3);
  await start(pool, deployment);
  const rollout = await report('plain, 3 pods on 3 nodes, a release', await rollOut(pool, deployment, () => pool.apply(plain(3, 'server:2').deployment), 20));
  expect(rollout.completed).toBe(false);
  expect(rollout.pending[0]).toMatch(/3 node\(s\) didn't match pod anti-affinity rules/);
  await pool.close();
});

// The ReplicaSet controller takes pods off nodes with two first, and counts those that are not ready yet.
test.concurrent('a stated surge of 3 completes, and leaves serving nodes without a ready pod for a moment', async () => {
  const pool = await Pool.create({ nodes: 8 });
  const rollout = RolloutStrategy.rollingUpdate({ maxSurge: kplus.PercentOrAbsolute.absolute(3) });
  const [first, second] = ['server:1', 'server:2'].map(image =>
    bundle({ kubernetesVersion: pool.version, nodes: 8 }, { replicas: 8, rollout, containers: [server(image)] }).deployment);
  await start(pool, first);
  const there = await report('required, surge 3, 8 pods on 8 nodes, a release', await rollOut(pool, first, () => pool.apply(second)));
  const back = await report('required, surge 3, 8 pods on 8 nodes, a rollback', await rollOut(pool, first, () => pool.apply(first)));
  expect([there.completed, back.completed]).toEqual([true, true]);
  expect(there.wentEmpty.length + back.wentEmpty.length).toBeGreaterThan(0);
  await pool.close();
});

const SPREADS = { required: Spread.required, preferred: Spread.preferred, even: Spread.even };
type Case = [spread: keyof typeof SPREADS, replicas: number, nodes: number];
const CASES: Case[] = [
  ['required', 1, 1], ['required', 2, 2], ['required', 3, 3], ['required', 3, 5], ['required', 8, 8], ['required', 10, 12],
  ['preferred', 3, 3], ['preferred', 3, 5], ['preferred', 8, 8], ['preferred', 5, 3], ['preferred', 6, 2],
  ['even', 3, 3], ['even', 3, 5], ['even', 8, 8], ['even', 5, 3], ['even', 6, 2],
];

test.concurrent.each(CASES)('ours, %s, %i pods on %i nodes: every serving node stays serving', async (spread, replicas, nodes) => {
  const pool = await Pool.create({ nodes });
  const release1 = deploymentOf('server:1');
  const release2 = deploymentOf('server:2');
  await start(pool, release1);

  const act = async (what: string, action: () => Promise<unknown>, limit?: number) =>
    report(`${spread}, ${replicas} pods on ${nodes} nodes, ${what}`, await rollOut(pool, release1, action, limit));
  const all = Math.min(nodes, replicas);
  const undisturbed = { completed: true, wentEmpty: [], before: all, kept: all, after: all };

  expect(await act('a release', () => pool.apply(release2))).toMatchObject(undisturbed);
  expect(await act('a rollback', () => pool.apply(release1))).toMatchObject(undisturbed);
  // Below 1.31 a restart changes the template, and not the label that tells generations apart.
  const labelled = spread !== 'even' && !pool.version.isAtLeast(KubernetesVersion.V1_31);
  const waits = labelled && spread === 'required' && replicas === nodes;
  const restarted = await act('kubectl rollout restart', () => restart(pool, release1), waits ? 10 : 60);
  expect(restarted).toMatchObject(waits ? { ...undisturbed, completed: false } : labelled ? { completed: true, after: all } : undisturbed);
  if (waits) {
    expect(await act('a release after the restart that waits', () => pool.apply(release2))).toMatchObject({ completed: true, after: all });
  }
  const down = await act('scaled down to 1', () => scale(pool, release1, 1));
  expect(down).toMatchObject({ completed: true, after: 1, kept: 1 });
  expect(down.wentEmpty).toHaveLength(all - 1);
  expect(await act('scaled up', () => scale(pool, release1, replicas))).toMatchObject({ completed: true, wentEmpty: [], kept: 1, after: all });
  await pool.close();

  function deploymentOf(image: string): Manifest {
    return bundle({ kubernetesVersion: pool.version, nodes }, { replicas, spread: SPREADS[spread](), containers: [server(image)] }).deployment;
  }
});
