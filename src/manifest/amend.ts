import { ApiObject, JsonPatch } from 'cdk8s';
import { Json, show, withoutNulls } from './json';

/**
 * A change to a manifest: a pure function from Kubernetes JSON to Kubernetes JSON, which
 * does nothing the second time. It throws where what the user states contradicts it.
 */
export interface Amendment {
  /** Fills what is unset. JSON patches see what it filled. */
  readonly fill?: (manifest: Json) => Json;
  /** Runs when all else is done, for what depends on the final manifest. */
  readonly seal?: (manifest: Json) => Json;
}

const AMENDMENTS = Symbol('cdk8s-client-ip.amendments');

/**
 * Amends what an object is written as. This is the one place that reaches under cdk8s.
 *
 * The generated classes of cdk8s-plus apply JSON patches first, and then copy only the
 * fields that their version of Kubernetes had: `matchLabelKeys`, `preStop.sleep` and plain
 * numbers disappear without a word. So amendments, and the JSON patches of an amended object
 * too, are applied to what comes out of that: real Kubernetes JSON, with the names that the
 * written manifest shows. It works for any ApiObject, whatever made it.
 */
export function amend(object: ApiObject, amendment: Amendment): void {
  const known: Amendment[] | undefined = (object as any)[AMENDMENTS];
  if (known) {
    known.push(amendment);
    return;
  }
  const amendments = [amendment];
  define(object, AMENDMENTS, amendments);
  const write = object.toJson.bind(object);
  define(object, 'toJson', () => {
    const { manifest, patches } = withoutPatches(object, write);
    const filled = amendments.reduce((json, { fill }) => fill?.(json) ?? json, manifest);
    const patched = patches.length > 0 ? withoutNulls(patches.reduce(applyPatch, filled)) : filled;
    return amendments.reduce((json, { seal }) => seal?.(json) ?? json, patched);
  });
}

/**
 * Writes an object as if it had no JSON patches, and says which those are. They are held back
 * here, and not when they are added, since callers from other languages reach the class's own
 * `addJsonPatch` and no other.
 */
function withoutPatches(object: any, write: () => Json): { manifest: Json; patches: JsonPatch[] } {
  const patches: JsonPatch[] = object.patches ?? [];
  const late: JsonPatch[] = [];
  // Takes what a Lazy may add meanwhile, and shows nothing. An array with an iterator of its own
  // would do, and would slow every other array of the process down.
  object.patches = { push: (...ops: JsonPatch[]) => late.push(...ops), [Symbol.iterator]: () => [][Symbol.iterator]() };
  try {
    return { manifest: write(), patches };
  } finally {
    patches.push(...late);
    object.patches = patches;
  }
}

function applyPatch(manifest: Json, patch: JsonPatch): Json {
  try {
    return JsonPatch.apply(manifest, patch);
  } catch {
    // The library's own message repeats the whole manifest.
    const { op, path } = (patch as any)._toJson();
    throw new Error(`the JSON patch ${show({ op, path })} does not fit the manifest. Use a path that stands in the manifest as it is written`);
  }
}

function define(object: ApiObject, name: string | symbol, value: unknown): void {
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
}
