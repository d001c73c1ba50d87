import { expect, test } from 'vitest';
import { aboutOf, fieldChanges } from './changes';

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

test('an entry is about what people call it', () => {
  const entry = {
    entity_label: null,
    entity_id: 'bd6a8b5e-03da-4a2f-82bc-55009b1e7e64',
    before: null,
    after: null,
  };
  expect(aboutOf({ ...entry, entity_label: 'Ana' })).toBe('Ana');
  expect(aboutOf({ ...entry, after: { name: 'LibreChat' } })).toBe('LibreChat');
  expect(aboutOf(entry)).toBe('#bd6a8b5e');
  expect(aboutOf({ ...entry, entity_id: 'gpt-4' })).toBe('gpt-4');
});
