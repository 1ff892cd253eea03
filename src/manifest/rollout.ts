import { dictionary, Json } from './json';

/**
 * How many pods a rolling update may add and take away at a time.
 */
export interface RolloutBounds {
  readonly surge: number;
  readonly unavailable: number;
}

/**
 * Resolves a Deployment's strategy as its controller does: surge rounds up, unavailable
 * rounds down, and where both come to 0, one pod may be unavailable.
 *
 * @returns undefined for `Recreate`
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
 */
export function rolloutBounds(strategy: Json, replicas: number): RolloutBounds | undefined {
  const { type, rollingUpdate } = dictionary(strategy);
  if (type === 'Recreate') return undefined;
  const { maxSurge, maxUnavailable } = dictionary(rollingUpdate);
  const surge = resolveCount(maxSurge ?? '25%', replicas, Math.ceil);
  const unavailable = resolveCount(maxUnavailable ?? '25%', replicas, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/**
 * An IntOrString as a number of pods.
 */
export function resolveCount(value: Json, of: number, round: (x: number) => number): number {
  const percent = percentage(value);
  if (percent !== undefined) return round((percent * of) / 100);
  return typeof value === 'number' ? value : 0;
}

/**
 * The number in `25%`, or undefined where the value is no percentage.
 */
export function percentage(value: Json): number | undefined {
  const digits = typeof value === 'string' ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Whether a value says how many pods: an integer from 0 on, or a whole percentage.
 */
export function isCount(value: Json): boolean {
  return typeof value === 'number' ? Number.isSafeInteger(value) && value >= 0 : percentage(value) !== undefined;
}
