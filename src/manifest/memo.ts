/**
 * A function that computes once for each object of the model, which never changes, and keeps
 * the value on it: many rules ask the same, and weak maps would keep the garbage collector busy.
 */
export function memo<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = Symbol();
  return (key: any) => key[known] ??= compute(key);
}
