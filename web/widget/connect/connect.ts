/** The proxy's page in a window of its own: a signed-in user lets a chat show his balance, and the token goes to that chat alone. */

import './connect.css';
import { MESSAGE } from '../connect_window';
import { element } from '../elements';
import { connectTexts } from './texts';

interface User {
  name: string;
  email: string | null;
}

const query = new URLSearchParams(window.location.search);
const texts = connectTexts(query.get('lang'));

class Refused extends Error {}

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-Solaris-Page': '1' },
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refused(texts.failed);
  }
  if (response.status === 204) return null;
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const message = (answer as { error?: { message?: unknown } } | null)?.error?.message;
  throw new Refused(typeof message === 'string' ? message : texts.failed);
}

function start(page: HTMLElement): void {
  const origin = page.dataset.origin ?? '';
  const problem = element('p', { class: 'problem', role: 'alert' });

  function show(...nodes: Node[]): void {
    problem.remove();
    page.replaceChildren(...nodes);
  }

  /** Runs a step; what goes wrong is said above the first button, in the service's own words. */
  async function attempt(button: HTMLButtonElement, step: () => Promise<void>): Promise<void> {
    button.disabled = true;
    problem.remove();
    try {
      await step();
    } catch (error) {
      problem.textContent = error instanceof Refused ? error.message : texts.failed;
      page.querySelector('button')?.before(problem);
    } finally {
      button.disabled = false;
    }
  }

  async function look(): Promise<void> {
    const session = (await call('GET', '/api/auth/session')) as { user: User } | null;
    if (session === null) showSignIn();
    else showConsent(session.user);
  }

  function showSignIn(): void {
    const email = element('input', { type: 'email', name: 'email', autocomplete: 'username', required: '' });
    const password = element('input', {
      type: 'password',
      name: 'password',
      autocomplete: 'current-password',
      required: '',
    });
    const submit = element('button', { type: 'submit' }, texts.signIn);
    const form = element(
      'form',
      {},
      element('label', {}, texts.email, email),
      element('label', {}, texts.password, password),
      submit,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void attempt(submit, async () => {
        await call('POST', '/api/auth/session', { email: email.value.trim(), password: password.value });
        await look();
      });
    });
    show(element('h1', {}, texts.signInTitle), element('p', {}, texts.signInLead), form);
    email.focus();
  }

  function showConsent(user: User): void {
    const agree = element('button', { type: 'button' }, texts.agree);
    agree.addEventListener('click', () => void attempt(agree, connect));
    const other = element('button', { type: 'button', class: 'second' }, texts.otherAccount);
    other.addEventListener('click', () => {
      void attempt(other, async () => {
        await call('DELETE', '/api/auth/session');
        showSignIn();
      });
    });
    show(
      element('h1', {}, texts.title),
      element('p', {}, texts.lead(user.name || user.email || '')),
      element('p', {}, element('strong', {}, origin)),
      element('ul', {}, element('li', {}, texts.may), element('li', {}, texts.mayNot)),
      agree,
      other,
    );
    agree.focus();
  }

  async function connect(): Promise<void> {
    const opener = window.opener as Window | null;
    if (opener === null) throw new Refused(texts.alone);
    const { token } = (await call('POST', '/api/widget/token', { origin })) as { token: string };
    // To this origin and no other: a page that has taken the chat's place meanwhile gets nothing.
    opener.postMessage({ type: MESSAGE, nonce: query.get('nonce'), token }, origin);
    show(element('p', { role: 'status' }, texts.done));
    window.close();
  }

  show(element('p', {}, texts.waiting));
  look().catch((error: unknown) => {
    problem.textContent = error instanceof Refused ? error.message : texts.failed;
    page.replaceChildren(problem);
  });
}

const page = document.getElementById('connect');
if (query.get('lang')?.startsWith('en')) document.documentElement.lang = 'en';
if (page) start(page);
