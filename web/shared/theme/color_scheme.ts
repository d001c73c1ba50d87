/** Where Mantine keeps the reader's theme; `public/theme.js` reads the same place before the first paint. */

import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';
import { readChoice, writeChoice } from '../choices';

const SCHEMES: readonly MantineColorScheme[] = ['auto', 'light', 'dark'];

export function colorSchemeManager(): MantineColorSchemeManager {
  return {
    get: (fallback) => readChoice('theme', SCHEMES) ?? fallback,
    set: (value) => writeChoice('theme', value),
    subscribe: () => undefined,
    unsubscribe: () => undefined,
    clear: () => writeChoice('theme', 'auto'),
  };
}

/** The nonce that this page's policy admits for styles made while it runs. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
