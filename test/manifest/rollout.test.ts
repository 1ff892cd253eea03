import { isCount, rolloutBounds } from '../../src/manifest/rollout';

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

test.each([0, 5, '0%', '150%'])('%s is a count', value => expect(isCount(value)).toBe(true));
test.each([-1, 1.5, NaN, Infinity, '5', '1.5%', '-5%', '%', null, undefined, {}])('%s is no count', value => expect(isCount(value)).toBe(false));
