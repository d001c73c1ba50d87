/** A package's name and badge in the reader's language, where they are the plain ones that the product brings along. */

import type { PackageResponse } from '@shared/api/proxy.gen';
import { makeFormats } from '@shared/formats';

const portuguese = makeFormats('pt-BR', 'America/Sao_Paulo');

/** `tokens`, the figure as it is written here, where the name is that same figure in Portuguese; else the name as it was given. */
export function packageName(offer: PackageResponse, tokens: string): string {
  return offer.name === `${portuguese.integer(offer.tokens)} tokens` ? tokens : offer.name;
}

/** The badge as it was given, but for the one that the product brings along. */
export function packageBadge(offer: PackageResponse, t: { mostPopular: string }): string | null {
  return offer.badge === 'mais popular' ? t.mostPopular : offer.badge;
}
