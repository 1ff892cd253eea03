import { dictionary, isDictionary, Json, list } from './json';

export type Labels = Record<string, Json>;

/**
 * Whether a LabelSelector selects these labels. A missing selector selects nothing,
 * an empty one everything.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function selects(selector: Json, labels: Labels): boolean {
  if (!isDictionary(selector)) return false;
  for (const [key, value] of Object.entries(dictionary(selector.matchLabels))) {
    if (!Object.hasOwn(labels, key) || labels[key] !== value) return false;
  }
  return list(selector.matchExpressions).every(expression => meets(dictionary(expression), labels));
}

function meets(expression: Json, labels: Labels): boolean {
  const { key, operator } = expression;
  if (typeof key !== 'string') return false;
  const values = list(expression.values);
  switch (operator) {
    case 'In': return Object.hasOwn(labels, key) && values.includes(labels[key]);
    case 'NotIn': return !Object.hasOwn(labels, key) || !values.includes(labels[key]);
    case 'Exists': return Object.hasOwn(labels, key);
    case 'DoesNotExist': return !Object.hasOwn(labels, key);
    default: return false;
  }
}

/**
 * The keys that a LabelSelector asks for. What is no text is no key.
 */
export function selectorKeys(selector: Json): string[] {
  const { matchLabels, matchExpressions } = dictionary(selector);
  const keys = list(matchExpressions).map(expression => dictionary(expression).key);
  return [...Object.keys(dictionary(matchLabels)), ...keys.filter(key => typeof key === 'string')];
}

/**
 * Whether a LabelSelector has no condition at all.
 */
export function isEmptySelector(selector: Json): boolean {
  return isDictionary(selector) && Object.keys(dictionary(selector.matchLabels)).length === 0 && list(selector.matchExpressions).length === 0;
}
