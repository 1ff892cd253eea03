// A trial cluster of one node: both pods run there, and spread once there are more nodes.
import { App, Chart } from 'cdk8s';
import { ClientIpPreservingService, Cluster, KubernetesVersion, Spread } from '../src';

const app = new App();
Cluster.describe(app, { kubernetesVersion: KubernetesVersion.V1_31, nodes: 1 });

const chart = new Chart(app, 'preferred-single-node', { disableResourceNameHashes: true });
new ClientIpPreservingService(chart, 'Web', {
  containers: [{ image: 'nginxinc/nginx-unprivileged:1.27', portNumber: 8080, securityContext: { user: 101, readOnlyRootFilesystem: false } }],
  ports: [{ port: 80, targetPort: 8080 }],
  spread: Spread.preferred({ weight: 100 }),
});

app.synth();
