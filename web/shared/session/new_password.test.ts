import { expect, test } from 'vitest';
import { problemsOf } from './new_password';

test('every field is needed', () => {
  expect(problemsOf({ current: '', next: '', again: '' })).toEqual({ current: 'missing', next: 'missing' });
  expect(problemsOf({ current: 'a', next: 'cavalo correto', again: '' })).toEqual({ again: 'missing' });
});

test('short and differing ones are told', () => {
  expect(problemsOf({ current: 'a', next: 'curta', again: 'curto' })).toEqual({
    next: 'tooShort',
    again: 'different',
  });
  // Nine characters of two units each.
  expect(problemsOf({ current: 'a', next: '😀'.repeat(9), again: '😀'.repeat(9) })).toEqual({
    next: 'tooShort',
  });
});

test('a good one has no problem', () => {
  expect(problemsOf({ current: 'a', next: 'cavalo correto', again: 'cavalo correto' })).toEqual({});
});
