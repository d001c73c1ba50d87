/** Styles of the shadow root. They come as an adopted sheet, which no policy on styles forbids. */

// Inside a shadow root, important declarations for the host win over the page's important ones.
export const STYLES = `
:host { all: initial !important; display: block !important; position: fixed !important; top: 0 !important; left: 0 !important; width: 0 !important; height: 0 !important; z-index: 2147483000 !important; }
.root, .root * { box-sizing: border-box; margin: 0; padding: 0; }
.root {
  --ink: #1b232d; --soft: #52606f; --ground: #fff; --line: #cdd5df; --track: #dfe5ed; --hover: #edf1f6;
  --main: #155eb8; --main-ink: #fff; --good: #15743b; --alert: #8f5e00; --urgent: #b04a00; --blocked: #ab211b; --neutral: #52606f;
  color: var(--ink); font: 400 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  letter-spacing: normal; text-align: start; color-scheme: light; direction: ltr;
}
.dark {
  --ink: #dbe3ec; --soft: #a9b6c4; --ground: #1c2530; --line: #3d4a58; --track: #3d4a58; --hover: #303c49;
  --main: #7cb2f3; --main-ink: #0e141b; --good: #6ec58f; --alert: #fdc545; --urgent: #ff9f5a; --blocked: #f3a7a2; --neutral: #a9b6c4;
  color-scheme: dark;
}
[hidden] { display: none !important; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.good { --level: var(--good); } .alert { --level: var(--alert); } .urgent { --level: var(--urgent); }
.blocked { --level: var(--blocked); } .neutral { --level: var(--neutral); }

.counter { position: fixed; display: flex; flex-direction: column; gap: 8px; align-items: flex-end; max-width: calc(100vw - 16px); }
.bottom-right .counter, .bottom-left .counter { bottom: max(var(--y), env(safe-area-inset-bottom)); }
.top-right .counter, .top-left .counter { top: max(var(--y), env(safe-area-inset-top)); flex-direction: column-reverse; }
.bottom-right .counter, .top-right .counter { right: var(--x); }
.bottom-left .counter, .top-left .counter { left: var(--x); align-items: flex-start; }

button, a { font: inherit; color: inherit; cursor: pointer; }
.pill {
  display: inline-flex; align-items: center; gap: 8px; min-height: 36px; padding: 0 14px; border: 1px solid var(--line);
  border-radius: 18px; background: var(--ground); color: var(--ink); white-space: nowrap; font-variant-numeric: tabular-nums;
  box-shadow: 0 2px 8px rgb(0 0 0 / .16); transition: background-color .15s;
}
.pill:hover { background: var(--hover); }
.pill b { font-weight: 650; color: var(--level); }
.dot { flex: none; width: 10px; height: 10px; border-radius: 50%; background: var(--level); }
.offline .dot { background: transparent; border: 2px solid var(--neutral); }
.panel {
  position: relative; width: 312px; max-width: 100%; padding: 16px; border: 1px solid var(--line); border-radius: 12px; background: var(--ground);
  box-shadow: 0 8px 28px rgb(0 0 0 / .22);
}
.panel p { margin-top: 6px; color: var(--soft); }
.panel .figure { margin: 0 28px 10px 0; color: var(--ink); font-size: 16px; font-weight: 650; }
.panel .note { color: var(--alert); }
.panel .why { color: var(--blocked); font-weight: 600; }
.panel .note:empty { display: none; }
.panel > p:nth-child(2) { margin-top: 0; padding-right: 28px; }
.close { position: absolute; top: 8px; right: 8px; width: 28px; height: 28px; border: 0; border-radius: 6px; background: none; color: var(--soft); }
.close::before { content: "\\2715"; font-size: 13px; }
.close:hover { background: var(--hover); }
.bar { display: block; width: 100%; height: 8px; border: 0; border-radius: 4px; overflow: hidden; appearance: none; background: var(--track); }
.bar::-webkit-progress-bar { background: var(--track); }
.bar::-webkit-progress-value { background: var(--level); border-radius: 4px; }
.bar::-moz-progress-bar { background: var(--level); border-radius: 4px; }

.root .actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 14px; }
.button {
  flex: 1 1 auto; min-height: 36px; padding: 7px 14px; border: 1px solid var(--line); border-radius: 8px; background: var(--ground);
  color: var(--ink); text-align: center; text-decoration: none; font-weight: 600; transition: background-color .15s;
}
.button:hover { background: var(--hover); }
.main { border-color: var(--main); background: var(--main); color: var(--main-ink); }
.main:hover { background: var(--main); filter: brightness(1.08); }
.plain { margin-top: 10px; padding: 4px 0; border: 0; background: none; color: var(--soft); text-decoration: underline; font-size: 13px; }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px; }

.modal {
  width: min(540px, calc(100vw - 32px)); max-height: calc(100dvh - 32px); margin: auto; padding: 24px; overflow: auto; border: 1px solid var(--line);
  border-top: 6px solid var(--level); border-radius: 14px; background: var(--ground); color: var(--ink); box-shadow: 0 16px 48px rgb(0 0 0 / .35);
  font-size: 15px; animation: rise .18s ease-out;
}
.modal:focus { outline: none; }
.modal::backdrop { background: rgb(0 0 0 / .55); }
.mark {
  display: inline-grid; place-items: center; min-width: 48px; height: 48px; padding: 0 10px; margin-bottom: 12px; border: 2px solid var(--level);
  border-radius: 24px; color: var(--level); font-size: 16px; font-weight: 700;
}
.modal h2 { font-size: 20px; line-height: 1.3; font-weight: 650; }
.modal p { margin-top: 8px; color: var(--soft); }
.modal .actions { margin-top: 20px; }
@keyframes rise { from { opacity: 0; transform: translateY(8px); } }
@media (max-width: 480px) { .rest { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } .modal .button { flex-basis: 100%; } }
@media (prefers-reduced-motion: reduce) { .modal { animation: none; } .pill, .button { transition: none; } }
@media (forced-colors: active) { .dot, .mark { border: 2px solid CanvasText; } .main { border: 2px solid ButtonText; } }
@media print { .counter { display: none; } }
`;
