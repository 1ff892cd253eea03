import { ApiObject, JsonPatch, Lazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import { KubernetesVersion, Rollout, Spread, SpreadDeployment, SpreadDeploymentProps, ZoneSpread } from '../src';
import { captureStderr, chartFor, manifestOf, synthErrors } from './support';

const WEB = { containers: [{ image: 'web', portNumber: 8080 }] };
const LABEL = 'cdk8s-client-ip/generation';
const { V1_27, V1_30, V1_31 } = KubernetesVersion;

function deploy(props: SpreadDeploymentProps = {}, kubernetesVersion = V1_31): SpreadDeployment {
  return new SpreadDeployment(chartFor({ kubernetesVersion, nodes: 20, zones: 4 }), 'Web', { ...WEB, ...props });
}

/** What is written, with the warnings that the tests here are not about. */
function written(deployment: SpreadDeployment): any {
  let manifest: any;
  captureStderr(() => { manifest = manifestOf(deployment, 'Deployment'); });
  return manifest;
}

const affinityOf = (deployment: SpreadDeployment) => written(deployment).spec.template.spec.affinity;
const generationOf = (deployment: SpreadDeployment) => written(deployment).spec.template.metadata.labels[LABEL];

describe('Spread.required', () => {
  test('tells generations apart by matchLabelKeys from 1.31 on', () => {
    const deployment = deploy();
    const { selector, template } = written(deployment).spec;
    expect(template.spec.affinity).toEqual({
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: selector, matchLabelKeys: ['pod-template-hash'], topologyKey: 'kubernetes.io/hostname' },
        ],
      },
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { labelSelector: selector, mismatchLabelKeys: ['pod-template-hash'], topologyKey: 'kubernetes.io/hostname' } },
        ],
      },
    });
    expect(template.metadata.labels[LABEL]).toBeUndefined();
  });

  test.each([V1_27, V1_30])('tells generations apart by a label below, at %s, which no selector asks for', version => {
    const { selector, template } = written(deploy({}, version)).spec;
    const generation = template.metadata.labels[LABEL];
    expect(generation).toMatch(/^[0-9a-f]{10}$/);
    expect(template.spec.affinity).toEqual({
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: { ...selector.matchLabels, [LABEL]: generation } }, topologyKey: 'kubernetes.io/hostname' },
        ],
      },
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{
          weight: 100,
          podAffinityTerm: {
            labelSelector: { ...selector, matchExpressions: [{ key: LABEL, operator: 'NotIn', values: [generation] }] },
            topologyKey: 'kubernetes.io/hostname',
          },
        }],
      },
    });
    expect(JSON.stringify(selector)).not.toContain(LABEL);
  });

  test('is blind to generations on demand', () => {
    for (const version of [V1_27, V1_31]) {
      const { selector, template } = written(deploy({ spread: Spread.required({ generationBlind: true }) }, version)).spec;
      expect(template.spec.affinity).toEqual({
        podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: selector, topologyKey: 'kubernetes.io/hostname' }] },
      });
    }
  });

  test('blind to generations, CIP401 applies', () => {
    const chart = chartFor({ kubernetesVersion: V1_31, nodes: 3 });
    new SpreadDeployment(chart, 'Blind', { ...WEB, replicas: 3, spread: Spread.required({ generationBlind: true }) });
    new SpreadDeployment(chart, 'Seeing', { ...WEB, replicas: 3 });
    expect(synthErrors(chart)).toEqual([expect.stringMatching(/^\[test\/Blind\/Resource\] CIP401: /)]);
  });

  test('follows the Deployment\'s own selector', () => {
    const deployment = deploy({ podMetadata: { labels: { app: 'web' } }, select: false });
    deployment.select(kplus.LabelSelector.of({ labels: { app: 'web' }, expressions: [kplus.LabelExpression.doesNotExist('canary')] }));
    expect(affinityOf(deployment).podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector)
      .toEqual({ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'canary', operator: 'DoesNotExist' }] });
  });

  test('stands beside what cdk8s-plus schedules', () => {
    const deployment = deploy();
    deployment.scheduling.separate(kplus.Pods.select(deployment, 'Db', { labels: { app: 'db' } }), { topology: kplus.Topology.ZONE });
    deployment.scheduling.colocate(kplus.Pods.select(deployment, 'Cache', { labels: { app: 'cache' } }), { weight: 7 });
    const { podAntiAffinity, podAffinity } = affinityOf(deployment);
    expect(podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.map(({ topologyKey }: any) => topologyKey))
      .toEqual(['topology.kubernetes.io/zone', 'kubernetes.io/hostname']);
    expect(podAffinity.preferredDuringSchedulingIgnoredDuringExecution.map(({ weight }: any) => weight)).toEqual([7, 100]);
  });
});

