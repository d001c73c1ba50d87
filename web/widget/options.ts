/** What the page's script tag asks for: `<script src="…/widget.js" data-lang="en" …>`. */

export type Language = 'pt-BR' | 'en';
type Theme = 'auto' | 'light' | 'dark';
type Position = 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left';

export interface Options {
  /** Where the proxy is: the origin that the script came from. */
  proxy: string;
  /** Changes with the page's `lang` where `followsPage`. */
  language: Language;
  /** Whether the tag leaves the language to the page, which may set it after it has loaded. */
  followsPage: boolean;
  theme: Theme;
  position: Position;
  /** Distance from the window's edges in pixels. */
  offsetX: number;
  offsetY: number;
  /** A widget token that the chat's server got for its user; without one the user connects the counter himself. */
  token: string | null;
  statementUrl: string;
  buyUrl: string;
}

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];
const POSITIONS: readonly Position[] = ['bottom-right', 'bottom-left', 'top-right', 'top-left'];
const DEFAULT_OFFSET = 16;
const MOST_OFFSET = 2000;

function oneOf<T extends string>(known: readonly T[], value: string | undefined): T {
  return known.find((one) => one === value) ?? (known[0] as T);
}

function offset(value: string | undefined): number {
  const pixels = Number(value ?? Number.NaN);
  return pixels >= 0 && pixels <= MOST_OFFSET ? Math.round(pixels) : DEFAULT_OFFSET;
}

/** A link of ours, or the page's own where it is a web address. */
function link(value: string | undefined, fallback: string): string {
  return value !== undefined && /^https?:\/\//i.test(value) ? value : fallback;
}

/** English where it is asked for, else Portuguese. */
export function languageOf(named: string): Language {
  return /^en\b/i.test(named) ? 'en' : 'pt-BR';
}

export function readOptions(source: string, data: DOMStringMap, pageLanguage: string): Options {
  const proxy = new URL(source).origin;
  return {
    proxy,
    language: languageOf(data.lang ?? pageLanguage),
    followsPage: data.lang === undefined,
    theme: oneOf(THEMES, data.theme),
    position: oneOf(POSITIONS, data.position),
    offsetX: offset(data.offsetX),
    offsetY: offset(data.offsetY),
    token: data.token?.trim() || null,
    statementUrl: link(data.statementUrl, `${proxy}/extrato`),
    buyUrl: link(data.buyUrl, `${proxy}/creditos`),
  };
}
