import { KubernetesVersion, Spread } from '../../../src';
import { Manifest } from '../bench/api';
import { figure } from '../bench/figures';
import { Pool } from '../bench/pool';
import { release, restart, Rollout, rollOut, scale, settled } from '../bench/rollout';
import { bundle, plain, SERVER } from '../bench/subjects';

let pool: Pool;

async function start(deployment: Manifest, nodes: number): Promise<Manifest> {
  pool = await Pool.create({ nodes });
  await pool.apply(deployment);
  expect(await settled(pool, deployment)).toBe(true);
  return deployment;
}

async function report(what: string, rollout: Rollout): Promise<Rollout> {
  const { completed, seconds, before, after, kept, wentEmpty, events, pending } = rollout;
  await figure(`${what}: ${completed ? `complete after ${seconds.toFixed(1)} s` : `hangs${pending.length ? `: ${pending[0]}` : ''}`}; `
    + `serving nodes ${before} -> ${after}, the same ${kept}, without a ready pod at some moment ${wentEmpty.length} (${events} events)`);
  return rollout;
}

describe('as cdk8s-plus writes it', () => {
  afterAll(() => pool?.close());

  test('required anti-affinity with as many replicas as nodes hangs', async () => {
    const deployment = await start(plain(3).deployment, 3);
    const rollout = await report('plain, 3 pods on 3 nodes, a release', await rollOut(pool, deployment, () => release(pool, deployment, 'server:2'), 20));
    expect(rollout.completed).toBe(false);
    expect(rollout.pending[0]).toMatch(/3 node\(s\) didn't match pod anti-affinity rules/);
  });
});

const SPREADS: [string, () => Spread][] = [['required', () => Spread.required()], ['preferred', () => Spread.preferred()], ['even', () => Spread.even()]];
const SIZES = [[1, 1], [2, 2], [3, 3], [5, 3], [8, 8]];
const CROWDED = [[3, 5], [2, 6]];

describe.each(SPREADS)('ours, %s', (name, spread) => {
  describe.each(name === 'required' ? SIZES : [...SIZES, ...CROWDED])('on %i nodes with %i replicas', (nodes, replicas) => {
    let first: Manifest;
    let second: Manifest;
    const title = `${name}, ${replicas} pods on ${nodes} nodes`;
    const stays = (rollout: Rollout) => expect(rollout).toMatchObject({ completed: true, wentEmpty: [], after: rollout.before, kept: rollout.before });

    beforeAll(async () => {
      const of = (version: KubernetesVersion, image: string) =>
        bundle({ kubernetesVersion: version, nodes }, { replicas, spread: spread(), containers: [{ ...SERVER, image }] }).deployment;
      const version = await Pool.serverVersion();
      first = await start(of(version, 'server:1'), nodes);
      second = of(version, 'server:2');
    });
    afterAll(() => pool?.close());

    test('a release keeps every serving node serving', async () => {
      stays(await report(`${title}, a release`, await rollOut(pool, first, () => pool.apply(second))));
    });

    test('a rollback keeps every serving node serving', async () => {
      stays(await report(`${title}, a rollback`, await rollOut(pool, first, () => pool.apply(first))));
    });

    test('kubectl rollout restart keeps every serving node serving', async () => {
      stays(await report(`${title}, a restart`, await rollOut(pool, first, () => restart(pool, first))));
    });

    test('scaling up and down touches no other node', async () => {
      await pool.apply(first);
      await settled(pool, first);
      const up = await report(`${title}, scaled up from 1`, await (async () => {
        const down = await report(`${title}, scaled down to 1`, await rollOut(pool, first, () => scale(pool, first, 1)));
        expect(down).toMatchObject({ completed: true, after: 1, kept: 1 });
        expect(down.wentEmpty).toHaveLength(down.before - 1);
        return rollOut(pool, first, () => scale(pool, first, replicas));
      })());
      expect(up).toMatchObject({ completed: true, wentEmpty: [], kept: 1, after: Math.min(nodes, replicas) });
    });
  });
});
