import { Manifest } from '../bench/api';
import { Balancer } from '../bench/balancer';
import { DataPath, ProxyMode } from '../bench/data-path';
import { figure } from '../bench/figures';
import { nodeAddresses } from '../bench/network';
import { settled } from '../bench/rollout';
import { bundle, inFamily } from '../bench/subjects';
import { until } from '../bench/wait';

const REQUESTS = 1000;

describe.each<ProxyMode>(['iptables', 'nftables'])('with kube-proxy in %s mode', proxyMode => {
  let path: DataPath;

  beforeAll(async () => {
    path = await DataPath.create({ nodes: 3, proxyMode });
    const { deployment } = bundle({ kubernetesVersion: path.pool.version, nodes: 3 }, { replicas: 3 });
    await path.pool.apply(deployment);
    expect(await settled(path.pool, deployment)).toBe(true);
  });
  afterAll(() => path?.close());

  describe.each(['IPv4', 'IPv6'] as const)('over %s', family => {
    const version = family === 'IPv4' ? 0 : 1;
    let local: Manifest;
    let balancer: Balancer;

    beforeAll(async () => {
      // One service a family: two proxies would fight over one health check port.
      local = bundle({ kubernetesVersion: path.pool.version, nodes: 3 }, { replicas: 3, exposure: inFamily(family) }).service;
      local.metadata.name += `-${family.toLowerCase()}`;
      await path.pool.apply(local);
      balancer = await Balancer.serve(path, local);
      await balancer.settle([1, 2, 3]);
    });
    afterAll(() => balancer?.stop());

    const peers = async (protocol: 'tcp' | 'udp', via: 'load balancer' | 'node port') => {
      const live = await path.pool.get(local);
      const port = live.spec.ports.find((each: Manifest) => each.protocol === protocol.toUpperCase());
      const to = via === 'load balancer' ? { host: balancer.address, port: port.port } : { host: nodeAddresses(2)[version], port: port.nodePort };
      return path.send({ protocol, count: REQUESTS, ...to });
    };

    test.each([['tcp', 'load balancer'], ['udp', 'load balancer'], ['tcp', 'node port'], ['udp', 'node port']] as const)(
      "Local keeps the client's address: %s through the %s", async (protocol, via) => {
        const fared = await peers(protocol, via);
        await figure(`${proxyMode} ${family} ${protocol} ${via}: ${REQUESTS} requests, seen from ${JSON.stringify(fared.peers)}, lost ${JSON.stringify(fared.lost)}`);
        expect(fared.peers).toEqual({ [path.clientAddresses[version]]: REQUESTS });
      });

    test("Cluster shows a node's", async () => {
      const before = await path.pool.get(local);
      const shared = { ...local, spec: { ...local.spec, externalTrafficPolicy: 'Cluster' } };
      await path.pool.apply(shared);
      await until('the health check port is gone', 20, async () => await path.health(before, 1) === undefined || undefined);
      await path.forgetFlows();
      await balancer.stop();
      balancer = await Balancer.serve(path, shared);
      await balancer.settle([1, 2, 3]);
      for (const [protocol, via] of [['tcp', 'load balancer'], ['udp', 'node port']] as const) {
        const fared = await peers(protocol, via);
        await figure(`${proxyMode} ${family} ${protocol} ${via} under Cluster: ${REQUESTS} requests, seen from ${JSON.stringify(fared.peers)}`);
        expect(fared.answered).toBe(REQUESTS);
        expect(Object.keys(fared.peers).filter(peer => !path.nodeAddresses.includes(peer))).toEqual([]);
      }
    });
  });
});
