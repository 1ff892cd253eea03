import { cdk8s, javascript } from 'projen';

const DEV_FOLDERS = ['examples', 'benchmark', 'docs'];

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-client-ip',
  description: "Kubernetes Services that see their clients' real addresses, without the outages: externalTrafficPolicy Local, enforced spread and synth-time checks for cdk8s.",
  author: 'The cdk8s-client-ip authors',
  authorAddress: 'maintainers@cdk8s-client-ip.example',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk8s-client-ip/cdk8s-client-ip.git',
  license: 'Apache-2.0',
  stability: 'experimental',
  keywords: ['cdk8s', 'kubernetes', 'client-ip', 'source-ip', 'externalTrafficPolicy', 'anti-affinity'],
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  // Developed against the oldest versions that the peer ranges admit.
  cdk8sVersion: '2.70.0',
  constructsVersion: '10.3.0',
  peerDeps: ['cdk8s-plus-27@^2.9.0'],
  jsiiVersion: '~5.9.0',
  typescriptVersion: '~5.9.0',
  devDeps: ['@kubernetes/client-node@^1.4.0', '@types/node@^20', 'fast-check', 'kubernetes-models', 'tsx', 'yaml'],
  minNodeVersion: '20.0.0',
  publishToPypi: { distName: 'cdk8s-client-ip', module: 'cdk8s_client_ip' },
  publishToMaven: { mavenGroupId: 'io.github.cdk8sclientip', mavenArtifactId: 'cdk8s-client-ip', javaPackage: 'io.github.cdk8sclientip' },
  publishToNuget: { packageId: 'Cdk8sClientIp', dotNetNamespace: 'Cdk8sClientIp' },
  publishToGo: { moduleName: 'github.com/cdk8s-client-ip/cdk8s-client-ip-go' },
  github: false,
  release: false,
  depsUpgrade: false,
  integrationTestAutoDiscover: false,
  docgen: true,
  npmIgnoreOptions: { ignorePatterns: ['/.ci/', '/benchmark/', '/docs/', '/examples/', '/CONTRIBUTING.md'] },
  jestOptions: {
    // Never rewrite a snapshot while testing; `npx projen test:update` does.
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    junitReporting: false,
    jestConfig: {
      collectCoverage: false,
      // The cluster lab needs root and Go, and has a task of its own.
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/cluster/'],
    },
  },
  eslintOptions: { dirs: ['src'], devdirs: ['test', ...DEV_FOLDERS] },
});

project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
// Newer releases leave platform packages out of the lockfile, and `npm ci` fails.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// Type-checks what jest and tsx only transpile.
for (const folder of DEV_FOLDERS) {
  new javascript.TypescriptConfig(project, {
    fileName: `${folder}/tsconfig.json`,
    extends: javascript.TypescriptConfigExtends.fromPaths(['../test/tsconfig.json']),
    compilerOptions: { rootDir: '..', noEmit: true },
    include: ['**/*.ts', '../src/**/*.ts'],
  });
}
// The cluster lab's client is an ES module, which only jest and tsx load from here.
project.tsconfigDev.addExclude('cluster');
new javascript.TypescriptConfig(project, {
  fileName: 'test/cluster/tsconfig.json',
  extends: javascript.TypescriptConfigExtends.fromPaths(['../tsconfig.json']),
  compilerOptions: { module: 'commonjs', moduleResolution: javascript.TypeScriptModuleResolution.NODE10, rootDir: '../..', noEmit: true },
  include: ['**/*.ts'],
});
for (const folder of ['test', 'test/cluster', ...DEV_FOLDERS]) {
  project.testTask.exec(`tsc -p ${folder}/tsconfig.json --noEmit`);
}

project.addTask('examples', {
  description: 'Synthesizes every example into dist/ and prints what it wrote',
  exec: 'tsx examples/all.ts',
});
project.addTask('benchmark', {
  description: 'Prints the cost of this library as ratios to plain cdk8s-plus',
  steps: [{ spawn: 'compile' }, { exec: 'tsx benchmark/main.ts', receiveArgs: true }],
});
project.addTask('lab', {
  description: 'Runs the cluster lab: test, or up',
  exec: 'test/cluster/lab',
  receiveArgs: true,
});
project.addTask('rules', {
  description: 'Writes RULES.md from the rules',
  exec: 'tsx docs/rules.ts',
});

project.synth();
