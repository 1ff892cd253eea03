import { createHash } from 'crypto';
import { canonical, dictionary, Json, show } from './json';

/**
 * The label that tells generations of pods apart where the scheduler cannot: below
 * Kubernetes 1.31. Its value is a hash of the pod template.
 */
export const GENERATION_LABEL = 'cdk8s-client-ip/generation';

/** Stands for the hash until the template is final. No legal label value, so nobody's own. */
export const THIS_GENERATION = '<this generation>';

/**
 * Puts the hash of the final pod template on the template, and in place of
 * `THIS_GENERATION` in it. A template whose affinity does not mention it is left alone.
 */
export function sealGeneration(manifest: Json): Json {
  const template = dictionary(dictionary(manifest.spec).template);
  if (!mentions(dictionary(template.spec).affinity, THIS_GENERATION)) return manifest;
  const labels = dictionary(dictionary(template.metadata).labels);
  if (labels[GENERATION_LABEL] !== undefined) {
    throw new Error(`the label ${GENERATION_LABEL} of the pods is stated as ${show(labels[GENERATION_LABEL])}, and is a hash that is made of their template. Remove it`);
  }
  const hash = createHash('sha256').update(canonical(template)).digest('hex').slice(0, 10);
  const sealed = replace(template, THIS_GENERATION, hash);
  const metadata = { ...sealed.metadata, labels: { ...labels, [GENERATION_LABEL]: hash } };
  return { ...manifest, spec: { ...manifest.spec, template: { ...sealed, metadata } } };
}

function mentions(value: Json, text: string): boolean {
  if (value === text) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(v => mentions(v, text));
}

function replace(value: Json, text: string, by: string): Json {
  if (value === text) return by;
  if (Array.isArray(value)) return value.map(v => replace(v, text, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, replace(v, text, by)]));
}
