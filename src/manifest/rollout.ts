import { dictionary, isIntegerIn, Json, MAX_INT32, show } from './json';

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
 * Refuses what says no number of pods: an integer from 0 on, or a whole percentage.
 *
 * @param what the option's name
 * @param count what was given, with its value
 * @param most the greatest percentage that Kubernetes takes
 * @returns the value
 */
export function requireCount(what: string, count: Json, most = Infinity): Json {
  const value = dictionary(count).value;
  const percent = percentage(value);
  if (percent === undefined ? isIntegerIn(value, 0, MAX_INT32) : percent <= most) return value;
  const allowed = Number.isFinite(most) ? ` of at most ${most} %` : '';
  throw new Error(`${what} ${value ?? show(count)} is not allowed. Give an integer from 0 on by kplus.PercentOrAbsolute.absolute(), or a whole percentage${allowed} by kplus.PercentOrAbsolute.percent().`);
}
