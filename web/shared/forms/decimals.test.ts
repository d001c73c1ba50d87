import { describe, expect, test } from 'vitest';
import { readDecimal, readInteger, writeDecimal } from './decimals';

describe('money as Brazilians type it', () => {
  test.each([
    ['1.250,50', '1250.5'],
    ['R$ 1.250,00', '1250'],
    ['1250,5', '1250.5'],
    ['0,10', '0.1'],
    ['79.90', '79.9'],
    ['1.250', '1250'],
    ['0007', '7'],
    ['0', '0'],
  ])('%s is %s', (typed, text) => expect(readDecimal(typed, 'pt-BR')).toBe(text));

  test.each(['', 'abc', '1,2,3', '1.25.0', '-5', '1e3', '10,', ',5', '1,005', '12.34,5', '9999999999999'])(
    '%j is no amount',
    (typed) => expect(readDecimal(typed, 'pt-BR')).toBeNull(),
  );

  test('English marks the other way round', () => {
    expect(readDecimal('1,250.50', 'en')).toBe('1250.5');
    expect(readDecimal('79,90', 'en')).toBe('79.9');
  });

  test('a weight has more digits', () => {
    expect(readDecimal('0,123456', 'pt-BR', 6)).toBe('0.123456');
    expect(readDecimal('0.1250', 'pt-BR', 6)).toBe('0.125');
    expect(readDecimal('0.125', 'pt-BR', 6)).toBe('0.125');
    expect(readDecimal('1.125', 'pt-BR', 6)).toBe('1125');
    expect(readDecimal('0,1234567', 'pt-BR', 6)).toBeNull();
  });
});

test('whole numbers', () => {
  expect(readInteger('1.000.000', 'pt-BR')).toBe(1_000_000);
  expect(readInteger('15', 'pt-BR')).toBe(15);
  expect(readInteger('1,5', 'pt-BR')).toBeNull();
});

test('what is written is read as the same', () => {
  for (const value of [0, 0.1, 1250.5, 49.9, 123_456.78]) {
    expect(Number(readDecimal(writeDecimal(value, 'pt-BR'), 'pt-BR'))).toBe(value);
  }
});
