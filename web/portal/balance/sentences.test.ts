import type { CurrentTokens } from '@shared/api/proxy.gen';
import { makeFormats } from '@shared/formats';
import { balanceTexts } from '@shared/i18n';
import { describe, expect, it } from 'vitest';
import { alertOf, nearEnd, paceOf, wayOn, whyStopped } from './sentences';

const t = balanceTexts['pt-BR'];
const formats = makeFormats('pt-BR', 'America/Sao_Paulo');

// 12 tokens are left, and the last call needed 170.
const STOPPED: CurrentTokens = {
  user_id: 'a',
  plan: 'básico',
  period: { starts_at: '2026-11-01T03:00:00Z', ends_at: '2026-12-01T03:00:00Z' },
  monthly_tokens: 1000,
  tokens_used: 988,
  tokens_remaining: 12,
  allowance: { granted: 1000, used: 988, left: 12 },
  credits: 0,
  held: 0,
  overage: 0,
  refused_tokens: 170,
  usage_percent: 98.8,
  state: 'blocked',
  alert: 100,
  projected_run_out_date: null,
  renews_at: '2026-12-01T03:00:00Z',
};
const EMPTY: CurrentTokens = {
  ...STOPPED,
  tokens_used: 1000,
  tokens_remaining: 0,
  allowance: { granted: 1000, used: 1000, left: 0 },
  refused_tokens: 0,
  usage_percent: 100,
};
const withoutAllowance = (credits: number, state = 'normal'): CurrentTokens => ({
  ...EMPTY,
  monthly_tokens: 0,
  allowance: { granted: 0, used: 0, left: 0 },
  credits,
  tokens_remaining: credits,
  state,
});

describe('a user whose rest covers no call', () => {
  it('reads how much is left and how much a call needs', () => {
    expect(whyStopped(STOPPED, t, formats)).toBe(
      'Seu chat parou: restam 12 tokens, e seu último pedido precisava de cerca de 170.',
    );
    const one = { ...STOPPED, allowance: { granted: 1000, used: 999, left: 1 } };
    expect(whyStopped(one, t, formats)).toContain('resta 1 token,');
    expect(whyStopped(STOPPED, balanceTexts.en, makeFormats('en', 'UTC'))).toBe(
      'Your chat has stopped: 12 tokens are left, and your last request needed about 170.',
    );
  });

  it('reads of what running calls hold as of what is left', () => {
    expect(whyStopped({ ...STOPPED, held: 12, tokens_remaining: 0 }, t, formats)).toContain(
      'restam 12 tokens',
    );
  });

  it('never reads that all is used', () => {
    for (const alert of [80, 90, 100]) {
      expect(alertOf(alert, STOPPED, t, formats)).toBe('Seu saldo não cobre mais um pedido comum');
    }
  });

  it('reads something true also when a smaller call was served since', () => {
    const served = { ...STOPPED, refused_tokens: 0, state: 'alert_90' };
    expect(alertOf(100, served, t, formats)).toBe('Um pedido não coube no seu saldo');
  });
});

describe('a user without tokens', () => {
  it('reads that all is used, and when it is renewed', () => {
    expect(whyStopped(EMPTY, t, formats)).toBe('Seus tokens acabaram e as chamadas estão bloqueadas.');
    expect(wayOn(EMPTY, t, formats)).toBe('Compre créditos ou aguarde a renovação em 01/12/2026.');
    expect(alertOf(100, EMPTY, t, formats)).toBe('Você usou todos os seus tokens deste mês');
  });

  it('of a plan without allowance reads of no renewal, and of nothing used up that they never had', () => {
    const nothing = withoutAllowance(0, 'blocked');
    expect(whyStopped(nothing, t, formats)).toBe(
      'Seu chat está parado: sua conta não tem franquia de tokens neste mês e está sem créditos.',
    );
    expect(wayOn(nothing, t, formats)).toBe('Compre créditos para continuar.');
    for (const text of [
      nearEnd(withoutAllowance(5), t, formats),
      paceOf(withoutAllowance(5000), t, formats),
      alertOf(80, withoutAllowance(5), t, formats),
      alertOf(100, nothing, t, formats),
    ]) {
      expect(text).not.toMatch(/renova|deste mês/);
    }
  });
});