describe('Spread.preferred', () => {
  test('prefers with the weight that is stated', () => {
    const { podAntiAffinity, podAffinity } = affinityOf(deploy({ spread: Spread.preferred({ weight: 7 }) }));
    expect(podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toBeUndefined();
    expect(podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight).toBe(7);
    expect(podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.matchLabelKeys).toEqual(['pod-template-hash']);
    expect(podAffinity.preferredDuringSchedulingIgnoredDuringExecution).toHaveLength(1);
  });

  test('weighs 100 unless stated', () => {
    expect(affinityOf(deploy({ spread: Spread.preferred() })).podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight).toBe(100);
  });

  test.each([0, NaN, 1.5, 101, -1, Infinity, '50' as any])('does not weigh %s', weight => {
    expect(() => Spread.preferred({ weight }))
      .toThrow(`Spread.preferred: weight ${weight} is not allowed. Give an integer from 1 to 100; for a rule without exceptions use Spread.required().`);
  });
});

describe('Spread.even', () => {
  test('is a constraint that counts one generation and only nodes that the pods tolerate', () => {
    const { selector, template } = written(deploy({ spread: Spread.even({ maxSkew: 2 }) })).spec;
    expect(template.spec.topologySpreadConstraints).toEqual([{
      labelSelector: selector,
      matchLabelKeys: ['pod-template-hash'],
      maxSkew: 2,
      nodeTaintsPolicy: 'Honor',
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'DoNotSchedule',
    }]);
    expect(template.spec.affinity.podAntiAffinity).toBeUndefined();
    expect(template.spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution).toHaveLength(1);
  });

  test('blind to generations, needs no affinity', () => {
    expect(written(deploy({ spread: Spread.even({ generationBlind: true }) })).spec.template.spec).not.toHaveProperty('affinity');
  });

  test('needs no label below 1.31 with a skew of 1, and one with more', () => {
    expect(generationOf(deploy({ spread: Spread.even() }, V1_27))).toBeUndefined();
    expect(generationOf(deploy({ spread: Spread.even({ maxSkew: 2 }) }, V1_27))).toBeDefined();
  });

  test.each([0, NaN, 1.5, -1, Infinity])('does not allow a skew of %s', maxSkew => {
    expect(() => Spread.even({ maxSkew })).toThrow(`Spread.even: maxSkew ${maxSkew} is not allowed. Give an integer from 1 on; 1 is the most even.`);
  });
});

describe('zones', () => {
  test.each([[ZoneSpread.PREFERRED, 'ScheduleAnyway'], [ZoneSpread.REQUIRED, 'DoNotSchedule']])('%s, beside the rule on nodes', (zones, whenUnsatisfiable) => {
    for (const spread of [Spread.required({ zones }), Spread.preferred({ zones }), Spread.even({ zones })]) {
      const { topologySpreadConstraints } = written(deploy({ spread })).spec.template.spec;
      expect(topologySpreadConstraints[topologySpreadConstraints.length - 1])
        .toMatchObject({ topologyKey: 'topology.kubernetes.io/zone', maxSkew: 1, whenUnsatisfiable, nodeTaintsPolicy: 'Honor', matchLabelKeys: ['pod-template-hash'] });
    }
  });
});

test('zones of no known kind are an error', () => {
  expect(() => Spread.required({ zones: 'Always' as any })).toThrow('Spread: zones "Always" is not allowed. Use ZoneSpread.PREFERRED or ZoneSpread.REQUIRED, or leave it out.');
});

test('without a selector there is nothing to spread, and an error', () => {
  expect(synthErrors(deploy({ select: false }))).toEqual([expect.stringContaining('CIP122')]);
});

describe('the generation', () => {
  const old = (change: (deployment: SpreadDeployment) => void = () => {}, props: SpreadDeploymentProps = {}) => {
    const deployment = deploy(props, V1_27);
    change(deployment);
    return generationOf(deployment);
  };
  const unchanged = old();

  test('is the same each time', () => {
    expect(old()).toBe(unchanged);
    const deployment = deploy({}, V1_27);
    expect([generationOf(deployment), generationOf(deployment)]).toEqual([unchanged, unchanged]);
  });

  const shared = deploy();
  test.each<[string, (deployment: SpreadDeployment) => void]>([
    ['a container', deployment => deployment.addContainer({ name: 'other', image: 'other' })],
    ['an annotation of the pods', deployment => deployment.podMetadata.addAnnotation('restarted', 'now')],
    ['a label of the pods', deployment => deployment.podMetadata.addLabel('tier', 'web')],
    ['a volume', deployment => deployment.addVolume(kplus.Volume.fromEmptyDir(shared, `Volume${shared.node.children.length}`, 'cache'))],
    ['an environment variable', deployment => deployment.containers[0].env.addVariable('A', kplus.EnvValue.fromValue('b'))],
    ['a JSON patch', deployment => ApiObject.of(deployment).addJsonPatch(JsonPatch.add('/spec/template/spec/priorityClassName', 'high'))],
    ['a JSON patch of a field that cdk8s-plus does not know', deployment => ApiObject.of(deployment).addJsonPatch(JsonPatch.add('/spec/template/spec/resources', {}))],
    ['a host alias', deployment => deployment.addHostAlias({ ip: '192.0.2.1', hostnames: ['a'] })],
  ])('changes with %s', (_, change) => {
    expect(old(change)).not.toBe(unchanged);
    expect(old(change)).toMatch(/^[0-9a-f]{10}$/);
  });

  test('changes with the spread', () => {
    expect(old(undefined, { spread: Spread.preferred() })).not.toBe(unchanged);
  });

  test.each<[string, (deployment: SpreadDeployment) => void, SpreadDeploymentProps]>([
    ['replicas', () => {}, { replicas: 7 }],
    ['the rollout', () => {}, { rollout: Rollout.rollingUpdate({ maxUnavailable: kplus.PercentOrAbsolute.absolute(1) }) }],
    ['an annotation of the Deployment', deployment => deployment.metadata.addAnnotation('a', 'b'), {}],
    ['a JSON patch outside the template', deployment => ApiObject.of(deployment).addJsonPatch(JsonPatch.add('/spec/revisionHistoryLimit', 3)), {}],
  ])('does not change with %s', (_, change, props) => {
    expect(old(change, props)).toBe(unchanged);
  });

  test('does not depend on the order in which labels, annotations and keys were given', () => {
    const shuffled = (entries: [string, string][]) =>
      old(undefined, { podMetadata: { labels: Object.fromEntries(entries), annotations: Object.fromEntries(entries) } });
    fc.assert(fc.property(
      fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[a-z0-9]{1,8}$/)), { selector: ([key]) => key, maxLength: 6 })
        .chain(labels => fc.tuple(fc.constant(labels), fc.shuffledSubarray(labels, { minLength: labels.length }))),
      ([one, other]) => expect(shuffled(one)).toBe(shuffled(other)),
    ), { numRuns: 40 });
  });

  test('cannot be stated', () => {
    expect(synthErrors(deploy({ podMetadata: { labels: { [LABEL]: 'mine' } } }, V1_27)))
      .toEqual([expect.stringContaining('the label cdk8s-client-ip/generation of the pods is stated as "mine", and is a hash that is made of their template. Remove it.')]);
  });

  test('stands wherever a patch copies it to', () => {
    const deployment = deploy({}, V1_27);
    ApiObject.of(deployment).addJsonPatch(JsonPatch.add('/spec/template/spec/topologySpreadConstraints', [{}]), JsonPatch.copy(
      '/spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/labelSelector',
      '/spec/template/spec/topologySpreadConstraints/0/labelSelector',
    ));
    const { metadata, spec } = written(deployment).spec.template;
    expect(spec.topologySpreadConstraints[0].labelSelector.matchLabels[LABEL]).toBe(metadata.labels[LABEL]);
  });

  test('sees what a Lazy produces', () => {
    let image = 'one';
    const deployment = deploy({}, V1_27);
    ApiObject.of(deployment).metadata.addAnnotation('a', 'b');
    deployment.podMetadata.add('annotations', Lazy.any({ produce: () => ({ image }) }));
    deployment.podMetadata.addAnnotation('image', Lazy.any({ produce: () => image }) as any);
    const before = generationOf(deployment);
    image = 'two';
    expect(generationOf(deployment)).not.toBe(before);
  });
});

