import { ApiObject, Duration, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import { Exposure, IpFamily, IpFamilyPolicy, LocalPolicyService, LocalPolicyServiceProps, SessionAffinity } from '../src';
import { captureStderr, chartFor, manifestOf, synthErrors } from './support';

function service(props: LocalPolicyServiceProps = {}): LocalPolicyService {
  const local = new LocalPolicyService(chartFor({ nodes: 3 }), 'Web', { ports: [{ port: 80 }], ...props });
  local.selectLabel('app', 'web');
  return local;
}

const patch = (local: LocalPolicyService, ...ops: JsonPatch[]) => {
  ApiObject.of(local).addJsonPatch(...ops);
  return local;
};

const specOf = (exposure: Exposure) => {
  let spec: any;
  captureStderr(() => { spec = manifestOf(service({ exposure }), 'Service').spec; });
  return spec;
};

describe('Exposure.loadBalancer', () => {
  test('says all that is stated, and no more', () => {
    expect(specOf(Exposure.loadBalancer({
      sourceRanges: ['203.0.113.0/24', '2001:db8::/32', '0.0.0.0/0'],
      loadBalancerClass: 'example.com/lb',
      healthCheckNodePort: 30000,
      allocateNodePorts: false,
      ipFamilies: [IpFamily.IPV6, IpFamily.IPV4],
      ipFamilyPolicy: IpFamilyPolicy.REQUIRE_DUAL_STACK,
      sessionAffinity: SessionAffinity.clientIp(Duration.minutes(10)),
    }))).toEqual({
      allocateLoadBalancerNodePorts: false,
      externalIPs: [],
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 30000,
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv6', 'IPv4'],
      ipFamilyPolicy: 'RequireDualStack',
      loadBalancerClass: 'example.com/lb',
      loadBalancerSourceRanges: ['203.0.113.0/24', '2001:db8::/32', '0.0.0.0/0'],
      ports: [{ port: 80 }],
      selector: { app: 'web' },
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
      type: 'LoadBalancer',
    });
    expect(specOf(Exposure.loadBalancer())).toEqual({
      externalIPs: [], externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Cluster', ports: [{ port: 80 }], selector: { app: 'web' }, type: 'LoadBalancer',
    });
  });

  test('annotations stand on the Service', () => {
    const local = service({ exposure: Exposure.loadBalancer({ annotations: { 'example.com/scheme': 'internal' } }), metadata: { annotations: { own: 'yes' } } });
    expect(manifestOf(local, 'Service').metadata.annotations).toEqual({ 'example.com/scheme': 'internal', 'own': 'yes' });
  });

  test('an annotation is not stated twice', () => {
    expect(() => service({ exposure: Exposure.loadBalancer({ annotations: { a: 'one' } }), metadata: { annotations: { a: 'two' } } }))
      .toThrow('LocalPolicyService \'test/Web\': annotation a is "two" by metadata and "one" by exposure. State it once.');
  });

  test.each([
    '', 'fe80::1%eth0/64', '10.0.0.0', '10.0.0.0/33', '10.0.0/8', '300.0.0.0/8', '2001:db8::/129', 'example.com/24',
    '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0.0/', '10.0.0.0/8 ', '１0.0.0.0/8',
  ])(
    'refuses the source range "%s"', range => {
      expect(() => Exposure.loadBalancer({ sourceRanges: ['10.0.0.0/8', range] }))
        .toThrow(`Exposure.loadBalancer: source range '${range}' is not allowed. Give a CIDR block, for example '203.0.113.0/24', '203.0.113.7/32' or '2001:db8::/32'.`);
    });

  test('takes every IPv4 CIDR block', () => {
    fc.assert(fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, bits) => {
      expect(() => Exposure.loadBalancer({ sourceRanges: [`${address}/${bits}`] })).not.toThrow();
    }));
  });

  test.each([0, 29999, 32768, NaN, 30000.5, -30000])('refuses the health check port %s', healthCheckNodePort => {
    expect(() => Exposure.loadBalancer({ healthCheckNodePort }))
      .toThrow(`Exposure.loadBalancer: healthCheckNodePort ${healthCheckNodePort} is not allowed. Give an integer from 30000 to 32767, or leave it out and one is allocated.`);
  });

  test.each(['', 'Bad Class!', 'a/b/c'])('refuses the class "%s"', loadBalancerClass => {
    expect(() => Exposure.loadBalancer({ loadBalancerClass })).toThrow(`loadBalancerClass '${loadBalancerClass}' is not allowed`);
  });

  test.each([[[]], [['IPv4', 'IPv4']], [['v4']]])('refuses the IP families %j', families => {
    expect(() => Exposure.loadBalancer({ ipFamilies: families as IpFamily[] })).toThrow(`ipFamilies ${JSON.stringify(families)} is not allowed`);
  });

  test('refuses two IP families on a single stack', () => {
    expect(() => Exposure.nodePort({ ipFamilies: [IpFamily.IPV4, IpFamily.IPV6], ipFamilyPolicy: IpFamilyPolicy.SINGLE_STACK }))
      .toThrow('ipFamilies ["IPv4","IPv6"] with ipFamilyPolicy SingleStack is not allowed.');
  });
});

