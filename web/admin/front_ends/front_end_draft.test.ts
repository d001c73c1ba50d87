import { expect, test } from 'vitest';
import { draftOf, editOf, newAccountsOf, orderOf } from './front_end_draft';

const draft = { ...draftOf(null, 'pt-BR'), name: ' Chat ', kind: 'open_webui' as const };

test('an edit that leaves the secret alone does not send it', () => {
  expect(editOf(draft, 'then', 'pt-BR')).not.toHaveProperty('signing_secret');
  expect(editOf({ ...draft, secret: 'x' }, 'then', 'pt-BR').signing_secret).toBe('x');
  expect(editOf({ ...draft, removeSecret: true }, 'then', 'pt-BR').signing_secret).toBe('');
});

test('strict mode keeps its secret', () => {
  expect(editOf({ ...draft, removeSecret: true, strict: true }, 'then', 'pt-BR')).not.toHaveProperty(
    'signing_secret',
  );
});

test('an order without a secret or a plan says so', () => {
  expect(orderOf(draft, 'pt-BR')).toMatchObject({
    name: 'Chat',
    signing_secret: null,
    plan_type: null,
    new_accounts_per_day: null,
  });
});

test('accounts a day are a number as people write it, none at all, or the installation’s own', () => {
  expect(newAccountsOf({ ...draft, newAccounts: '1.000' }, 'pt-BR')).toBe(1000);
  expect(newAccountsOf({ ...draft, newAccounts: '0' }, 'pt-BR')).toBe(0);
  expect(newAccountsOf({ ...draft, newAccounts: ' ' }, 'pt-BR')).toBeNull();
  expect(newAccountsOf({ ...draft, newAccounts: '-1' }, 'pt-BR')).toBeUndefined();
  expect(newAccountsOf({ ...draft, newAccounts: '1.000.001' }, 'pt-BR')).toBeUndefined();
  expect(editOf({ ...draft, newAccounts: '5' }, 'then', 'pt-BR').new_accounts_per_day).toBe(5);
});
