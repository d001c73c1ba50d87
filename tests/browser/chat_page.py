"""A chat of somebody else on another origin, with a strict policy, that includes the widget by its script tag."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

# What docs/widget.md tells a chat's owner to allow, beside what his page needs itself.
POLICY = (
    "default-src 'none'; script-src {proxy}/widget.js; connect-src {proxy}/api/; style-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
# No inline style, attribute or script anywhere.
_PAGE = """<!doctype html>
<html lang="pt-BR"{attributes}><head><meta charset="utf-8"><title>Chat da empresa</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/{style}.css">
<script src="{proxy}/widget.js" defer {data}></script>{more}</head>
<body><main><h1>Chat da empresa</h1><p>Como posso ajudar?</p>
<label>Mensagem <input id="message"></label><button type="button" id="send">Enviar</button></main></body></html>"""
_STYLES = {
    "plain": "body { font-family: sans-serif; margin: 2rem; color: #222; background: #fff; }"
    "@media (prefers-color-scheme: dark) { body { color: #eee; background: #111; } }",
    # What a careless or hostile page may do to everything it can reach.
    "hostile": "* { all: unset !important; display: none !important; font-size: 60px !important; color: red !important; }"
    "html, body, main, h1, p, label, input, button { display: block !important; }"
    "solaris-widget, html > * { opacity: 0 !important; transform: scale(9) !important; visibility: hidden !important; }"
    "body { opacity: 1 !important; visibility: visible !important; transform: none !important; }"
    ":root { --ink: red; --ground: red; --main: red; --level: red; --x: 900px; --y: 900px; }",
}


@dataclass
class ChatPage:
    """The chat. `url` with what the script tag is to say."""

    origin: str
    proxy: str = field(default="")

    def url(self, *, style: str = "plain", html: str = "", **data: str) -> str:
        """The page with these data attributes; `html` are attributes of its root element."""
        asked = {
            "style": style,
            "html": html,
            **{f"data-{name.replace('_', '-')}": text for name, text in data.items()},
        }
        return f"{self.origin}/?" + "&".join(f"{name}={text}" for name, text in asked.items() if text)

    async def _page(self, request: web.Request) -> web.Response:
        data = " ".join(f'{name}="{text}"' for name, text in request.query.items() if name.startswith("data-"))
        text = _PAGE.format(
            proxy=self.proxy,
            data=data,
            more=f'<script src="{self.proxy}/widget.js" defer></script>' if "twice" in request.query else "",
            style=request.query.get("style", "plain"),
            attributes=f" {request.query['html']}" if "html" in request.query else "",
        )
        headers = {"Content-Security-Policy": POLICY.format(proxy=self.proxy)}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def _style(self, request: web.Request) -> web.Response:
        return web.Response(text=_STYLES[request.match_info["name"]], content_type="text/css")


@asynccontextmanager
async def chat_page() -> AsyncIterator[ChatPage]:
    """A chat, served; its `proxy` is to be filled in before the first visit."""
    listener = socket.create_server(("127.0.0.1", 0))
    # The proxy is `localhost`: to a browser that is another site.
    chat = ChatPage(f"http://127.0.0.1:{listener.getsockname()[1]}")
    app = web.Application()
    app.router.add_get("/", chat._page)
    app.router.add_get("/{name}.css", chat._style)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    yield chat
    await runner.cleanup()
