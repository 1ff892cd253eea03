// A container registry behind a Local Service, whose clients include the cluster's own nodes.
//
// People outside push and pull through the load balancer, and the registry logs who they are. A node
// that pulls through it fails wherever no registry pod runs, with some proxies and balancers, and then
// no pod can start there. So nodes and pods have an entry of their own, with policy Cluster, which
// answers on every node: pods use its DNS name, and each node's container runtime has
// http://<the node's own address>:30500 as a mirror of registry.example.com.
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { ClientIpPreservingService, Cluster, Drain, Exposure, KubernetesVersion } from '../src';

const app = new App();
Cluster.describe(app, { kubernetesVersion: KubernetesVersion.V1_31, nodes: 5 });

const chart = new Chart(app, 'registry', { namespace: 'registry', disableResourceNameHashes: true });
const storage = kplus.Secret.fromSecretName(chart, 'Storage', 'registry-storage');

const registry = new ClientIpPreservingService(chart, 'Registry', {
  metadata: { name: 'registry' },
  containers: [{
    name: 'registry',
    image: 'registry:3.0.0',
    portNumber: 5000,
    securityContext: { user: 1000 },
    // All replicas serve one bucket: credentials and its name come from the secret.
    envVariables: { REGISTRY_STORAGE: kplus.EnvValue.fromValue('s3') },
    envFrom: [kplus.Env.fromSecret(storage)],
    readiness: kplus.Probe.fromHttpGet('/v2/', { port: 5000 }),
  }],
  ports: [{ port: 443, targetPort: 5000 }],
  replicas: 3,
  exposure: Exposure.loadBalancer({ sourceRanges: ['203.0.113.0/24', '2001:db8::/32'] }),
  // A layer may take minutes to push.
  drain: Drain.delay(Duration.seconds(25)),
  terminationGracePeriod: Duration.minutes(10),
});

new kplus.Service(chart, 'Internal', {
  metadata: { name: 'registry-internal' },
  type: kplus.ServiceType.NODE_PORT,
  selector: registry.deployment,
  ports: [{ port: 5000, targetPort: 5000, nodePort: 30500 }],
});

app.synth();
