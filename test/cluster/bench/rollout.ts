import { Manifest, objectPath } from './api';
import { Pool } from './pool';
import { sleep } from './wait';
import { isReady, ServingNodes } from './watcher';

export interface Rollout {
  /** Whether the Deployment reports complete in time. */
  readonly completed: boolean;
  readonly seconds: number;
  /** Nodes that served before and after; before; after. */
  readonly kept: number;
  readonly before: number;
  readonly after: number;
  /** Nodes that served and had no ready pod at some moment, each time it happened. */
  readonly wentEmpty: string[];
  /** Moments at which no node served. */
  readonly blackouts: number;
  /** How many events were seen. */
  readonly events: number;
  /** What the scheduler says of the pods that wait at the end. */
  readonly pending: string[];
}

/** Does something to a settled workload, and watches every pod until it has settled again. */
export async function rollOut(pool: Pool, workload: Manifest, act: () => Promise<unknown>, limit = 60): Promise<Rollout> {
  const serving = await ServingNodes.follow(pool);
  const before = serving.nodes;
  const start = Date.now();
  await act();
  const completed = await settled(pool, workload, limit);
  const seconds = (Date.now() - start) / 1000;
  await sleep(0.2);
  serving.stop();
  if (serving.interruptions.length) {
    throw new Error(`the watch was interrupted: ${serving.interruptions}`);
  }
  return {
    completed,
    seconds,
    before: before.length,
    after: serving.nodes.length,
    kept: serving.nodes.filter(node => before.includes(node)).length,
    wentEmpty: serving.wentEmpty,
    blackouts: serving.blackouts,
    events: serving.events,
    pending: await pendingReasons(pool),
  };
}

/** Waits until a Deployment's status says that it is complete, and no pod of the pool is starting or stopping. */
export async function settled(pool: Pool, workload: Manifest, seconds = 60): Promise<boolean> {
  const { namespace, name } = pool.place(workload).metadata;
  let finish: () => void = () => undefined;
  const finished = new Promise<boolean>(resolve => finish = () => resolve(true));
  let complete = false;
  // The two watches are not in step: what one has seen, the other may not have yet. So ask.
  const check = async () => complete && (await pool.pods()).every(isReady) && complete && finish();
  const stops = [
    await pool.api.watch(`/apis/apps/v1/namespaces/${namespace}/deployments?fieldSelector=metadata.name=${name}`, (_, { metadata, spec, status }) => {
      complete = status?.observedGeneration === metadata.generation
        && [status.replicas, status.updatedReplicas, status.availableReplicas].every(count => (count ?? 0) === spec.replicas);
      void check();
    }),
    await pool.api.watch(`/api/v1/namespaces/${namespace}/pods`, () => void check()),
  ];
  const inTime = await Promise.race([finished, sleep(seconds).then(() => false)]);
  stops.forEach(stop => stop());
  return inTime;
}

/** Why pods are Pending, in the scheduler's words. */
export async function pendingReasons(pool: Pool): Promise<string[]> {
  return (await pool.pods()).filter(pod => !pod.spec.nodeName).map(pod =>
    pod.status.conditions?.find((condition: Manifest) => condition.type === 'PodScheduled')?.message ?? 'not looked at yet');
}

/** What `kubectl rollout restart` does. */
export async function restart(pool: Pool, workload: Manifest): Promise<void> {
  await pool.api.merge(objectPath(pool.place(workload)), {
    spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() } } } },
  });
}

export async function scale(pool: Pool, workload: Manifest, replicas: number): Promise<void> {
  await pool.api.merge(objectPath(pool.place(workload)), { spec: { replicas } });
}
