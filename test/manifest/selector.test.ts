import * as fc from 'fast-check';
import { isEmptySelector, selectorKeys, selects } from '../../src/manifest/selector';

test.each<[any, boolean]>([
  [undefined, false],
  [null, false],
  [{}, true],
  [{ matchLabels: {} }, true],
  [{ matchLabels: { app: 'web' } }, true],
  [{ matchLabels: { app: 'web', tier: 'front' } }, false],
  [{ matchLabels: { app: 'api' } }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'web'] }] }, true],
  [{ matchExpressions: [{ key: 'tier', operator: 'In', values: ['web'] }] }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'Gt', values: ['1'] }] }, false],
  [{ matchExpressions: ['app'] }, false],
  [[], false],
])('%j selects {app: web}: %s', (selector, expected) => {
  expect(selects(selector, { app: 'web' })).toBe(expected);
});

test('NotIn is the opposite of In on a label that is there', () => {
  fc.assert(fc.property(fc.string(), fc.array(fc.string()), (value, values) => {
    const with_ = (operator: string) => selects({ matchExpressions: [{ key: 'a', operator, values }] }, { a: value });
    expect(with_('In')).toBe(!with_('NotIn'));
  }));
});

test('an empty selector has no condition at all', () => {
  expect([{}, { matchLabels: {} }, { matchExpressions: [] }].map(isEmptySelector)).toEqual([true, true, true]);
  expect([undefined, null, { matchLabels: { a: 'b' } }].map(isEmptySelector)).toEqual([false, false, false]);
});

test('a condition on what is no key is a condition still', () => {
  const strange = { matchExpressions: [{ key: { toString: 1 }, operator: 'Exists' }] };
  expect(selectorKeys(strange)).toEqual([]);
  expect(isEmptySelector(strange)).toBe(false);
  expect(selects(strange, { app: 'web' })).toBe(false);
});
