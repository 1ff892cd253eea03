// A user's app, in plain JavaScript, against the installed package.
const assert = require('assert');
const { ApiObject, App, Chart, JsonPatch } = require('cdk8s');
const { ClientIpChecks, ClientIpPreservingService, Cluster, KubernetesVersion } = require('cdk8s-client-ip');

for (const version of [KubernetesVersion.V1_27, KubernetesVersion.V1_31]) {
  const app = new App();
  Cluster.describe(app, { kubernetesVersion: version, nodes: 3 });
  const chart = new Chart(app, 'web');
  const web = new ClientIpPreservingService(chart, 'Web', { containers: [{ image: 'web', portNumber: 8080 }] });
  ApiObject.of(web.service).addJsonPatch(JsonPatch.add('/spec/newerThanTheClass', true));
  const yaml = app.synthYaml();
  assert.match(yaml, /newerThanTheClass: true/);
  assert.equal(yaml, app.synthYaml());
  assert.match(yaml, /externalTrafficPolicy: Local/);
  assert.match(yaml, version === KubernetesVersion.V1_31 ? /matchLabelKeys/ : /cdk8s-client-ip\/generation/);
  assert.deepEqual(ClientIpChecks.of(app).findings(), []);

  ApiObject.of(web.service).addJsonPatch(JsonPatch.replace('/spec/type', 'ClusterIP'));
  assert.throws(() => app.synthYaml(), /\[web\/Web\/Service\/Resource\] CIP101: /);
}

const { version } = require('cdk8s/package.json');
console.log(`works with cdk8s ${version}, constructs ${require('constructs/package.json').version}, cdk8s-plus-27 ${require('cdk8s-plus-27/package.json').version}`);
