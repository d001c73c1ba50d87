import { expect, test } from 'vitest';
import { toneOfUse, usedPercent } from './states';

test('a blocked user has a red bar, whatever is left', () => {
  expect([79.9, 80, 99.9, 100].map((percent) => toneOfUse(percent))).toEqual([
    'good',
    'alert',
    'alert',
    'blocked',
  ]);
  expect(toneOfUse(98.8, 'alert_90')).toBe('alert');
  expect(toneOfUse(98.8, 'blocked')).toBe('blocked');
});

test('100 % is shown only where nothing is left', () => {
  expect([usedPercent(100, 0), usedPercent(100, 12), usedPercent(98.8, 12)]).toEqual([100, 99.9, 98.8]);
});
