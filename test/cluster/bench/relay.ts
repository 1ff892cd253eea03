import { existsSync, writeFileSync } from 'node:fs';
import { AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { kubeconfig } from './control-plane';
import { until } from './wait';

/** Makes the API server, which lives in namespaces of its own, reachable from here, and stays until Ctrl-C. */
async function main(): Promise<void> {
  const directory = process.env.LAB_DIRECTORY!;
  const socket = join(directory, 'api.sock');
  await until('the cluster is up', 180, () => existsSync(socket) || undefined);
  const relay = createServer(caller => {
    const server = connect(socket);
    caller.on('error', () => server.destroy()).pipe(server).on('error', () => caller.destroy()).pipe(caller);
  });
  relay.listen(0, '127.0.0.1', () => {
    const file = join(directory, 'kubeconfig');
    writeFileSync(file, kubeconfig(`https://127.0.0.1:${(relay.address() as AddressInfo).port}`), { mode: 0o600 });
    console.log(`The cluster is up, with three nodes. Ctrl-C takes it down.\n\n    export KUBECONFIG=${file}\n`);
  });
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
