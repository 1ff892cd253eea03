import { Sandbox } from './kubelet';
import { sleep } from './wait';

let started = 0;

/**
 * Runs nothing: pods of this runtime exist for the control plane only. They
 * take a moment to start and another to stop, so that rollouts take their steps
 * one by one, and not in step.
 */
export async function hollow(): Promise<Sandbox> {
  await sleep(0.1 + Math.random() * 0.9);
  started += 1;
  return {
    ips: [`192.0.2.${started % 250}`, `2001:db8::${started.toString(16)}`],
    probe: async () => true,
    exec: async command => sleep(Number(/sleep (\d+)/.exec(command.join(' '))?.[1] ?? 0)),
    terminate: () => sleep(0.2),
    remove: async () => undefined,
  };
}
