// Two zones: one pod a node, and as many pods in one zone as in the other, so that balancers without
// cross-zone balancing divide fairly too.
import { App, Chart } from 'cdk8s';
import { ClientIpPreservingService, Cluster, KubernetesVersion, Spread, ZoneSpread } from '../src';

const app = new App();
Cluster.describe(app, { kubernetesVersion: KubernetesVersion.V1_33, nodes: 6, zones: 2 });

const chart = new Chart(app, 'two-zones', { disableResourceNameHashes: true });
new ClientIpPreservingService(chart, 'Web', {
  containers: [{ image: 'nginxinc/nginx-unprivileged:1.27', portNumber: 8080, securityContext: { user: 101, readOnlyRootFilesystem: false } }],
  ports: [{ port: 80, targetPort: 8080 }],
  replicas: 4,
  spread: Spread.required({ zones: ZoneSpread.REQUIRED }),
});

app.synth();
