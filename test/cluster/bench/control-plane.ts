import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { Api } from './api';
import { API_SERVER, POD_CIDRS, raiseWire, SERVICE_CIDRS } from './network';
import { Process, STATE } from './process';
import { until } from './wait';

export const KUBECONFIG = join(STATE, 'kubeconfig');
const TOKEN = 'lab';

export function component(name: string, ...flags: string[]): string[] {
  const binary = process.env.LAB_COMPONENTS;
  if (!binary) {
    throw new Error('LAB_COMPONENTS is unset: start the lab with test/cluster/lab');
  }
  return [binary, name, ...flags];
}

/** Starts etcd, the API server, the controller manager and the scheduler. */
export async function startControlPlane(): Promise<void> {
  await raiseWire();
  mkdirSync(STATE, { recursive: true });
  const file = (name: string, content: string) => {
    writeFileSync(join(STATE, name), content, { mode: 0o600 });
    return join(STATE, name);
  };
  const key = file('service-account.key', generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const tokens = file('tokens.csv', `${TOKEN},lab,lab,system:masters\n`);
  file('kubeconfig', kubeconfig(`https://${API_SERVER}:6443`));

  const processes = [
    new Process('etcd', component('etcd', `--data-dir=${STATE}/etcd`, '--unsafe-no-fsync',
      '--listen-client-urls=http://127.0.0.1:2379', '--advertise-client-urls=http://127.0.0.1:2379', '--listen-peer-urls=http://127.0.0.1:2380')),
    new Process('kube-apiserver', component('kube-apiserver', '--etcd-servers=http://127.0.0.1:2379',
      `--advertise-address=${API_SERVER}`, `--cert-dir=${STATE}/certificates`, `--token-auth-file=${tokens}`, '--authorization-mode=AlwaysAllow',
      '--service-account-issuer=https://lab', `--service-account-key-file=${key}`, `--service-account-signing-key-file=${key}`,
      `--service-cluster-ip-range=${SERVICE_CIDRS}`, '--endpoint-reconciler-type=none')),
  ];
  const api = Api.default();
  await ready('the API server answers', processes, async () => (await api.get('/readyz')) === 'ok' || undefined);

  processes.push(
    new Process('kube-controller-manager', component('kube-controller-manager', `--kubeconfig=${KUBECONFIG}`, '--leader-elect=false',
      `--service-account-private-key-file=${key}`, `--cluster-cidr=${POD_CIDRS}`, '--kube-api-qps=500', '--kube-api-burst=1000')),
    new Process('kube-scheduler', component('kube-scheduler', `--kubeconfig=${KUBECONFIG}`, '--leader-elect=false',
      '--kube-api-qps=500', '--kube-api-burst=1000')),
  );
  await ready('the controllers work', processes, async () => (await api.list('/api/v1/namespaces/default/serviceaccounts')).length || undefined);
}

async function ready<T>(what: string, processes: Process[], ask: () => Promise<T | undefined>): Promise<T> {
  return until(what, 120, ask).catch(error => {
    throw new Error([error.message, ...processes.map(each => `--- ${each.name}\n${each.tail()}`)].join('\n'));
  });
}

export function kubeconfig(server: string): string {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'lab', server, skipTLSVerify: true }, { name: 'lab', token: TOKEN });
  return config.exportConfig();
}
