// The smallest: a web server that sees its clients' addresses.
import { App, Chart } from 'cdk8s';
import { ClientIpPreservingService, Cluster, KubernetesVersion } from '../src';

const app = new App();
Cluster.describe(app, { kubernetesVersion: KubernetesVersion.V1_31, nodes: 3 });

const chart = new Chart(app, 'web', { disableResourceNameHashes: true });
new ClientIpPreservingService(chart, 'Web', {
  containers: [{ image: 'nginxinc/nginx-unprivileged:1.27', portNumber: 8080, securityContext: { user: 101, readOnlyRootFilesystem: false } }],
  ports: [{ port: 80, targetPort: 8080 }],
  replicas: 3,
});

app.synth();
