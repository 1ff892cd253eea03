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
 * How long a container waits before it is told to stop.
 */
export interface PreStop {
  /** 0 without an action; undefined where the action does not tell. */
  readonly seconds?: number;
  /** The `sleep` action, whose length the API server checks. */
  readonly action?: boolean;
  /** Read from the text of a shell's command, which may do anything else. */
  readonly guessed?: boolean;
}

export function preStopOf(container: Record<string, Json>): PreStop {
  const { preStop } = dictionary(container.lifecycle);
  if (preStop === undefined) return { seconds: 0 };
  const { sleep, exec } = dictionary(preStop);
  if (typeof dictionary(sleep).seconds === 'number') return { seconds: sleep.seconds, action: true };
  const words = list(dictionary(exec).command).filter(word => typeof word === 'string');
  if (words.length === 2 && /^(.*\/)?sleep$/.test(words[0])) {
    const seconds = /^(\d+(?:\.\d+)?)s?$/.exec(words[1])?.[1];
    return seconds === undefined ? {} : { seconds: Number(seconds) };
  }
  const naps = [...words.join(' ').matchAll(/(?:^|[\s/;&])sleep (\d+(?:\.\d+)?)s?(?=$|[\s;&])/g)].map(([, seconds]) => Number(seconds));
  return naps.length === 0 ? {} : { seconds: naps.reduce((sum, nap) => sum + nap), guessed: true };
}
