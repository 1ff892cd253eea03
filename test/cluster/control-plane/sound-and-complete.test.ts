import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import { ClientIpChecks, ClientIpPreservingService, Cluster, Exposure, Rollout, Spread, ZoneSpread } from '../../../src';
import { ApiError, Manifest } from '../bench/api';
import { figure } from '../bench/figures';
import { Pool } from '../bench/pool';
import { rollOut, settled } from '../bench/rollout';
import { server } from '../bench/subjects';

const CONFIGURATIONS = Number(process.env.LAB_CONFIGURATIONS ?? 200);
const SEED = Number(process.env.LAB_SEED ?? 7);
const AT_ONCE = 6;
const BLACKOUT = 'no node served at some moment';
/** Far longer than anything takes that does not wait for ever. */
const PATIENCE = 12;

const SPREADS = {
  required: Spread.required,
  preferred: Spread.preferred,
  even: Spread.even,
};
const configuration = fc.record({
  spread: fc.constantFrom(...Object.keys(SPREADS) as (keyof typeof SPREADS)[]),
  generationBlind: fc.boolean(),
  zoneRule: fc.constantFrom(undefined, ZoneSpread.PREFERRED, ZoneSpread.REQUIRED),
  zones: fc.integer({ min: 1, max: 3 }),
  nodes: fc.integer({ min: 1, max: 5 }),
  replicas: fc.integer({ min: 1, max: 6 }),
  rollout: fc.oneof(
    fc.constantFrom('keepServing' as const, 'recreate' as const),
    fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })).filter(([surge, unavailable]) => surge + unavailable > 0),
  ),
  exposure: fc.constantFrom('loadBalancer' as const, 'nodePort' as const),
}).filter(({ zones, nodes }) => zones <= nodes);
type Configuration = typeof configuration extends fc.Arbitrary<infer T> ? T : never;

/** What the checks say of a release, and its manifests, which are written even where they say no. */
function judge(pool: Pool, given: Configuration, image: string): { errors: string[]; manifests: Manifest[] } {
  const { nodes, zones, replicas, zoneRule, generationBlind } = given;
  const chart = new Chart(new App(), 'lab');
  Cluster.describe(chart, { kubernetesVersion: pool.version, nodes, zones });
  const absolute = kplus.PercentOrAbsolute.absolute;
  new ClientIpPreservingService(chart, 'Web', {
    containers: [server(image)],
    ports: [{ port: 80, targetPort: 8080 }],
    replicas,
    spread: SPREADS[given.spread]({ zones: zoneRule, generationBlind }),
    rollout: Array.isArray(given.rollout)
      ? Rollout.rollingUpdate({ maxSurge: absolute(given.rollout[0]), maxUnavailable: absolute(given.rollout[1]) })
      : Rollout[given.rollout](),
    exposure: given.exposure === 'loadBalancer' ? Exposure.loadBalancer() : Exposure.nodePort({ externallyHealthChecked: true }),
  });
  const errors = ClientIpChecks.of(chart).findings().filter(({ severity }) => severity === 'error').map(({ ruleId }) => ruleId);
  const manifests = chart.node.findAll().filter(ApiObject.isApiObject).map(object => object.toJson());
  // Whether pods leave early is not the question here.
  manifests.filter(({ kind }) => kind === 'Deployment').forEach(({ spec }) => delete spec.template.spec.containers[0].lifecycle);
  return { errors, manifests };
}

/** What the cluster makes of it: undefined when it works, or how it does not. */
async function trial(pool: Pool, first: Manifest[], second: Manifest[]): Promise<string | undefined> {
  const [deployment, next] = [first, second].map(manifests => manifests.find(({ kind }) => kind === 'Deployment'));
  try {
    await pool.apply(...first);
  } catch (error) {
    if (error instanceof ApiError) return `refused: ${error.message}`;
    throw error;
  }
  if (!await settled(pool, deployment, PATIENCE)) return 'stays Pending';
  const rollout = await rollOut(pool, deployment, () => pool.apply(next), PATIENCE + 2 * deployment.spec.replicas);
  if (!rollout.completed) return `the rollout hangs: ${rollout.pending[0]}`;
  return rollout.blackouts > 0 ? BLACKOUT : undefined;
}

test(`the checks and the cluster agree on ${CONFIGURATIONS} random configurations`, async () => {
  const left = fc.sample(configuration, { numRuns: CONFIGURATIONS, seed: SEED });
  const outcomes = { 'accepted and works': 0, 'refused and fails': 0, 'accepted, with a blackout that was asked for': 0 };
  const disagreements: string[] = [];
  const worker = async () => {
    for (let given = left.pop(); given; given = left.pop()) {
      const zones = Array.from({ length: given.zones }, (_, i) => `zone-${i + 1}`);
      const pool = await Pool.create({ nodes: given.nodes, zones });
      const { errors, manifests } = judge(pool, given, 'server:1');
      const failure = await trial(pool, manifests, judge(pool, given, 'server:2').manifests);
      await pool.close();
      const asked = Array.isArray(given.rollout) && given.rollout[1] > 0;
      if (errors.length === 0 && failure === BLACKOUT && asked) {
        // What a stated maxUnavailable allows is not refused.
        outcomes['accepted, with a blackout that was asked for'] += 1;
      } else if (errors.length === 0 === (failure === undefined)) {
        outcomes[failure ? 'refused and fails' : 'accepted and works'] += 1;
      } else {
        disagreements.push(`${JSON.stringify(given)}: the checks say ${errors.join(', ') || 'yes'}, the cluster says ${failure ?? 'yes'}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await figure(`${CONFIGURATIONS} random configurations (seed ${SEED}): ${JSON.stringify(outcomes)}, disagreements ${disagreements.length}`);
  expect(disagreements).toEqual([]);
});
