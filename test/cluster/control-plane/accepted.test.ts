import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import {
  ClientIpPreservingServiceProps, DisruptionBudget, Drain, Exposure, ExposureOptions, IpFamily, IpFamilyPolicy, Rollout, SessionAffinity, Spread,
  SpreadOptions, ZoneSpread,
} from '../../../src';
import { Api, collection, Manifest } from '../bench/api';
import { figure } from '../bench/figures';
import { Pool } from '../bench/pool';
import { bundle, server } from '../bench/subjects';

const GOLDENS = join(__dirname, '..', '..', 'examples');
const VARIATIONS = 300;

const api = Api.default();

/** What the API server would say of an object, were it to be created: undefined, or why not. */
async function refusal(manifest: Manifest): Promise<string | undefined> {
  const namespaced = { ...manifest, metadata: { ...manifest.metadata, namespace: 'default' } };
  const object = /^(Namespace|Node|PriorityClass|ClusterRole.*|StorageClass)$/.test(manifest.kind) ? manifest : namespaced;
  try {
    await api.call('POST', `${collection(object)}?dryRun=All&fieldValidation=Strict`, object);
    return undefined;
  } catch (error) {
    return `${manifest.kind} ${manifest.metadata.name}: ${(error as Error).message}`;
  }
}

test.each(readdirSync(GOLDENS))('the golden manifest %s is accepted', async golden => {
  const manifests = parseAllDocuments(readFileSync(join(GOLDENS, golden), 'utf8')).map(document => document.toJS()).filter(Boolean);
  expect(manifests.length).toBeGreaterThan(0);
  for (const manifest of manifests) {
    expect(await refusal(manifest)).toBeUndefined();
  }
  await figure(`${golden}: ${manifests.length} of ${manifests.length} objects accepted`);
});

test(`${VARIATIONS} variations of the bundle are accepted, whatever is crossed`, async () => {
  const kubernetesVersion = await Pool.serverVersion();
  let refusedBySynth = 0;
  const accepted: ClientIpPreservingServiceProps[] = [];
  const refusals: string[] = [];
  for (const make of fc.sample(variation, { numRuns: 4 * VARIATIONS, seed: 42 })) {
    if (accepted.length === VARIATIONS) break;
    const props = make();
    let manifests: Manifest[];
    try {
      manifests = bundle({ kubernetesVersion }, props).manifests;
    } catch (error) {
      // Some crossings contradict themselves; what the checks refuse is no promise.
      expect((error as Error).message).toMatch(/CIP\d{3}/);
      refusedBySynth += 1;
      continue;
    }
    accepted.push(props);
    for (const manifest of manifests) {
      const reason = await refusal(manifest);
      if (reason) refusals.push(`${reason}\n${JSON.stringify(manifest)}`);
    }
  }
  await figure(`${accepted.length} variations of the bundle: ${refusals.length} objects refused (${refusedBySynth} more variations were refused at synth)`);
  expect(refusals).toEqual([]);
  expect(accepted).toHaveLength(VARIATIONS);
});

const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined });
const seconds = (min: number, max: number) => fc.integer({ min, max }).map(n => Duration.seconds(n));
const count = fc.oneof(
  fc.integer({ min: 0, max: 4 }).map(n => kplus.PercentOrAbsolute.absolute(n)),
  fc.integer({ min: 0, max: 100 }).map(n => kplus.PercentOrAbsolute.percent(n)),
);
const positive = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map(n => kplus.PercentOrAbsolute.absolute(n)),
  fc.integer({ min: 1, max: 100 }).map(n => kplus.PercentOrAbsolute.percent(n)),
);

