import * as fc from 'fast-check';
import { readModel, Workload } from '../../src/manifest/model';
import { selects } from '../../src/manifest/selector';
import { judge } from '../../src/rules/engine';
import { rules } from '../../src/rules/index';
import { parse } from '../support';

const read = (...manifests: any[]) => readModel(manifests.map(manifest => ({ manifest, facts: {} })));

const deployment = (name: string, labels: Record<string, string>, namespace?: string) => ({
  kind: 'Deployment', metadata: { name, namespace }, spec: { template: { metadata: { labels } } },
});
const service = (name: string, selector: any, namespace?: string, externalTrafficPolicy = 'Local') => ({
  kind: 'Service', metadata: { name, namespace }, spec: { selector, externalTrafficPolicy },
});
const names = (workloads: readonly Workload[]) => workloads.map(({ name }) => name);

test('a Service stands before what its selector selects, in its namespace', () => {
  const { services, workloads } = read(
    service('web', { app: 'web' }), service('shop', { app: 'web' }, 'shop'),
    deployment('a', { app: 'web' }), deployment('b', { app: 'web', tier: 'x' }, 'default'), deployment('c', { app: 'web' }, 'shop'), deployment('d', { app: 'x' }),
  );
  expect(services.map(({ backends }) => names(backends))).toEqual([['a', 'b'], ['c']]);
  expect(workloads.map(({ localServices }) => localServices.map(({ name }) => name))).toEqual([['web'], ['web'], ['shop'], []]);
});

test('a Service without a selector stands before nothing', () => {
  expect(read(service('web', undefined), service('none', {}), deployment('a', {})).services.map(({ backends }) => backends)).toEqual([[], []]);
});

test('only Local Services count for a workload', () => {
  expect(read(service('web', { app: 'web' }, undefined, 'Cluster'), deployment('a', { app: 'web' })).workloads[0].localServices).toEqual([]);
});

test('lists are unwrapped, in lists too', () => {
  const { workloads } = read({ kind: 'List', items: [deployment('a', {}), { kind: 'List', items: [deployment('b', {})] }] });
  expect(names(workloads)).toEqual(['a', 'b']);
});

test('the index finds what looking at each would', () => {
  const label = fc.constantFrom('a', 'b', 'c');
  const labels = fc.dictionary(label, label, { maxKeys: 3 });
  fc.assert(fc.property(fc.array(labels, { maxLength: 8 }), labels, (pods, selector) => {
    const { services } = read(service('s', selector), ...pods.map((podLabels, i) => deployment(`${i}`, podLabels)));
    const expected = Object.keys(selector).length === 0 ? [] : pods.flatMap((podLabels, i) => selects({ matchLabels: selector }, podLabels) ? [`${i}`] : []);
    expect(names(services[0].backends)).toEqual(expected);
  }));
});

test('many Services before many workloads take no longer than each alone', () => {
  const manifests = Array.from({ length: 3000 }, (_, i) => [service(`s${i}`, { app: 'web' }), deployment(`d${i}`, { app: 'web' })]).flat();
  const { services, workloads } = read(...manifests);
  expect(new Set(services.map(({ backends }) => backends)).size).toBe(1);
  expect(new Set(workloads.map(({ localServices }) => localServices)).size).toBe(1);
});

describe('no manifest, however mangled, breaks the reader or a rule', () => {
  const kinds = ['Deployment', 'Service', 'PodDisruptionBudget', 'Pod', 'List', 'DaemonSet', 'StatefulSet', 'ConfigMap'];
  const keys = [
    'kind', 'metadata', 'spec', 'name', 'namespace', 'labels', 'annotations', 'replicas', 'strategy', 'updateStrategy', 'rollingUpdate', 'maxSurge', 'maxUnavailable', 'selector',
    'matchLabels', 'matchExpressions', 'template', 'containers', 'ports', 'port', 'targetPort', 'nodePort', 'containerPort', 'hostPort', 'hostNetwork', 'affinity', 'podAntiAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution', 'preferredDuringSchedulingIgnoredDuringExecution', 'podAffinityTerm', 'weight', 'topologyKey', 'labelSelector', 'namespaces',
    'namespaceSelector', 'matchLabelKeys', 'topologySpreadConstraints', 'externalTrafficPolicy', 'type', 'lifecycle', 'preStop', 'sleep', 'exec', 'command', 'items', 'minAvailable',
  ];
  const leaf = fc.oneof(fc.constantFrom(null, undefined, true, '', 'Local', 'web', '25%', 0, -1, NaN, 3), fc.string({ maxLength: 5 }), fc.constantFrom(...kinds));
  const mangled = fc.letrec(tie => ({
    value: fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 })),
  })).value;

  test('made of nothing but known words', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...kinds), mangled), { maxLength: 4 }), objects => {
      judge(read(...objects.map(([kind, spec]) => ({ kind, metadata: { name: 'x' }, spec })), ...objects.map(([, value]) => value)));
    }), { numRuns: 1000 });
  });

  test('made of the rules\' own manifests, with something else in one place', () => {
    const originals = rules.flatMap(({ pass, fail }) => [...parse(pass.manifests), ...parse(fail.manifests)]);
    const nasty = fc.constantFrom<any>(null, '', 'x', 0, -1, NaN, true, [], [null], {}, { toString: 1 }, { key: { toString: null } }, [{ toString: 1 }], [[]]);
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...originals), fc.nat(), nasty), { minLength: 1, maxLength: 3 }), mutations => {
      judge(read(...mutations.map(([original, place, value]) => replaceAt(structuredClone(original), place, value))));
    }), { numRuns: 8000 });
  });
});

/** Puts a value in the place of the n-th of all values in a manifest. */
function replaceAt(manifest: any, n: number, value: any): any {
  const places: [any, string][] = [];
  const visit = (parent: any) => {
    if (typeof parent !== 'object' || parent === null) return;
    for (const key of Object.keys(parent)) {
      if (key !== 'kind') places.push([parent, key]);
      visit(parent[key]);
    }
  };
  visit(manifest);
  const [parent, key] = places[n % places.length];
  parent[key] = value;
  return manifest;
}
