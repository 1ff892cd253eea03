import { DataPath } from '../bench/data-path';
import { figure } from '../bench/figures';
import { nodeAddresses } from '../bench/network';
import { settled } from '../bench/rollout';
import { bundle } from '../bench/subjects';

test('kube-proxy under another name than its Node answers nothing; under the right name it does', async () => {
  const path = await DataPath.create({ nodes: 2, hostnameOverride: node => `${node}.example.internal` });
  try {
    const subject = bundle({ kubernetesVersion: path.pool.version, nodes: 2 }, { replicas: 2 });
    await path.pool.apply(...subject.manifests);
    expect(await settled(path.pool, subject.deployment)).toBe(true);
    const service = await path.pool.get(subject.service);

    for (const [title, expected] of [['another name than the Node', { answered: 0, lost: { timeout: 8 } }], ["the Node's name", { answered: 8, lost: {} }]] as const) {
      for (const node of [1, 2]) {
        if (expected.answered) {
          await path.startProxy(node, name => name);
        }
        await path.proxied(service, node);
        const fared = await path.send({ protocol: 'tcp', host: nodeAddresses(node)[0], port: service.spec.ports[0].nodePort, count: 8, timeout: 1 });
        const health = await path.health(service, node);
        await figure(`kube-proxy under ${title}, node ${node}: of 8 requests answered ${fared.answered}, lost ${JSON.stringify(fared.lost)}; health ${health}`);
        expect(fared).toMatchObject(expected);
        expect(health).toBe(expected.answered ? 200 : 503);
      }
    }
  } finally {
    await path.close();
  }
});
