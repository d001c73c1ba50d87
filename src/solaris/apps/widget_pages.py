"""The page on which a user allows a chat to show their balance, with its script and styles."""

import html
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from solaris.apps.process_container import ProcessContainer
from solaris.platform.http.landing_page import Link, render_page
from solaris.platform.http.static_files import PagesNotBuilt, add_file
from solaris.platform.resources import ResourceMissing, resource_path

CONNECT_PATH = "/widget/conectar"
_ORIGIN_PLACEHOLDER = "__SOLARIS_WIDGET_ORIGIN__"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# Unlike the portal's pages, this one must reach its opener: it posts a message to the chat.
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "unsafe-none",
}


def add_widget_pages(app: FastAPI, container: ProcessContainer) -> None:
    """Serve them for the origins in SOLARIS_WIDGET_ORIGINS; others get a 403 page."""
    try:
        built = (container.settings.solaris_pages_dir or resource_path("web/dist")) / "widget"
        page = _read(built / "connect.html")
        for name in ("connect.js", "connect.css"):
            add_file(app, f"/widget/{name}", built / name, {})
    except (PagesNotBuilt, ResourceMissing) as missing:
        container.log.error("widget_not_built", cure=str(missing))
        return
    admitted = frozenset(container.settings.widget_origins)

    async def connect(request: Request) -> Response:
        origin = request.query_params.get("origin", "")
        if origin not in admitted:
            return _refusal()
        return HTMLResponse(page.replace(_ORIGIN_PLACEHOLDER, html.escape(origin)), headers=_HEADERS)

    app.router.routes.append(Route(CONNECT_PATH, connect, methods=["GET"], include_in_schema=False))


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise PagesNotBuilt("the widget is not built; `make run` builds it") from error


def _refusal() -> HTMLResponse:
    answer = render_page(
        "Este chat não está autorizado",
        "O endereço que pediu para mostrar o seu saldo não está na lista de chats permitidos. Nada foi enviado a ele.",
        [Link("/", "Ver meu saldo no portal", "Entre na sua conta para ver saldo, extrato e créditos.")],
        "Administrador: inclua o endereço do chat em SOLARIS_WIDGET_ORIGINS e reinicie o serviço.",
    )
    answer.status_code = 403
    return answer
