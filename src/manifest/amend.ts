import { ApiObject, JsonPatch } from 'cdk8s';
import { Json } from './json';

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

interface Amended {
  readonly amendments: Amendment[];
  readonly patches: JsonPatch[];
}

const AMENDED = Symbol('cdk8s-client-ip.amended');

/**
 * Amends what an object is written as. This is the one place that reaches under cdk8s.
 *
 * The generated classes of cdk8s-plus apply JSON patches first, and then copy only the
 * fields that their version of Kubernetes had: `matchLabelKeys`, `preStop.sleep` and plain
 * numbers disappear without a word. So amendments, and from now on JSON patches too, are
 * applied to what comes out of that: real Kubernetes JSON, with the names that the written
 * manifest shows. It works for any ApiObject, whatever made it.
 */
export function amend(object: ApiObject, amendment: Amendment): void {
  (amendedState(object) ?? wrap(object)).amendments.push(amendment);
}

function amendedState(object: ApiObject): Amended | undefined {
  return (object as any)[AMENDED];
}

function wrap(object: ApiObject): Amended {
  const state: Amended = { amendments: [], patches: [] };
  const write = object.toJson.bind(object);
  define(object, AMENDED, state);
  define(object, 'addJsonPatch', (...ops: JsonPatch[]) => { state.patches.push(...ops); });
  define(object, 'toJson', () => {
    const { amendments, patches } = state;
    const filled = amendments.reduce((manifest, { fill }) => fill?.(manifest) ?? manifest, write());
    const patched = patches.length > 0 ? JsonPatch.apply(filled, ...patches) : filled;
    return amendments.reduce((manifest, { seal }) => seal?.(manifest) ?? manifest, patched);
  });
  return state;
}

function define(object: ApiObject, name: string | symbol, value: unknown): void {
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
}
