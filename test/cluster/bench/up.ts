import { chmodSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { KUBECONFIG, startControlPlane } from './control-plane';
import { DataPath } from './data-path';
import { API_SERVER } from './network';

/** Starts a cluster of three nodes, and a way in from outside its namespaces: a Unix socket. See relay.ts. */
async function main(): Promise<void> {
  process.env.KUBECONFIG = KUBECONFIG;
  await startControlPlane();
  await DataPath.create({ nodes: 3, open: true });
  const socket = join(process.env.LAB_DIRECTORY!, 'api.sock');
  createServer(caller => {
    const server = connect(6443, API_SERVER);
    caller.on('error', () => server.destroy()).pipe(server).on('error', () => caller.destroy()).pipe(caller);
  }).listen(socket, () => chmodSync(socket, 0o600));
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
