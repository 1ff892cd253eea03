/**
 * Kubernetes JSON as it stands in a manifest: nothing is known of its shape.
 */
export type Json = any;

/**
 * The value if it is a dictionary, else an empty one.
 */
export function dictionary(value: Json): Record<string, Json> {
  return isDictionary(value) ? value : {};
}

/**
 * The value if it is a list, else an empty one.
 */
export function list(value: Json): Json[] {
  return Array.isArray(value) ? value : [];
}

export function isDictionary(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isIntegerIn(value: Json, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}

/**
 * A value as a message shows it: JSON on one line, cut when long. NaN stays NaN.
 */
export function show(value: Json): string {
  const text = typeof value === 'number' ? `${value}` : JSON.stringify(value) ?? `${value}`;
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/**
 * Text with sorted keys: equal values give equal text, in whatever order they were built.
 */
export function canonical(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return `${value}`;
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${canonical(item)},`;
    return `[${text}]`;
  }
  for (const key of Object.keys(value).sort()) {
    if (value[key] !== undefined) text += `${JSON.stringify(key)}:${canonical(value[key])},`;
  }
  return `{${text}}`;
}

/**
 * A copy of its own at every depth. What stands in two places of a manifest would be written
 * as an alias in YAML.
 */
export function copy(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  const result: Record<string, Json> = {};
  for (const key of Object.keys(value)) result[key] = copy(value[key]);
  return result;
}

/**
 * A copy with its keys in the order of the alphabet, without those that are undefined.
 */
export function tidy(value: Record<string, Json>): Record<string, Json> {
  const result: Record<string, Json> = {};
  for (const key of Object.keys(value).sort()) {
    if (value[key] !== undefined) result[key] = value[key];
  }
  return result;
}

/**
 * A tidy copy with `defaults` where `stated` has nothing.
 */
export function fillUnset(stated: Json, defaults: Record<string, Json>): Record<string, Json> {
  const filled = { ...dictionary(stated) };
  for (const key of Object.keys(defaults)) filled[key] ??= defaults[key];
  return tidy(filled);
}

/** The greatest of Kubernetes' 32-bit integers. */
export const MAX_INT32 = 2147483647;

/**
 * A copy without what is null: the API server takes it as not stated.
 */
export function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isDictionary(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== null).map(([k, v]) => [k, withoutNulls(v)]));
}

/**
 * Values by key, both in their order.
 */
export function groupBy<K, V>(values: Iterable<V>, keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}
