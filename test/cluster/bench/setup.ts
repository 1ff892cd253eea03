import { existsSync } from 'node:fs';
import { KUBECONFIG, startControlPlane } from './control-plane';

/** Starts the control plane once for all test files, unless they are to use another. */
export default async function (): Promise<void> {
  if (process.env.KUBECONFIG) {
    return;
  }
  process.env.KUBECONFIG = KUBECONFIG;
  if (!existsSync(KUBECONFIG)) {
    await startControlPlane();
  }
}
