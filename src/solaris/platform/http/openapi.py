"""Shared parts of the OpenAPI document: the trace id header and the authentication scheme."""

from collections.abc import Collection
from typing import Any

from fastapi import FastAPI

BEARER = "bearer"
_TRACE_ID = {
    "description": "The request's trace id, as in its log lines and in an error's `trace_id`. A valid `traceparent` is continued.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
}
_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key, a session's token from POST /api/auth/login, or a front end's key.",
}


def document_common(app: FastAPI, *, open_routes: Collection[str]) -> None:
    """Add the shared parts to the application's document.

    `open_routes` need no credential, each written as `GET /api/health`.
    """
    plain = app.openapi

    def completed() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(plain(), open_routes)
        return app.openapi_schema

    app.openapi = completed  # type: ignore[method-assign]  # FastAPI's documented way to extend its document


def _complete(document: dict[str, Any], open_routes: Collection[str]) -> dict[str, Any]:
    components = document.setdefault("components", {})
    components.setdefault("headers", {})["X-Trace-Id"] = _TRACE_ID
    components.setdefault("securitySchemes", {})[BEARER] = _SCHEME
    for path, operations in document.get("paths", {}).items():
        for method, operation in operations.items():
            for response in operation["responses"].values():
                response.setdefault("headers", {})["X-Trace-Id"] = {"$ref": "#/components/headers/X-Trace-Id"}
            if f"{method.upper()} {path}" not in open_routes:
                operation["security"] = [{BEARER: []}]
    return document
