import { describe, expect, test } from 'vitest';
import { makeFormats } from './formats';

const brazilian = makeFormats('pt-BR', 'America/Sao_Paulo');
const english = makeFormats('en', 'America/Sao_Paulo');
// A no-break space stands between an amount and its currency or step.
const plain = (text: string) => text.replace(/\u00a0/g, ' ');

describe('numbers as Brazilians write them', () => {
  test.each([
    [0, '0'],
    [1247, '1.247'],
    [15_600_000, '15.600.000'],
  ])('%d is %s', (value, text) => expect(brazilian.integer(value)).toBe(text));

  test.each([
    [892, '892'],
    [2580, '2.580'],
    [10_000, '10 mil'],
    [45_230, '45,2 mil'],
    [999_960, '1M'],
    [2_300_000, '2,3M'],
    [15_600_000, '15,6M'],
    [-2_300_000, '-2,3M'],
    [3_000_000_000, '3B'],
  ])('%d shortened is %s', (value, text) => expect(plain(brazilian.compact(value))).toBe(text));

  test('money', () => expect(plain(brazilian.money(1250))).toBe('R$ 1.250,00'));
  test('percent', () => expect(brazilian.percent(79.96)).toBe('80%'));
  test('a very small percent', () => {
    expect(brazilian.percent(0.02)).toBe('< 0,1%');
    expect(brazilian.percent(0.05)).toBe('0,1%');
    expect(brazilian.percent(0)).toBe('0%');
  });
  test('English has its own marks', () => {
    expect(english.integer(1247)).toBe('1,247');
    expect(english.compact(2_300_000)).toBe('2.3M');
  });
});

describe("times are the customer's", () => {
  test('an instant after midnight UTC is still the day before in São Paulo', () => {
    expect(brazilian.dateTime('2026-11-23T02:05:00Z')).toBe('22/11/2026 23:05');
  });
  test('a plain day is no instant and never shifts', () => {
    expect(brazilian.date('2026-11-23')).toBe('23/11/2026');
  });
  test('midnight is 00, in both languages', () => {
    expect(brazilian.time('2026-11-23T03:00:00Z')).toBe('00:00');
    expect(english.dateTime('2026-11-23T03:00:00Z')).toBe('23/11/2026 00:00');
  });
  test('the zone is named with its distance', () => {
    expect(brazilian.timeZone()).toBe('America/Sao_Paulo (GMT-3)');
  });
});
