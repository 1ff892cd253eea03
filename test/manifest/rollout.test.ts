import { requireCount, rolloutBounds } from '../../src/manifest/rollout';

test('the defaults round as the Deployment controller does', () => {
  const bounds = Array.from({ length: 10 }, (_, i) => rolloutBounds(undefined, i + 1)!).map(({ surge, unavailable }) => `${surge}/${unavailable}`);
  expect(bounds).toEqual(['1/0', '1/0', '1/0', '1/1', '2/1', '2/1', '2/1', '2/2', '3/2', '3/2']);
});

test('where both come to 0, one pod may be unavailable', () => {
  expect(rolloutBounds({ rollingUpdate: { maxSurge: 0, maxUnavailable: '10%' } }, 3)).toEqual({ surge: 0, unavailable: 1 });
});

test('Recreate has none', () => {
  expect(rolloutBounds({ type: 'Recreate' }, 3)).toBeUndefined();
});

test.each([0, 5, '0%', '150%'])('%s is a count', value => expect(requireCount('surge', { value })).toBe(value));

test.each([-1, 1.5, NaN, Infinity, '5', '1.5%', '-5%', '%'])('%s is no count', value => {
  expect(() => requireCount('surge', { value })).toThrow(`surge ${value} is not allowed. Give an integer from 0 on by kplus.PercentOrAbsolute.absolute(), or a whole percentage by kplus.PercentOrAbsolute.percent().`);
});

test('more than all cannot be missing', () => {
  expect(requireCount('missing', { value: '100%' }, 100)).toBe('100%');
  expect(() => requireCount('missing', { value: '101%' }, 100)).toThrow('missing 101% is not allowed. Give an integer from 0 on by kplus.PercentOrAbsolute.absolute(), or a whole percentage of at most 100 % by');
});

test('a bare number, which JavaScript lets pass, is named', () => {
  expect(() => requireCount('surge', 1)).toThrow('surge 1 is not allowed.');
});
