import { describe, expect, it } from 'vitest';
import type { Balance } from './balance';
import { wordsOf } from './modal';
import { readOptions } from './options';
import { textsOf } from './texts';

const STOPPED: Balance = {
  user_id: 'ana',
  tokens_remaining: 12,
  left: 12,
  refused_tokens: 170,
  usage_percent: 98.8,
  state: 'blocked',
  alert: 100,
  renews_on: '2026-12-01',
  renews: true,
};
const PORTUGUESE = readOptions('http://localhost:3001/widget.js', {}, 'pt-BR');
const ENGLISH = readOptions('http://localhost:3001/widget.js', {}, 'en');

function said(balance: Partial<Balance>, percent = 100): string {
  const { title, lead } = wordsOf(percent, { ...STOPPED, ...balance }, PORTUGUESE, textsOf('pt-BR'));
  return `${title}: ${lead}`;
}

describe('the dialog at 100', () => {
  it('says what is left where a small rest covers no call', () => {
    expect(said({})).toBe(
      'Seu chat parou: Restam 12 tokens, e seu último pedido precisava de cerca de 170. A franquia renova em 01/12/2026. Para continuar agora, compre créditos.',
    );
    expect(wordsOf(100, STOPPED, ENGLISH, textsOf('en'))).toEqual({
      level: 'blocked',
      title: 'Your chat has stopped',
      lead: '12 tokens are left, and your last request needed about 170. Your allowance renews on 01/12/2026. Buy credits to go on now.',
    });
    expect(said({ left: 1 })).toContain('Resta 1 token, e');
  });

  it('comes in place of a lower threshold where the user is blocked', () => {
    expect(said({}, 90)).toBe(said({}));
  });

  it('says that all is used where it is, and only then', () => {
    expect(said({ left: 0, refused_tokens: 0 })).toContain('Você usou todos os tokens deste mês.');
    expect(said({ state: 'alert_90', refused_tokens: 0 })).toBe(
      'Um pedido não coube no seu saldo: Restam 12 tokens. A franquia renova em 01/12/2026. Para continuar agora, compre créditos.',
    );
  });

  it('promises no renewal where none comes', () => {
    for (const left of [0, 12]) {
      for (const percent of [80, 90, 100]) {
        for (const state of ['alert_90', 'blocked'] as const) {
          expect(said({ left, state, renews: false }, percent)).not.toMatch(/renova|2026|deste mês/);
        }
      }
    }
  });
});