const spreadOptions: fc.Arbitrary<SpreadOptions> = fc.record({
  zones: maybe(fc.constantFrom(ZoneSpread.PREFERRED, ZoneSpread.REQUIRED)),
  generationBlind: maybe(fc.boolean()),
});
const spread = fc.oneof(
  spreadOptions.map(options => Spread.required(options)),
  fc.tuple(spreadOptions, fc.integer({ min: 1, max: 100 })).map(([options, weight]) => Spread.preferred({ ...options, weight })),
  fc.tuple(spreadOptions, fc.integer({ min: 1, max: 5 })).map(([options, maxSkew]) => Spread.even({ ...options, maxSkew })),
);

const exposureOptions: fc.Arbitrary<ExposureOptions> = fc.record({
  annotations: maybe(fc.constant({ 'example.com/purpose': 'a test: "quoted", with 日本語' })),
  ipFamilies: maybe(fc.constantFrom([IpFamily.IPV4], [IpFamily.IPV6])),
  ipFamilyPolicy: maybe(fc.constantFrom(IpFamilyPolicy.SINGLE_STACK, IpFamilyPolicy.PREFER_DUAL_STACK, IpFamilyPolicy.REQUIRE_DUAL_STACK)),
  sessionAffinity: maybe(seconds(1, 86400).map(timeout => SessionAffinity.clientIp(timeout))),
});
const exposure = fc.oneof(
  fc.tuple(exposureOptions, fc.record({
    sourceRanges: maybe(fc.subarray(['192.0.2.0/24', '198.51.100.7/32', '2001:db8::/32'])),
    loadBalancerClass: maybe(fc.constant('example.com/balancer')),
    healthCheckNodePort: maybe(fc.integer({ min: 30000, max: 32767 })),
    allocateNodePorts: maybe(fc.boolean()),
  })).map(([common, own]) => Exposure.loadBalancer({ ...common, ...own })),
  fc.tuple(exposureOptions, maybe(fc.integer({ min: 30000, max: 32767 }))).map(([common, port]) =>
    Exposure.nodePort({ ...common, externallyHealthChecked: true, nodePorts: port ? { tcp: port } : undefined })),
);

/** Every option crossed. Constructs hold state, so a variation makes its props anew. */
const variation: fc.Arbitrary<() => ClientIpPreservingServiceProps> = fc.record({
  replicas: maybe(fc.integer({ min: 0, max: 12 })),
  spread: maybe(spread),
  exposure: maybe(exposure),
  rollout: maybe(fc.oneof(
    fc.tuple(positive, count).map(([maxSurge, maxUnavailable]) => Rollout.rollingUpdate({ maxSurge, maxUnavailable })),
    fc.constant(Rollout.keepServing()),
  )),
  drain: maybe(fc.oneof(seconds(1, 60).map(delay => Drain.delay(delay)), fc.constant(Drain.none()))),
  disruptionBudget: maybe(fc.oneof(
    count.map(each => DisruptionBudget.maxUnavailable(each)),
    count.map(each => DisruptionBudget.minAvailable(each)),
    fc.constant(DisruptionBudget.none()),
  )),
  minReady: maybe(seconds(0, 120)),
  progressDeadline: maybe(seconds(121, 1200)),
  terminationGracePeriod: maybe(seconds(1, 300)),
  metadata: maybe(fc.constantFrom({ labels: { team: 'a' } }, { annotations: { note: 'b' }, labels: { 'example.com/tier': 'c' } })),
  podMetadata: maybe(fc.constantFrom({ labels: { release: 'a' } }, { annotations: { note: 'b' } })),
  hostNetwork: maybe(fc.boolean()),
  automountServiceAccountToken: maybe(fc.boolean()),
  hostAliases: maybe(fc.constant([{ ip: '192.0.2.1', hostnames: ['a.example'] }])),
  enableServiceLinks: maybe(fc.boolean()),
  containers: fc.constantFrom(
    [server()],
    [server(), { image: 'sidecar', name: 'sidecar', portNumber: 9090 }],
    [{ ...server(), readiness: undefined }],
    [{ ...server(), lifecycle: { preStop: kplus.Handler.fromCommand(['/bin/stop']) } }],
  ),
}).map(props => () => Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)));
