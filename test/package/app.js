// A user's app, in plain JavaScript, against the installed package.
const assert = require('assert');
const { App, Chart } = require('cdk8s');
const { ClientIpChecks, ClientIpPreservingService, Cluster, KubernetesVersion } = require('cdk8s-client-ip');

for (const version of [KubernetesVersion.V1_27, KubernetesVersion.V1_31]) {
  const app = new App();
  Cluster.describe(app, { kubernetesVersion: version, nodes: 3 });
  const chart = new Chart(app, 'web');
  const web = new ClientIpPreservingService(chart, 'Web', { containers: [{ image: 'web', portNumber: 8080 }] });
  const yaml = app.synthYaml();
  assert.equal(yaml, app.synthYaml());
  assert.match(yaml, /externalTrafficPolicy: Local/);
  assert.match(yaml, version === KubernetesVersion.V1_31 ? /matchLabelKeys/ : /cdk8s-client-ip\/generation/);
  assert.deepEqual(ClientIpChecks.of(app).findings(), []);

  web.service.apiObject.addJsonPatch(require('cdk8s').JsonPatch.replace('/spec/type', 'ClusterIP'));
  assert.throws(() => app.synthYaml(), /\[web\/Web\/Service\/Resource\] CIP101: /);
}

const { version } = require('cdk8s/package.json');
console.log(`works with cdk8s ${version}, constructs ${require('constructs/package.json').version}, cdk8s-plus-27 ${require('cdk8s-plus-27/package.json').version}`);
