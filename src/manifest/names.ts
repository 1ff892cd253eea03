/** The last part of a qualified name, and a label's value. */
const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * A DNS subdomain (RFC 1123), as most objects are called.
 */
export function isSubdomain(name: string): boolean {
  return name.length <= 253 && SUBDOMAIN.test(name);
}

/**
 * A key of labels and annotations: a name, after a DNS subdomain and a slash if need be.
 */
export function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  return slash < 0 ? NAME.test(key) : isSubdomain(key.slice(0, slash)) && NAME.test(key.slice(slash + 1));
}

export function isLabelValue(value: unknown): boolean {
  return typeof value === 'string' && (value === '' || NAME.test(value));
}
