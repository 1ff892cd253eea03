import { podSpecPath } from './exclusion';
import { dictionary, Json, list } from './json';
import { memo } from './memo';
import { Service, Workload } from './model';

/**
 * The annotation that says: a balancer outside the cluster checks the port itself, and
 * sends nothing to a node that does not answer.
 */
export const EXTERNALLY_HEALTH_CHECKED = 'cdk8s-client-ip/externally-health-checked';

export interface Container {
  readonly container: Record<string, Json>;
  readonly fieldPath: string;
}

/**
 * The containers that a workload's Local Services send traffic to: those that declare a
 * target port, or all where none does.
 */
export const servingContainers = memo((workload: Workload): Container[] => {
  const all = containersOf(workload);
  const serving = all.filter(({ container }) => workload.localServices.some(service => serves(container, service)));
  return serving.length > 0 ? serving : all;
});

export const containersOf = memo((workload: Workload): Container[] =>
  workload.containers.map((container, i) => ({ container, fieldPath: `${podSpecPath(workload)}.containers[${i}]` })));

function serves(container: Record<string, Json>, service: Service): boolean {
  return list(container.ports).map(dictionary).some(({ name, containerPort }) =>
    service.ports.map(dictionary).some(({ port, targetPort = port }) => targetPort === containerPort || (name !== undefined && targetPort === name)));
}

/**
 * How many seconds a container waits before it is told to stop: 0 without a preStop
 * action, undefined where the action does not tell.
 */
export function preStopDelay(container: Record<string, Json>): number | undefined {
  const { preStop } = dictionary(container.lifecycle);
  if (preStop === undefined) return 0;
  const { sleep, exec } = dictionary(preStop);
  if (typeof dictionary(sleep).seconds === 'number') return sleep.seconds;
  const command = list(dictionary(exec).command).filter(word => typeof word === 'string').join(' ');
  const seconds = /(?:^|[\s/;&])sleep (\d+(?:\.\d+)?)s?(?=$|[\s;&])/.exec(command)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
