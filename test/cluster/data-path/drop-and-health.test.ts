import { Manifest } from '../bench/api';
import { DataPath, ProxyMode } from '../bench/data-path';
import { figure } from '../bench/figures';
import { nodeAddresses } from '../bench/network';
import { settled } from '../bench/rollout';
import { bundle } from '../bench/subjects';
import { until } from '../bench/wait';

describe.each<ProxyMode>(['iptables', 'nftables'])('with kube-proxy in %s mode, two pods on three nodes', proxyMode => {
  let path: DataPath;
  let service: Manifest;
  let full: number[];
  let empty: number[];

  beforeAll(async () => {
    path = await DataPath.create({ nodes: 3, proxyMode });
    const subject = bundle({ kubernetesVersion: path.pool.version, nodes: 3 }, { replicas: 2 });
    await path.pool.apply(...subject.manifests);
    expect(await settled(path.pool, subject.deployment)).toBe(true);
    service = await path.pool.get(subject.service);
    ({ full, empty } = await path.occupied());
    await until('two nodes are healthy', 20, async () => await path.health(service, full[0]) === 200 && await path.health(service, full[1]) === 200 || undefined);
  });
  afterAll(() => path?.close());

  const nodePort = (node: number) => path.send({ protocol: 'tcp', host: nodeAddresses(node)[0], port: service.spec.ports[0].nodePort, count: 8, timeout: 1 });

  test('a node without a pod drops what comes to its node port, and its health check port says 503', async () => {
    expect(empty).toHaveLength(1);
    const fared = await nodePort(empty[0]);
    const health = await path.health(service, empty[0]);
    await figure(`${proxyMode}, a node without a pod: of 8 requests answered ${fared.answered}, lost ${JSON.stringify(fared.lost)}; health ${health}`);
    expect(fared.lost).toEqual({ timeout: 8 });
    expect(health).toBe(503);
  });

  test('a node with a pod answers, and its health check port says 200', async () => {
    for (const node of full) {
      const fared = await nodePort(node);
      const health = await path.health(service, node);
      await figure(`${proxyMode}, a node with a pod: of 8 requests answered ${fared.answered}; health ${health}`);
      expect(fared.answered).toBe(8);
      expect(Object.keys(fared.nodes)).toEqual([path.pool.nodes[node - 1]]);
      expect(health).toBe(200);
    }
  });

  test('callers in the cluster reach the cluster IP from every node, and from pods', async () => {
    const callers = [...full, ...empty].map(node => `node-${node}`).concat((await path.pool.pods()).map(pod => path.podNamespace(pod)));
    for (const caller of callers) {
      const fared = await path.send({ protocol: 'tcp', host: service.spec.clusterIP, port: 80, count: 40 }, caller);
      expect(fared).toMatchObject({ answered: 40, lost: {} });
      expect(Object.keys(fared.nodes)).toHaveLength(2);
    }
    await figure(`${proxyMode}, cluster IP: 40 of 40 answered from each of 3 nodes and 2 pods`);
  });
});
