"""GET /metrics, for callers on this machine or with a token, since figures are confidential."""

import hmac
import ipaddress

from fastapi import APIRouter, Request, Response
from pydantic import SecretStr

from solaris.domain.errors import Forbidden, NotAuthenticated
from solaris.platform.metrics import Metrics

_UNPROVEN_MESSAGE = (
    "As métricas só são entregues a esta máquina ou com o token de SOLARIS_METRICS_TOKEN, no cabeçalho "
    "Authorization: Bearer <token>."
)
_FOREIGN_MESSAGE = (
    "As métricas só são entregues a esta máquina. Para lê-las de outra, defina SOLARIS_METRICS_TOKEN e envie o token no cabeçalho "
    "Authorization: Bearer <token>."
)
# A request with one of these came through a reverse proxy, so it counts as remote.
_FORWARDING_HEADERS = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
    "cf-connecting-ip",
    "true-client-ip",
)


def routes(metrics: Metrics, token: SecretStr | None) -> APIRouter:
    """GET /metrics: remote callers without the right token get 401, or 403 if none is set."""
    router = APIRouter()
    expected = None if token is None else token.get_secret_value().encode()

    @router.get("/metrics", include_in_schema=False)
    async def read_metrics(request: Request) -> Response:
        if not (_is_local(request) or _has_token(request, expected)):
            raise Forbidden(_FOREIGN_MESSAGE) if expected is None else NotAuthenticated(_UNPROVEN_MESSAGE)
        return metrics.render()

    return router


def _is_local(request: Request) -> bool:
    """Return whether the connection is from this machine and not through a reverse proxy."""
    if request.client is None or any(name in request.headers for name in _FORWARDING_HEADERS):
        return False
    try:
        address = ipaddress.ip_address(request.client.host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _has_token(request: Request, expected: bytes | None) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if expected is None or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.strip().encode("latin-1", "replace"), expected)
