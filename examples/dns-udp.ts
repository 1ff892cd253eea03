// A DNS server: UDP and TCP on one port number, with a balancer outside the cluster that
// checks the node ports itself.
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { ClientIpPreservingService, Cluster, Exposure, KubernetesVersion, Spread } from '../src';

const app = new App();
Cluster.describe(app, { kubernetesVersion: KubernetesVersion.V1_30, nodes: 3 });

const chart = new Chart(app, 'dns-udp', { disableResourceNameHashes: true });
const config = new kplus.ConfigMap(chart, 'Config', { data: { Corefile: '.:5353 {\n  log\n  forward . /etc/resolv.conf\n}\n' } });

new ClientIpPreservingService(chart, 'Dns', {
  containers: [{
    name: 'coredns',
    image: 'coredns/coredns:1.12.0',
    args: ['-conf', '/etc/coredns/Corefile'],
    ports: [
      { name: 'dns', number: 5353, protocol: kplus.Protocol.UDP },
      { name: 'dns-tcp', number: 5353, protocol: kplus.Protocol.TCP },
    ],
    securityContext: { user: 65532 },
    volumeMounts: [{ path: '/etc/coredns', volume: kplus.Volume.fromConfigMap(chart, 'Corefile', config) }],
  }],
  ports: [
    { name: 'dns', port: 53, targetPort: 5353, protocol: kplus.Protocol.UDP },
    { name: 'dns-tcp', port: 53, targetPort: 5353, protocol: kplus.Protocol.TCP },
  ],
  replicas: 6,
  spread: Spread.even(),
  exposure: Exposure.nodePort({ externallyHealthChecked: true, nodePorts: { 'dns': 30053, 'dns-tcp': 30053 } }),
});

app.synth();
