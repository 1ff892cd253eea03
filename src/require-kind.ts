import { show } from './manifest/json';

/**
 * Refuses what is none of our enum-like classes, such as the `spread: true` of cdk8s-plus. Looks for a
 * member, so that objects from another copy of the library pass.
 *
 * @param prop the prop's name
 * @param value what was given
 * @param member a member that the class has
 * @param allowed what to use
 */
export function requireKind(prop: string, value: any, member: string, allowed: string): void {
  if (typeof value === 'object' && value !== null && member in value) return;
  throw new Error(`${prop} ${show(value)} is not allowed. Use ${allowed}.`);
}
