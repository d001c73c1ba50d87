"""`solaris openapi`: print the OpenAPI document of a service without starting it."""

import json
from enum import StrEnum
from typing import Annotated, Any

import typer


class Service(StrEnum):
    """The services that have a document."""

    PROXY = "proxy"
    ADMIN = "admin"


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("openapi")(openapi)


def openapi(service: Annotated[Service, typer.Argument(help="The service.")]) -> None:
    """Print a service's OpenAPI document as JSON. Needs no database."""
    typer.echo(json.dumps(document_of(service), ensure_ascii=False, indent=2))


def document_of(service: Service) -> dict[str, Any]:
    """The OpenAPI document of the service with default settings."""
    import io

    from solaris.apps.admin import build_admin
    from solaris.apps.proxy import build_proxy
    from solaris.platform.logs import build_log
    from solaris.platform.settings import load_settings

    # Building an application connects to nothing.
    settings = load_settings(
        database_url="postgresql://none@127.0.0.1:1/none", jwt_secret="x" * 32, redis_url=None, _env_file=None
    )
    log = build_log("openapi", level="error", form="json", stream=io.StringIO())
    build = build_proxy if service is Service.PROXY else build_admin
    return build(settings, log=log).openapi()
