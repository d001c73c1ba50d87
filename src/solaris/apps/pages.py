"""The built pages of each service, and their replacement if they are not built."""

from typing import Literal

from fastapi import FastAPI
from starlette.responses import HTMLResponse

from solaris.apps.process_container import ProcessContainer
from solaris.platform.http.landing_page import Link, add_page, render_page
from solaris.platform.http.static_files import PagesNotBuilt, StaticBundle, add_file, add_pages
from solaris.platform.resources import ResourceMissing, resource_path

_WIDGET_HEADERS = {"Cross-Origin-Resource-Policy": "cross-origin"}


def add_service_pages(app: FastAPI, service: Literal["portal", "admin"], container: ProcessContainer) -> None:
    """Serve the portal (with the widget's script) or the Admin Dashboard.

    Call it last, so that API routes take precedence.
    """
    try:
        built = container.settings.solaris_pages_dir or resource_path("web/dist")
        pages = StaticBundle(built / service)
        if service == "portal":
            add_file(app, "/widget.js", built / "widget" / "widget.js", _WIDGET_HEADERS)
        add_pages(app, pages)
    except (PagesNotBuilt, ResourceMissing) as missing:
        cure = str(missing) if isinstance(missing, PagesNotBuilt) else "`make run` builds them"
        container.log.error("pages_not_built", cure=cure)
        for path in ("/", "/creditos") if service == "portal" else ("/",):
            add_page(app, path, _not_built())


def _not_built() -> HTMLResponse:
    return render_page(
        "As páginas ainda não foram construídas",
        "O serviço está no ar, mas falta construir as páginas: pare-o e rode make run, que as constrói.",
        [
            Link("/docs", "Documentação da API", "Todas as rotas desta porta."),
            Link("/api/health", "Situação do serviço", "Banco de dados, Redis e LiteLLM."),
        ],
        "Em um pacote instalado, as páginas já vêm prontas: reinstale-o.",
    )