describe('Exposure.nodePort', () => {
  test('gives ports their node ports, by name or by number', () => {
    const exposure = Exposure.nodePort({ externallyHealthChecked: true, nodePorts: { dns: 30053, 8080: 30080 } });
    const ports = (more: kplus.ServicePort[]) => manifestOf(service({ exposure, ports: more }), 'Service').spec.ports;
    expect(ports([{ name: 'dns', port: 53, protocol: kplus.Protocol.UDP }, { name: '8080', port: 8080 }])).toEqual([
      { name: 'dns', nodePort: 30053, port: 53, protocol: 'UDP' }, { name: '8080', nodePort: 30080, port: 8080 },
    ]);
    const single = Exposure.nodePort({ externallyHealthChecked: true, nodePorts: { 8080: 30080 } });
    expect(manifestOf(service({ exposure: single, ports: [{ port: 8080 }] }), 'Service').spec.ports).toEqual([{ nodePort: 30080, port: 8080 }]);
  });

  test('knows ports by number that have no name, also several', () => {
    const exposure = Exposure.nodePort({ externallyHealthChecked: true, nodePorts: { 80: 30080, 443: 30443 } });
    expect(manifestOf(service({ exposure, ports: [{ port: 80 }, { port: 443 }] }), 'Service').spec.ports)
      .toEqual([{ name: 'tcp-80', nodePort: 30080, port: 80 }, { name: 'tcp-443', nodePort: 30443, port: 443 }]);
  });

  test('keeps node ports that the ports state', () => {
    const exposure = Exposure.nodePort({ externallyHealthChecked: true });
    expect(manifestOf(service({ exposure, ports: [{ port: 80, nodePort: 30080 }] }), 'Service').spec.ports).toEqual([{ port: 80, nodePort: 30080 }]);
  });

  test('refuses a node port for no port, and two for one', () => {
    const errors = (nodePorts: { [port: string]: number }) =>
      synthErrors(service({ exposure: Exposure.nodePort({ externallyHealthChecked: true, nodePorts }), ports: [{ port: 80, nodePort: 30080 }] }));
    expect(errors({ http: 30080, https: 30443 })[0])
      .toContain("cannot be written: nodePorts names 'http', 'https', and the ports of this Service are '80'. Use those, by the name or else the number.");
    expect(errors({ 80: 30081 })[0]).toContain("cannot be written: nodePorts['80'] is 30081, and the port itself says 30080. Keep one of the two.");
    expect(errors({ 80: 30080 })).toEqual([]);
  });

  test.each([0, 80, 29999, 32768, NaN, 30000.5])('refuses the node port %s', nodePort => {
    expect(() => Exposure.nodePort({ nodePorts: { http: nodePort } })).toThrow(`Exposure.nodePort: nodePorts['http'] ${nodePort} is not allowed.`);
  });

  test('is refused where nobody checks the nodes, and accepted where that is declared', () => {
    const errors = (externallyHealthChecked: boolean) => {
      const local = service({ exposure: Exposure.nodePort({ externallyHealthChecked }) });
      new kplus.Deployment(local.node.scope!, 'Backend', { containers: [{ image: 'web' }], podMetadata: { labels: { app: 'web' } } });
      let lines: string[] = [];
      captureStderr(() => { lines = synthErrors(local); });
      return lines;
    };
    expect(errors(false)).toEqual([expect.stringContaining('CIP201')]);
    expect(errors(true)).toEqual([]);
  });
});

