"""A static page of links in one HTML file, without external assets, in light and dark."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.responses import HTMLResponse

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
_STYLE = """
:root { color-scheme: light dark; --link: #0b5cad;
  --ink: #16202c; --soft: #4a5768; --ground: #f6f8fb; --card: #fff; --line: #d9e0ea; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eaf0f7; --soft: #aab7c7; --ground: #10161d; --card: #18212b; --line: #2c3947; --link: #7cb8f5; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 3rem 1.25rem; }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; line-height: 1.25; }
p.lead { margin: 0 0 2rem; color: var(--soft); }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
li { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1.1rem; }
a { color: var(--link); font-weight: 600; overflow-wrap: anywhere; }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: .2rem; }
li span { display: block; color: var(--soft); }
footer { margin-top: 2rem; color: var(--soft); font-size: .9rem; }
"""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a page."""

    url: str
    title: str
    text: str


def render_page(title: str, lead: str, links: Sequence[Link], footer: str) -> HTMLResponse:
    """Render a page of links in Portuguese; every text is escaped."""
    items = "".join(
        f'<li><a href="{html.escape(link.url, quote=True)}">{html.escape(link.title)}</a>'
        f"<span>{html.escape(link.text)}</span></li>"
        for link in links
    )
    page = (
        '<!doctype html><html lang="pt-BR"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        f'<h1>{html.escape(title)}</h1><p class="lead">{html.escape(lead)}</p><ul>{items}</ul>'
        f"<footer>{html.escape(footer)}</footer></main></body></html>"
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})


def add_page(app: FastAPI, path: str, page: HTMLResponse) -> None:
    """Serve one fixed page at `path`."""

    @app.get(path, include_in_schema=False)
    async def read_page() -> HTMLResponse:
        return page
