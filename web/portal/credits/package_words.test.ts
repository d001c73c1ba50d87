import type { PackageResponse } from '@shared/api/proxy.gen';
import { shopTexts } from '@shared/i18n';
import { describe, expect, it } from 'vitest';
import { packageBadge, packageName } from './package_words';

const OFFER: PackageResponse = {
  id: 'a',
  name: '200.000 tokens',
  tokens: 200_000,
  amount_brl: 50,
  badge: 'mais popular',
};

describe('a package in English', () => {
  it('has its figure written once, and in English', () => {
    expect(packageName(OFFER, '200,000 tokens')).toBe('200,000 tokens');
    expect(packageBadge(OFFER, shopTexts.en)).toBe('most popular');
  });
  it('keeps a name and a badge that staff gave it', () => {
    const named = { ...OFFER, name: 'Pacote da equipe', badge: 'novo' };
    expect(packageName(named, '200,000 tokens')).toBe('Pacote da equipe');
    expect(packageName({ ...OFFER, tokens: 300_000 }, '300,000 tokens')).toBe('200.000 tokens');
    expect(packageBadge(named, shopTexts.en)).toBe('novo');
    expect(packageBadge({ ...OFFER, badge: null }, shopTexts.en)).toBeNull();
  });
});

it('keeps everything as it is in Portuguese', () => {
  expect(packageName(OFFER, '200.000 tokens')).toBe('200.000 tokens');
  expect(packageBadge(OFFER, shopTexts['pt-BR'])).toBe('mais popular');
});
