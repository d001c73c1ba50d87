import { expect, test } from 'vitest';
import { fieldChanges } from './changes';

test('either side may lack a field, or be missing', () => {
  expect(fieldChanges({ name: 'A' }, { name: 'B', reason: 'engano' })).toEqual([
    { field: 'name', before: 'A', after: 'B' },
    { field: 'reason', before: undefined, after: 'engano' },
  ]);
  expect(fieldChanges(null, null)).toEqual([]);
});

test('weights are told one by one', () => {
  expect(fieldChanges({ weights: { input: 1 } }, { weights: { input: 2 }, list: [80] })).toEqual([
    { field: 'weights.input', before: 1, after: 2 },
    { field: 'list', before: undefined, after: [80] },
  ]);
});
