/**
 * A function that computes once for each object. The model never changes, and many rules ask the same.
 */
export function memo<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return key => {
    let value = known.get(key);
    if (value === undefined) known.set(key, value = compute(key));
    return value;
  };
}
