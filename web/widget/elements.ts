/** Elements made piece by piece: the page's policy may forbid markup from text, and nothing told ever becomes markup. */

type Attributes = Record<string, string>;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(className: string, text: string, onClick: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', class: className }, text);
  made.addEventListener('click', onClick);
  return made;
}

/** A link to a page of the portal, in a window of its own: the chat stays as it is. */
export function outwardLink(className: string, text: string, url: string, hint: string): HTMLAnchorElement {
  return element(
    'a',
    { class: className, href: url, target: '_blank', rel: 'noopener' },
    text,
    element('span', { class: 'hidden' }, ` (${hint})`),
  );
}
