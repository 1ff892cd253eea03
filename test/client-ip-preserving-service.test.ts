import { ApiObject, Duration, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import {
  ClientIpPreservingService, ClientIpPreservingServiceProps, Cluster, DisruptionBudget, Drain, Exposure, IpFamily, IpFamilyPolicy, KubernetesVersion,
  Rollout, SessionAffinity, Spread, ZoneSpread,
} from '../src';
import { captureStderr, chartFor, manifestOf, manifestsOf, synthErrors, appOf } from './support';
import { expectValid } from './valid';

const WEB = { containers: [{ image: 'web', portNumber: 8080 }] };

function bundle(props: ClientIpPreservingServiceProps = WEB, kubernetesVersion = KubernetesVersion.V1_31) {
  const chart = chartFor({ kubernetesVersion, nodes: 20, zones: 2 });
  return new ClientIpPreservingService(chart, 'Web', props);
}

const podSpecOf = (web: ClientIpPreservingService) => manifestOf(web, 'Deployment').spec.template.spec;

describe('by default', () => {
  test('there are two replicas, one a node, behind a Local load balancer, with a budget', () => {
    const web = bundle();
    const deployment = manifestOf(web, 'Deployment');
    const service = manifestOf(web, 'Service');
    expect(deployment.spec.replicas).toBe(2);
    expect(deployment.spec.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    expect(service.spec).toMatchObject({
      type: 'LoadBalancer', externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Cluster', ports: [{ port: 8080, targetPort: 8080 }],
    });
    expect(service.spec.selector).toEqual(deployment.spec.selector.matchLabels);
    expect(manifestOf(web, 'PodDisruptionBudget').spec)
      .toEqual({ maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: deployment.spec.selector });
  });

  test('nothing is found at fault where the nodes are known', () => {
    const web = bundle();
    expect(captureStderr(() => expect(synthErrors(web)).toEqual([]))).toBe('');
  });

  test('the served port is probed, and the pod waits 25 of 55 seconds before it stops', () => {
    expect(podSpecOf(bundle())).toMatchObject({
      terminationGracePeriodSeconds: 55,
      containers: [{ readinessProbe: { tcpSocket: { port: 8080 } }, lifecycle: { preStop: { sleep: { seconds: 25 } } } }],
    });
  });

  test('the children have the ids that are API', () => {
    const web = bundle();
    expect(web.node.children.map(({ node }) => node.id)).toEqual(['Deployment', 'Service', 'DisruptionBudget']);
    expect(web.deployment).toBe(web.node.findChild('Deployment'));
    expect(web.service).toBe(web.node.findChild('Service'));
    expect(web.disruptionBudget).toBe(web.node.findChild('DisruptionBudget'));
  });
});

describe('ports', () => {
  test('are those of all containers, with names where there are several', () => {
    const web = bundle({
      containers: [
        { name: 'web', image: 'web', portNumber: 8080 },
        { name: 'metrics', image: 'metrics', ports: [{ number: 9090, name: 'metrics' }, { number: 53, protocol: kplus.Protocol.UDP }, { number: 53, protocol: kplus.Protocol.SCTP }] },
      ],
    });
    expect(manifestOf(web, 'Service').spec.ports).toEqual([
      { name: 'tcp-8080', port: 8080, targetPort: 8080 },
      { name: 'metrics', port: 9090, targetPort: 9090 },
      { name: 'udp-53', port: 53, protocol: 'UDP', targetPort: 53 },
      { name: 'sctp-53', port: 53, protocol: 'SCTP', targetPort: 53 },
    ]);
  });

  test('are those that are stated, and those bound later', () => {
    const web = bundle({ ...WEB, ports: [{ port: 80, targetPort: 8080 }] });
    web.service.bind(443, { name: 'https', targetPort: 8443 });
    expect(manifestOf(web, 'Service').spec.ports).toEqual([{ name: 'tcp-80', port: 80, targetPort: 8080 }, { name: 'https', port: 443, targetPort: 8443 }]);
  });
});

describe('a readiness probe', () => {
  test('that is stated stays', () => {
    const web = bundle({ containers: [{ ...WEB.containers[0], readiness: kplus.Probe.fromHttpGet('/ready') }] });
    expect(podSpecOf(web).containers[0].readinessProbe.httpGet.path).toBe('/ready');
    expect(podSpecOf(web).containers[0].readinessProbe.tcpSocket).toBeUndefined();
  });

  test('is given to containers that serve, also those added later, and to no other', () => {
    const web = bundle({ containers: [{ name: 'sidecar', image: 'sidecar' }], ports: [{ port: 80, targetPort: 8080 }] });
    web.deployment.addContainer({ name: 'web', image: 'web', portNumber: 8080 });
    expect(podSpecOf(web).containers.map(({ readinessProbe }: any) => readinessProbe)).toEqual([undefined, { tcpSocket: { port: 8080 } }]);
  });

  test('is given to a container that stands alone, also where it names no port', () => {
    const web = bundle({ containers: [{ image: 'web' }], ports: [{ port: 80, targetPort: 8080 }] });
    expect(podSpecOf(web).containers[0].readinessProbe).toEqual({ tcpSocket: { port: 8080 } });
  });

  test('is not made up for UDP', () => {
    const web = bundle({ containers: [{ image: 'dns', ports: [{ number: 53, protocol: kplus.Protocol.UDP }] }] });
    expect(captureStderr(() => appOf(web).synthYaml())).toContain('warning CIP504');
    expect(podSpecOf(web).containers[0].readinessProbe).toBeUndefined();
  });
});

describe('the drain', () => {
  test('runs sleep below 1.30, and is an action from there on', () => {
    const preStop = (version: KubernetesVersion) => podSpecOf(bundle(WEB, version)).containers[0].lifecycle.preStop;
    expect(preStop(KubernetesVersion.V1_29)).toEqual({ exec: { command: ['sleep', '25'] } });
    expect(preStop(KubernetesVersion.V1_30)).toEqual({ sleep: { seconds: 25 } });
  });

  test('is as long as is stated, and the grace period longer', () => {
    const spec = podSpecOf(bundle({ ...WEB, drain: Drain.delay(Duration.seconds(90)) }));
    expect(spec.containers[0].lifecycle.preStop.sleep.seconds).toBe(90);
    expect(spec.terminationGracePeriodSeconds).toBe(120);
  });

  test.each([[300, 25], [50, 25], [30, 15], [3, 1]])('fits into a stated grace period of %s s', (grace, delay) => {
    const spec = podSpecOf(bundle({ ...WEB, terminationGracePeriod: Duration.seconds(grace) }));
    expect(spec.terminationGracePeriodSeconds).toBe(grace);
    expect(spec.containers[0].lifecycle.preStop.sleep.seconds).toBe(delay);
  });

  test('that does not fit into a stated grace period is refused', () => {
    const web = bundle({ ...WEB, drain: Drain.delay(Duration.seconds(30)), terminationGracePeriod: Duration.seconds(30) });
    expect(synthErrors(web)[0]).toContain('CIP501');
  });

  test('can be none', () => {
    const spec = podSpecOf(bundle({ ...WEB, drain: Drain.none() }));
    expect(spec.containers[0].lifecycle).toBeUndefined();
    expect(spec.terminationGracePeriodSeconds).toBe(30);
  });

  test('is every container\'s, but for those that have a preStop of their own', () => {
    const web = bundle({
      containers: [
        { ...WEB.containers[0], lifecycle: { postStart: kplus.Handler.fromCommand(['start']) } },
        { name: 'proxy', image: 'proxy', lifecycle: { preStop: kplus.Handler.fromCommand(['quit']) } },
      ],
      initContainers: [{ image: 'init' }],
    });
    const spec = podSpecOf(web);
    expect(spec.containers.map(({ lifecycle }: any) => lifecycle)).toEqual([
      { postStart: { exec: { command: ['start'] } }, preStop: { sleep: { seconds: 25 } } },
      { preStop: { exec: { command: ['quit'] } } },
    ]);
    expect(spec.initContainers[0].lifecycle).toBeUndefined();
  });
});

describe('the budget', () => {
  test.each([[0, undefined], [1, undefined], [2, 1], [5, 1]])('of %s replicas', (replicas, maxUnavailable) => {
    const web = bundle({ ...WEB, replicas });
    expect(web.disruptionBudget?.toJson().spec.maxUnavailable).toBe(maxUnavailable);
  });

  test('is the one that is stated', () => {
    const percent = kplus.PercentOrAbsolute.percent(25);
    expect(bundle({ ...WEB, disruptionBudget: DisruptionBudget.maxUnavailable(percent) }).disruptionBudget?.toJson().spec.maxUnavailable).toBe('25%');
    expect(bundle({ ...WEB, disruptionBudget: DisruptionBudget.minAvailable(percent) }).disruptionBudget?.toJson().spec.minAvailable).toBe('25%');
    expect(bundle({ ...WEB, disruptionBudget: DisruptionBudget.none() }).disruptionBudget).toBeUndefined();
  });

  test('that blocks every drain is refused', () => {
    const web = bundle({ ...WEB, disruptionBudget: DisruptionBudget.maxUnavailable(kplus.PercentOrAbsolute.absolute(0)) });
    expect(synthErrors(web)[0]).toContain('CIP420');
  });

  test.each([-1, NaN, 1.5])('cannot count %s pods', count => {
    expect(() => DisruptionBudget.minAvailable(kplus.PercentOrAbsolute.absolute(count)))
      .toThrow(`DisruptionBudget.minAvailable: ${count} is not allowed. Give an integer from 0 on`);
  });

  test('selects what the Deployment selects', () => {
    const web = bundle({ ...WEB, podMetadata: { labels: { tier: 'web', app: 'shop' } } });
    web.deployment.select(kplus.LabelSelector.of({ labels: { tier: 'web' }, expressions: [kplus.LabelExpression.exists('app')] }));
    expect(manifestOf(web, 'PodDisruptionBudget').spec.selector).toEqual(manifestOf(web, 'Deployment').spec.selector);
  });
});

describe('what is stated', () => {
  test('stays: metadata of all three objects, and of the pods', () => {
    const web = bundle({ ...WEB, metadata: { name: 'shop', namespace: 'shops', labels: { team: 'a' } }, podMetadata: { annotations: { scrape: 'yes' } } });
    for (const manifest of manifestsOf(web)) {
      expect(manifest.metadata).toMatchObject({ name: 'shop', namespace: 'shops', labels: { team: 'a' } });
    }
    expect(manifestOf(web, 'Deployment').spec.template.metadata.annotations).toEqual({ scrape: 'yes' });
  });

  test('stays: timing and rollout', () => {
    const web = bundle({
      ...WEB,
      minReady: Duration.seconds(30),
      progressDeadline: Duration.minutes(20),
      rollout: Rollout.rollingUpdate({ maxSurge: kplus.PercentOrAbsolute.percent(50), maxUnavailable: kplus.PercentOrAbsolute.absolute(1) }),
    });
    expect(manifestOf(web, 'Deployment').spec).toMatchObject({
      minReadySeconds: 30, progressDeadlineSeconds: 1200, strategy: { rollingUpdate: { maxSurge: '50%', maxUnavailable: 1 } },
    });
  });

  test('0 replicas are legal', () => {
    expect(manifestOf(bundle({ ...WEB, replicas: 0 }), 'Deployment').spec.replicas).toBe(0);
  });

  test.each([-1, 1.5, NaN])('%s replicas are an error', replicas => {
    expect(synthErrors(bundle({ ...WEB, replicas }))[0]).toContain(`CIP117: Deployment test-web-deployment-c82437e9: spec.replicas is ${replicas}; allowed is an integer from 0 to 2147483647.`);
  });

  test.each([0, -1, NaN, 80.5, 65536])('port %s is an error, wherever it stands', port => {
    const at = (props: ClientIpPreservingServiceProps) => synthErrors(bundle(props)).filter(line => line.includes(`is ${port};`)).length;
    expect(at({ ...WEB, ports: [{ port }] })).toBe(1);
    expect(at({ ...WEB, ports: [{ port: 80, targetPort: port }] })).toBe(1);
    expect(at({ containers: [{ image: 'web', portNumber: port }], ports: [{ port: 80 }] })).toBe(1);
  });

  test('the deprecated name of a container\'s port is not dropped either', () => {
    expect(synthErrors(bundle({ containers: [{ image: 'web', port: 0 }], ports: [{ port: 80 }] }))[0]).toContain('containerPort is 0;');
  });

  test.each<[string, any, string]>([
    ['spread', true, 'spread true is not allowed. Use Spread.required(), Spread.preferred() or Spread.even().'],
    ['rollout', 'Recreate', 'rollout "Recreate" is not allowed. Use Rollout.keepServing(), Rollout.rollingUpdate() or Rollout.recreate().'],
    ['exposure', {}, 'exposure {} is not allowed. Use Exposure.loadBalancer() or Exposure.nodePort().'],
    ['drain', 5, 'drain 5 is not allowed. Use Drain.delay() or Drain.none().'],
  ])('%s of another kind, which JavaScript lets pass, is an error', (prop, value, message) => {
    expect(() => bundle({ ...WEB, [prop]: value })).toThrow(message);
  });

  test('two ports of one name, or one number and protocol, are an error', () => {
    expect(synthErrors(bundle({ ...WEB, ports: [{ port: 80, name: 'a' }, { port: 81, name: 'a' }] }))[0]).toContain('CIP116');
    expect(synthErrors(bundle({ ...WEB, ports: [{ port: 80, name: 'a' }, { port: 80, name: 'b' }] }))[0]).toContain('CIP116');
  });

  test('what cannot be written has its name and labels judged all the same', () => {
    const errors = synthErrors(bundle({ metadata: { name: 'Bad_Name', labels: { a: 'x'.repeat(64) } }, ports: [{ port: 80 }] }));
    expect(errors.filter(line => line.includes('Deployment/Resource')).map(line => /CIP\d+/.exec(line)![0])).toEqual(['CIP100', 'CIP118', 'CIP120']);
  });

  test('no container is an error that says so', () => {
    expect(synthErrors(bundle({ containers: [], ports: [{ port: 80 }] }))).toEqual([expect.stringContaining('cannot be written: PodSpec must have at least 1 container.')]);
  });

  test('no port is an error that says so', () => {
    expect(synthErrors(bundle({ containers: [{ image: 'web' }] }))).toEqual([expect.stringContaining('CIP100: Service test-web-service-c81579ce: cannot be written: A service must be configured with a port.')]);
  });

  test('a label value of 64 characters is an error', () => {
    expect(synthErrors(bundle({ ...WEB, podMetadata: { labels: { long: 'x'.repeat(64) } } }))[0]).toContain('CIP118');
  });
});

describe('the rest of cdk8s-plus works with it', () => {
  test('an autoscaler takes the replicas over', () => {
    const web = bundle();
    new kplus.HorizontalPodAutoscaler(web, 'Scaler', { target: web.deployment, maxReplicas: 5 });
    expect(manifestOf(web, 'Deployment').spec.replicas).toBeUndefined();
  });

  test('an Ingress exposes the Service', () => {
    const web = bundle();
    web.service.exposeViaIngress('/');
    expect(manifestOf(web, 'Ingress').spec.rules[0].http.paths[0].backend.service.name).toBe(web.service.name);
  });

  test('volumes, connections and scheduling of one\'s own', () => {
    const web = bundle();
    const node = kplus.Node.labeled(kplus.NodeLabelQuery.is('disk', 'ssd'));
    web.deployment.scheduling.attract(node);
    web.deployment.addVolume(kplus.Volume.fromEmptyDir(web, 'Cache', 'cache'));
    const spec = podSpecOf(web);
    expect(spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms).toHaveLength(1);
    expect(spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toHaveLength(1);
    expect(spec.volumes).toHaveLength(1);
  });
});

test('a JSON patch changes the manifest as it is written, plain numbers and new fields too', () => {
  const web = bundle();
  ApiObject.of(web.deployment).addJsonPatch(
    JsonPatch.replace('/spec/strategy/rollingUpdate/maxSurge', 2),
    JsonPatch.add('/spec/template/spec/containers/0/restartPolicyRules', []),
    JsonPatch.remove('/spec/template/spec/affinity/podAffinity'),
  );
  const { strategy, template } = manifestOf(web, 'Deployment').spec;
  expect(strategy.rollingUpdate.maxSurge).toBe(2);
  expect(template.spec.containers[0].restartPolicyRules).toEqual([]);
  expect(template.spec.affinity.podAffinity).toBeUndefined();
});

describe('for all combinations of options', () => {
  const count = fc.oneof(
    fc.integer({ min: 1, max: 3 }).map(n => kplus.PercentOrAbsolute.absolute(n)),
    fc.integer({ min: 10, max: 99 }).map(n => kplus.PercentOrAbsolute.percent(n)),
  );
  const common = {
    ipFamilies: fc.constantFrom<IpFamily[] | undefined>(undefined, [IpFamily.IPV4], [IpFamily.IPV4, IpFamily.IPV6]),
    ipFamilyPolicy: fc.constantFrom(undefined, IpFamilyPolicy.PREFER_DUAL_STACK),
    sessionAffinity: fc.option(fc.integer({ min: 1, max: 86400 }).map(s => SessionAffinity.clientIp(Duration.seconds(s))), { nil: undefined }),
  };
  const exposure = fc.oneof(
    fc.record({
      ...common,
      sourceRanges: fc.constantFrom<string[] | undefined>(undefined, ['10.0.0.0/8', '2001:db8::/32']),
      loadBalancerClass: fc.constantFrom(undefined, 'example.com/lb'),
      healthCheckNodePort: fc.option(fc.integer({ min: 30000, max: 32767 }), { nil: undefined }),
      allocateNodePorts: fc.option(fc.boolean(), { nil: undefined }),
    }).map(options => Exposure.loadBalancer(options)),
    fc.record({ ...common, externallyHealthChecked: fc.constant(true) }).map(options => Exposure.nodePort(options)),
  );
  const spreadOptions = { zones: fc.constantFrom(undefined, ZoneSpread.PREFERRED, ZoneSpread.REQUIRED), generationBlind: fc.boolean() };
  const spread = fc.oneof(
    fc.record(spreadOptions).map(options => Spread.required(options)),
    fc.record({ ...spreadOptions, weight: fc.integer({ min: 1, max: 100 }) }).map(options => Spread.preferred(options)),
    fc.record({ ...spreadOptions, maxSkew: fc.integer({ min: 1, max: 5 }) }).map(options => Spread.even(options)),
  );
  const ports = fc.uniqueArray(fc.record({
    port: fc.integer({ min: 1, max: 65535 }),
    targetPort: fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined }),
    protocol: fc.constantFrom(undefined, kplus.Protocol.TCP, kplus.Protocol.UDP, kplus.Protocol.SCTP),
  }), { minLength: 1, maxLength: 4, selector: ({ port, protocol = 'TCP' }) => `${port}/${protocol}` });
  const variation = fc.record({
    version: fc.constantFrom('1.27', '1.28', '1.29', '1.30', '1.31', '1.33', '1.37'),
    props: fc.record({
      replicas: fc.option(fc.integer({ min: 0, max: 19 }), { nil: undefined }),
      ports,
      exposure,
      spread,
      rollout: fc.oneof(fc.constant(undefined), fc.record({ maxSurge: count, maxUnavailable: count }).map(options => Rollout.rollingUpdate(options))),
      drain: fc.constantFrom(undefined, Drain.none(), Drain.delay(Duration.seconds(5))),
      disruptionBudget: fc.constantFrom(undefined, DisruptionBudget.none(), DisruptionBudget.maxUnavailable(kplus.PercentOrAbsolute.percent(25))),
      minReady: fc.integer({ min: 0, max: 60 }).map(s => Duration.seconds(s)),
    }),
  });

  test('the same bytes come out twice, every object is valid, and the policy is Local', () => {
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    fc.assert(fc.property(variation, ({ version, props }) => {
      const build = () => {
        const chart = chartFor({ kubernetesVersion: KubernetesVersion.of(version), nodes: 20, zones: 3 });
        return new ClientIpPreservingService(chart, 'Web', { ...WEB, ...props });
      };
      const [first, second] = [build(), build()];
      const text = appOf(first).synthYaml();
      expect(appOf(second).synthYaml()).toEqual(text);
      expect(appOf(first).synthYaml()).toEqual(text);
      expect(text).not.toMatch(/[&*]a\d|<this generation>/);
      manifestsOf(first).forEach(expectValid);
      expect(manifestOf(first, 'Service').spec.externalTrafficPolicy).toBe('Local');
      expect(Cluster.of(first).kubernetesVersion.toString()).toBe(version);
    }), { numRuns: 250 });
    jest.restoreAllMocks();
  });
});