describe('SessionAffinity', () => {
  test('lasts three hours unless stated', () => {
    const exposure = Exposure.nodePort({ sessionAffinity: SessionAffinity.clientIp() });
    expect(specOf(exposure).sessionAffinityConfig).toEqual({ clientIP: { timeoutSeconds: 10800 } });
  });

  test.each([Duration.seconds(0), Duration.seconds(86401), Duration.millis(1500)])('refuses a timeout out of range', timeout => {
    expect(() => SessionAffinity.clientIp(timeout)).toThrow(/^SessionAffinity.clientIp: timeout [\d.]+ s is not allowed. Give whole seconds from 1 to 86400, one day.$/);
  });
});

describe('what a Local Service is for cannot be taken away', () => {
  test.each(['ClusterIP', 'ExternalName'])('a patch of the type to %s is an error that names the field and the legal types', type => {
    expect(synthErrors(patch(service(), JsonPatch.replace('/spec/type', type))))
      .toEqual([expect.stringContaining(`spec.type is "${type}" and spec.externalTrafficPolicy is "Local"; allowed types are LoadBalancer and NodePort.`)]);
  });

  test.each([kplus.ServiceType.CLUSTER_IP, kplus.ServiceType.EXTERNAL_NAME])('nor by the base class: %s', type => {
    const local = service();
    Object.assign(local, { type, externalName: 'example.com' });
    expect(synthErrors(local)[0]).toContain(`CIP101: Service ${local.name}: spec.type is "${type}"`);
  });

  test.each([JsonPatch.replace('/spec/externalTrafficPolicy', 'Cluster'), JsonPatch.remove('/spec/externalTrafficPolicy')])('a patch of the policy is an error', op => {
    expect(synthErrors(patch(service(), op))[0]).toMatch(/CIP100: .* spec\.externalTrafficPolicy is patched to ("Cluster"|undefined); of a LocalPolicyService only Local is allowed\. Remove the patch, or use a cdk8s-plus Service\./);
  });

  test('a patch of a port to a range is an error, and is not dropped', () => {
    expect(synthErrors(patch(service(), JsonPatch.replace('/spec/ports/0/port', '8000-8010')))[0]).toContain('CIP115: ');
    expect(manifestOf(patch(service(), JsonPatch.add('/spec/ports/0/endPort', 90)), 'Service').spec.ports[0].endPort).toBe(90);
  });

  test('a patch that does not fit is an error that says so', () => {
    expect(synthErrors(patch(service(), JsonPatch.replace('/spec/nothing/here', 1)))[0])
      .toContain('cannot be written: the JSON patch {"op":"replace","path":"/spec/nothing/here"} does not fit the manifest. Use a path that stands in the manifest as it is written.');
  });

  test('other patches are applied', () => {
    expect(manifestOf(patch(service(), JsonPatch.add('/spec/trafficDistribution', 'PreferClose')), 'Service').spec.trafficDistribution).toBe('PreferClose');
  });
});

test('it is a Service of cdk8s-plus', () => {
  expect(service()).toBeInstanceOf(kplus.Service);
});
