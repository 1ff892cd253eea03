import { ApiObject, JsonPatch, Lazy, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { amend } from '../../src/manifest/amend';

const object = () => new ApiObject(Testing.chart(), 'Object', { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'thing' }, spec: { stated: 1 } } as any);
const fillOne = { fill: (manifest: any) => ({ ...manifest, spec: { filled: 1, ...manifest.spec } }) };

test('what an amendment fills is in the manifest', () => {
  const thing = object();
  amend(thing, fillOne);
  expect(thing.toJson().spec).toEqual({ filled: 1, stated: 1 });
});

test('JSON patches see what was filled, and a seal what was patched', () => {
  const thing = object();
  amend(thing, { seal: manifest => ({ ...manifest, sealed: manifest.spec.filled }) });
  thing.addJsonPatch(JsonPatch.replace('/spec/filled', 2));
  amend(thing, fillOne);
  expect(thing.toJson().sealed).toBe(2);
});

test('patches of before see it too', () => {
  const thing = object();
  thing.addJsonPatch(JsonPatch.replace('/spec/filled', 'patched'));
  amend(thing, fillOne);
  expect(thing.toJson().spec.filled).toBe('patched');
});

test('patches by the method of the class, as callers from other languages add them, are as good', () => {
  const pod = new kplus.k8s.KubePod(Testing.chart(), 'Pod', { spec: { containers: [{ name: 'a' }] } });
  amend(pod, {});
  ApiObject.prototype.addJsonPatch.call(pod, JsonPatch.add('/spec/containers/0/restartPolicyRules', []));
  expect(pod.toJson().spec.containers[0].restartPolicyRules).toEqual([]);
});

test('patches stay where they were when writing fails', () => {
  const service = new kplus.Service(Testing.chart(), 'Service');
  amend(ApiObject.of(service), {});
  ApiObject.of(service).addJsonPatch(JsonPatch.add('/spec/new', 1));
  expect(() => ApiObject.of(service).toJson()).toThrow('must be configured with a port');
  service.bind(80);
  expect(ApiObject.of(service).toJson().spec.new).toBe(1);
});

test('fields that the generated classes of cdk8s-plus do not know stay', () => {
  const pod = new kplus.k8s.KubePod(Testing.chart(), 'Pod', { spec: { containers: [{ name: 'a' }] } });
  amend(pod, {});
  pod.addJsonPatch(JsonPatch.add('/spec/containers/0/lifecycle', { preStop: { sleep: { seconds: 5 } } }));
  expect(pod.toJson().spec.containers[0].lifecycle.preStop.sleep.seconds).toBe(5);
});

test('patches that come while it is written are as good, and keep their order', () => {
  const chart = Testing.chart();
  let count = 0;
  const pod = new kplus.k8s.KubePod(chart, 'Pod', {
    spec: Lazy.any({
      produce: () => {
        if (count++ === 0) pod.addJsonPatch(JsonPatch.add('/spec/list/-', 2));
        return { containers: [{ name: 'a' }] };
      },
    }) as any,
  });
  amend(pod, {});
  pod.addJsonPatch(JsonPatch.add('/spec/list', [1]));
  expect(pod.toJson().spec.list).toEqual([1, 2]);
  expect(pod.toJson().spec.list).toEqual([1, 2]);
});

test('writing twice gives the same, and leaves no trace in sight', () => {
  const thing = object();
  const keys = Object.keys(thing);
  amend(thing, fillOne);
  thing.addJsonPatch(JsonPatch.add('/spec/list', [1]), JsonPatch.add('/spec/list/-', 2));
  expect(thing.toJson()).toEqual(thing.toJson());
  expect(Object.keys(thing)).toEqual(keys);
});
