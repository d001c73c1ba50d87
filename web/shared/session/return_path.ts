/** Where to go after signing in: a path of this application, never another site. */

const RETURN_PARAMETER = 'voltar';

export function signInAddress(signInPath: string, from: string): string {
  return from === '/' ? signInPath : `${signInPath}?${new URLSearchParams({ [RETURN_PARAMETER]: from })}`;
}

/** The path asked for, or the start page where it leads anywhere else. */
export function returnPath(search: string): string {
  const asked = new URLSearchParams(search).get(RETURN_PARAMETER) ?? '/';
  const base = 'http://here.invalid';
  if (!asked.startsWith('/') || !URL.canParse(asked, base)) return '/';
  const url = new URL(asked, base);
  // Dots may leave an empty first part: `/..//elsewhere` becomes `//elsewhere`, which is another site's address.
  return url.origin === base && !url.pathname.startsWith('//') ? url.pathname + url.search + url.hash : '/';
}