describe('Rollout', () => {
  test('Recreate is what it says', () => {
    expect(written(deploy({ rollout: Rollout.recreate() })).spec.strategy).toEqual({ type: 'Recreate' });
  });

  test('maxUnavailable 0 is really in the manifest', () => {
    expect(written(deploy({ rollout: Rollout.keepServing() })).spec.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  });

  test.each<[any, any, string]>([
    [kplus.PercentOrAbsolute.absolute(0), undefined, 'maxSurge 0 and maxUnavailable 0 leave no way to replace a pod. Set maxSurge to 1 or more, or maxUnavailable to 1.'],
    [kplus.PercentOrAbsolute.percent(0), kplus.PercentOrAbsolute.percent(0), 'leave no way to replace a pod'],
    [kplus.PercentOrAbsolute.absolute(-1), undefined, 'maxSurge -1 is not allowed. Give an integer from 0 on'],
    [kplus.PercentOrAbsolute.absolute(1.5), undefined, 'maxSurge 1.5 is not allowed'],
    [undefined, kplus.PercentOrAbsolute.absolute(NaN), 'maxUnavailable NaN is not allowed'],
    [undefined, kplus.PercentOrAbsolute.percent(-5), 'maxUnavailable -5% is not allowed'],
    [undefined, kplus.PercentOrAbsolute.percent(2.5), 'maxUnavailable 2.5% is not allowed'],
    [undefined, kplus.PercentOrAbsolute.percent(101), 'maxUnavailable 101% is not allowed'],
  ])('refuses bounds that cannot be', (maxSurge, maxUnavailable, message) => {
    expect(() => Rollout.rollingUpdate({ maxSurge, maxUnavailable })).toThrow(message);
  });
});

test('it is a Deployment of cdk8s-plus', () => {
  expect(deploy()).toBeInstanceOf(kplus.Deployment);
});
