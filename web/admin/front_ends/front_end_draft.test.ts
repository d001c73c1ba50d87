import { expect, test } from 'vitest';
import { draftOf, editOf, orderOf } from './front_end_draft';

const draft = { ...draftOf(null), name: ' Chat ', kind: 'open_webui' as const };

test('an edit that leaves the secret alone does not send it', () => {
  expect(editOf(draft, 'then')).not.toHaveProperty('signing_secret');
  expect(editOf({ ...draft, secret: 'x' }, 'then').signing_secret).toBe('x');
  expect(editOf({ ...draft, removeSecret: true }, 'then').signing_secret).toBe('');
});

test('strict mode keeps its secret', () => {
  expect(editOf({ ...draft, removeSecret: true, strict: true }, 'then')).not.toHaveProperty('signing_secret');
});

test('an order without a secret or a plan says so', () => {
  expect(orderOf(draft)).toMatchObject({ name: 'Chat', signing_secret: null, plan_type: null });
});
