/** The counter's place in the page: an element with a shadow root, out of reach of the page's styles, that stays. */

import { languageOf, type Options } from './options';
import { STYLES } from './styles';

export const TAG = 'solaris-widget';
const MOST_RETURNS_PER_MINUTE = 20;
const LOOK_MILLISECONDS = 3_000;

/** Adds the place to the page. A page that removes it (a chat that draws its body anew) gets it back. */
export class Host {
  readonly element = document.createElement(TAG);
  readonly root = document.createElement('div');
  private returns: number[] = [];

  /** `onLanguage` is called after the page has changed its language, with `options.language` changed already. */
  constructor(
    private readonly options: Options,
    private readonly onLanguage: () => void,
  ) {
    const shadow = this.element.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    const place = new CSSStyleSheet();
    place.replaceSync(`.counter { --x: ${options.offsetX}px; --y: ${options.offsetY}px; }`);
    shadow.adoptedStyleSheets = [sheet, place];
    shadow.appendChild(this.root);
    this.dress();
  }

  stay(): void {
    this.put();
    new MutationObserver(() => this.put()).observe(document, { childList: true });
    this.watchRoot();
    setInterval(() => this.put(), LOOK_MILLISECONDS);
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.dress());
  }

  private watchRoot(): void {
    const observer = new MutationObserver((changes) => {
      if (changes.some((change) => change.type === 'attributes')) {
        this.follow();
        this.dress();
      }
      this.put();
    });
    const page = document.documentElement;
    observer.observe(page, {
      childList: true,
      attributes: true,
      attributeFilter: ['class', 'data-theme', 'lang'],
    });
  }

  private follow(): void {
    const language = languageOf(document.documentElement.lang);
    if (!this.options.followsPage || language === this.options.language) return;
    this.options.language = language;
    this.onLanguage();
  }

  /** Beside the body and not in it: chats draw their body anew. */
  private put(): void {
    if (this.element.isConnected) return;
    const now = Date.now();
    this.returns = this.returns.filter((at) => now - at < 60_000);
    // A page that insists on having it away has its way.
    if (this.returns.length >= MOST_RETURNS_PER_MINUTE) return;
    this.returns.push(now);
    document.documentElement.appendChild(this.element);
  }

  private dress(): void {
    this.root.className = `root ${this.isDark() ? 'dark' : 'light'} ${this.options.position}`;
    this.root.lang = this.options.language;
  }

  private isDark(): boolean {
    if (this.options.theme !== 'auto') return this.options.theme === 'dark';
    // Chats with a theme switch name the theme on their root element.
    const page = document.documentElement;
    const named = new Set([...page.classList, page.dataset.theme]);
    if (named.has('dark')) return true;
    if (named.has('light')) return false;
    return window.matchMedia('(prefers-color-scheme: dark)').matches;
  }
}
