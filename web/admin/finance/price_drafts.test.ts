import { expect, test } from 'vitest';
import { packageDraft, planDraft, readPackage, readPlan } from './price_drafts';

const pack = {
  id: 'medio',
  name: 'Médio',
  tokens: 500_000,
  amount_brl: 199.9,
  badge: null,
  sort_order: 2,
  active: true,
  updated_at: '2026-11-22T12:00:00.123456Z',
};

test('a package that nobody touched goes back as it came', () => {
  const { id: _id, updated_at: _at, ...rest } = pack;
  const draft = packageDraft(pack, 'pt-BR');
  expect(draft).toMatchObject({ tokens: '500.000', amount: '199,90' });
  expect(readPackage(draft, 'pt-BR')).toEqual({ body: rest, problems: {} });
});

test('a package needs tokens and a price', () => {
  const draft = { ...packageDraft(null, 'pt-BR'), tokens: '0', amount: '0,00', place: '5000' };
  expect(readPackage(draft, 'pt-BR').problems).toEqual({
    id: true,
    name: true,
    tokens: true,
    amount: true,
    place: true,
  });
});

test('a plan may be free and without limits of pace', () => {
  const draft = { ...planDraft(null, 'pt-BR'), id: 'teste', name: ' Teste ', tokens: '1.000', amount: '0' };
  expect(readPlan(draft, 'pt-BR')).toEqual({
    body: {
      name: 'Teste',
      monthly_tokens: 1000,
      price_brl: 0,
      requests_per_minute: null,
      tokens_per_minute: null,
      concurrent_calls: 20,
      sort_order: 0,
      active: true,
    },
    problems: {},
  });
  expect(readPlan({ ...draft, requests: '0', rate: 'x', calls: '' }, 'pt-BR').problems).toEqual({
    requests: true,
    rate: true,
    calls: true,
  });
});

test('a plan may give no tokens, and admits one call at a time or 10.000', () => {
  const draft = {
    ...planDraft(null, 'pt-BR'),
    id: 'sem-franquia',
    name: 'Sem franquia',
    tokens: '0',
    amount: '0',
  };
  expect(readPlan(draft, 'pt-BR')).toMatchObject({
    body: { monthly_tokens: 0, concurrent_calls: 20 },
    problems: {},
  });
  for (const [calls, wrong] of [
    ['1', false],
    ['10.000', false],
    ['0', true],
    ['10.001', true],
  ] as const) {
    expect(readPlan({ ...draft, calls }, 'pt-BR').problems).toEqual(wrong ? { calls: true } : {});
  }
});
