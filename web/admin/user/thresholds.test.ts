import { expect, it } from 'vitest';
import { readThresholds, writeThresholds } from './thresholds';

it('reads what it writes, in order, each once', () => {
  expect(writeThresholds([80, 90, 100])).toBe('80, 90, 100');
  expect(readThresholds('100, 80%;90  80')).toEqual([80, 90, 100]);
  expect(readThresholds('')).toEqual([]);
});

it.each(['0', '101', '80,5x', 'oitenta', '1,2,3,4,5,6', '-5'])('%s is no list of thresholds', (text) =>
  expect(readThresholds(text)).toBeNull(),
);
