import { describe, expect, it } from 'vitest';
import { BackOff, retryAfter } from './back_off';
import { readOptions } from './options';
import { Store } from './store';
import { dayText, percentText, textsOf, tokensText } from './texts';

const SOURCE = 'https://tokens.example.com.br:8443/widget.js?v=1';

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  } as Storage;
}

describe('readOptions', () => {
  it('needs nothing but the script', () => {
    expect(readOptions(SOURCE, {}, '')).toEqual({
      proxy: 'https://tokens.example.com.br:8443',
      language: 'pt-BR',
      followsPage: true,
      theme: 'auto',
      position: 'bottom-right',
      offsetX: 16,
      offsetY: 16,
      token: null,
      statementUrl: 'https://tokens.example.com.br:8443/extrato',
      buyUrl: 'https://tokens.example.com.br:8443/creditos',
    });
  });

  it('takes the page’s language where the tag names none', () => {
    expect(readOptions(SOURCE, {}, 'en-US').language).toBe('en');
    expect(readOptions(SOURCE, { lang: 'pt-BR' }, 'en').language).toBe('pt-BR');
    expect(readOptions(SOURCE, {}, 'de').language).toBe('pt-BR');
    expect(readOptions(SOURCE, {}, 'en').followsPage).toBe(true);
    expect(readOptions(SOURCE, { lang: 'pt-BR' }, 'en').followsPage).toBe(false);
  });

  it.each([
    { theme: 'pink', position: 'middle', offsetX: '-5', offsetY: '1e9' },
    { theme: '', position: '', offsetX: '10px; } * { display: none', offsetY: 'NaN' },
  ])('believes no other value: %j', (data) => {
    const options = readOptions(SOURCE, data, '');
    expect([options.theme, options.position, options.offsetX, options.offsetY]).toEqual([
      'auto',
      'bottom-right',
      16,
      16,
    ]);
  });

  it('links to web addresses only', () => {
    expect(readOptions(SOURCE, { buyUrl: 'javascript:alert(1)' }, '').buyUrl).toMatch(/creditos$/);
    expect(readOptions(SOURCE, { buyUrl: 'https://loja.example/' }, '').buyUrl).toBe('https://loja.example/');
  });
});

describe('what is read', () => {
  it('is written as Brazilians write it', () => {
    const texts = textsOf('pt-BR');
    expect(texts.remaining(tokensText(250_000, 'pt-BR'))).toBe('250.000 tokens restantes');
    expect(texts.remaining(tokensText(1, 'pt-BR'))).toBe('1 token restante');
    expect(percentText(83.33, 'pt-BR')).toBe('83,3%');
    expect(dayText('2026-12-01')).toBe('01/12/2026');
  });

  it('is complete in both languages', () => {
    expect(Object.keys(textsOf('en'))).toEqual(Object.keys(textsOf('pt-BR')));
    expect(textsOf('en').remaining(tokensText(250_000, 'en'))).toBe('250,000 tokens left');
  });
});

describe('BackOff', () => {
  it('waits longer each time, up to a minute, and never as long as everybody else', () => {
    const least = new BackOff(() => 0);
    const most = new BackOff(() => 1);
    const waits = Array.from({ length: 8 }, () => [least.next(), most.next()]);
    expect(waits[0]).toEqual([1400, 2600]);
    expect(waits[1]).toEqual([2800, 5200]);
    expect(waits[7]).toEqual([42_000, 78_000]);
  });

  it('understands Retry-After', () => {
    expect([retryAfter('5'), retryAfter(null), retryAfter('soon'), retryAfter('99999')]).toEqual([
      5000,
      null,
      null,
      600_000,
    ]);
  });
});

describe('Store', () => {
  const shown = { user: 'ana', period: '2026-12-01', percent: 80 };

  it('keeps one entry for each proxy', () => {
    const shared = storage();
    new Store('https://a.example', shared).set({ token: 't' });
    new Store('https://a.example', shared).set({ shown });
    expect(new Store('https://a.example', shared).get()).toEqual({ token: 't', shown });
    expect(new Store('https://b.example', shared).get()).toEqual({ token: null, shown: null });
  });

  it('keeps it in memory where there is no storage, or a full one', () => {
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new Error('full');
      },
    } as unknown as Storage;
    for (const place of [null, full]) {
      const store = new Store('https://a.example', place);
      store.set({ token: 't' });
      expect(store.get().token).toBe('t');
    }
  });

  it('takes a damaged entry for none', () => {
    const damaged = { getItem: () => '{', setItem: () => undefined } as unknown as Storage;
    expect(new Store('https://a.example', damaged).get()).toEqual({ token: null, shown: null });
  });
});
