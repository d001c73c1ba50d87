/** Opens the proxy's page on which the user, signed in there, lets this chat show his balance; it sends the token back. */

const FEATURES = 'popup,width=480,height=680';
export const MESSAGE = 'solaris-widget-token';

function randomText(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('');
}

/** False where the browser blocks the window. `onToken` is called once, where the user agrees. */
export function openConnectWindow(
  proxy: string,
  language: string,
  onToken: (token: string) => void,
): boolean {
  const nonce = randomText();
  const query = new URLSearchParams({ origin: window.location.origin, nonce, lang: language });
  const opened = window.open(`${proxy}/widget/conectar?${query}`, 'solaris-connect', FEATURES);
  if (opened === null) return false;
  const take = (event: MessageEvent) => {
    const data = event.data as { type?: unknown; nonce?: unknown; token?: unknown } | null;
    if (event.origin !== proxy || event.source !== opened || data?.type !== MESSAGE) return;
    if (data.nonce !== nonce || typeof data.token !== 'string') return;
    window.removeEventListener('message', take);
    onToken(data.token);
  };
  window.addEventListener('message', take);
  return true;
}
