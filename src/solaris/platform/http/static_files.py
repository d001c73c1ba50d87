"""Serves a built web application: files with long caching, a page with a strict CSP.

The build (`web/`) also writes `paths.json`, the application's routes (`/usuarios/:id`), and a `.br`
and a `.gz` of each text file. All files are read once, at process start.
"""

import hashlib
import json
import mimetypes
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_NONCE_PLACEHOLDER = "__SOLARIS_STYLE_NONCE__"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_UNSERVED = frozenset({"index.html", "paths.json", "manifest.json"})
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
# Paths below these belong to the API: a 404 there has the error shape, also for browsers.
_API_STARTS = ("/api/", "/admin/", "/v1/", "/docs/", "/assets/")
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; frame-src 'none'; worker-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_PAGE_HEADERS = {
    "Cache-Control": _ASK_AGAIN,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class PagesNotBuilt(Exception):
    """The pages are missing; the message says how to build them."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, plain and compressed."""

    media_type: str
    etag: str
    cache_control: str
    plain: bytes
    encoded: dict[str, bytes]

    def answer(self, request: Request, more_headers: dict[str, str] | None = None) -> Response:
        """Return the file in the first accepted encoding; 304 if the browser's copy is current."""
        headers = {
            "ETag": self.etag,
            "Cache-Control": self.cache_control,
            "Vary": "Accept-Encoding",
            **(more_headers or {}),
        }
        if _matches_etag(request.headers.get("if-none-match", ""), self.etag):
            return Response(status_code=304, headers=headers)
        content = self.plain
        taken = _accepted_encodings(request)
        for encoding, encoded in self.encoded.items():
            if encoding in taken:
                content = encoded
                headers["Content-Encoding"] = encoding
                break
        return Response(content, headers=headers, media_type=self.media_type)


class StaticBundle:
    """One built application."""

    def __init__(self, folder: Path) -> None:
        """Read all files.

        Raises:
            PagesNotBuilt: the folder or its page is missing.
        """
        try:
            # Vite adds the nonce to scripts too; they need none, since they are files.
            self._page = (folder / "index.html").read_text("utf-8").split(_NONCE_PLACEHOLDER)
            self.paths: tuple[str, ...] = tuple(json.loads((folder / "paths.json").read_text("utf-8")))
        except OSError as error:
            raise PagesNotBuilt(
                "the pages are not built; `make run` builds them, or `python3 tools/bootstrap.py prepare`"
            ) from error
        self.files = {
            f"/{path.relative_to(folder).as_posix()}": _read(path, immutable=path.parent.name == "assets")
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name not in _UNSERVED and path.suffix not in (".br", ".gz")
        }

    def page(self, status: int = 200) -> Response:
        """Return the application's page with a new nonce for the styles it creates at run time."""
        nonce = secrets.token_urlsafe(16)
        headers = {**_PAGE_HEADERS, "Content-Security-Policy": _POLICY.format(nonce=nonce)}
        return Response(nonce.join(self._page), status, headers, media_type="text/html; charset=utf-8")


def add_pages(app: FastAPI, pages: StaticBundle) -> None:
    """Serve the page at the application's routes, its files, and the page for a browser's 404."""

    async def read_page(_request: Request) -> Response:
        return pages.page()

    def file_reader(file: StaticFile) -> Callable[[Request], object]:
        async def read_file(request: Request) -> Response:
            return file.answer(request)

        return read_file

    for path in pages.paths:
        _add(app, _starlette_path(path), read_page)
    for path, file in pages.files.items():
        _add(app, path, file_reader(file))
    _serve_browsers(app, pages)


def add_file(app: FastAPI, path: str, file: Path, headers: dict[str, str]) -> None:
    """Serve one built file at `path` with additional headers.

    Raises:
        PagesNotBuilt: the file is missing.
    """
    if not file.is_file():
        raise PagesNotBuilt(f"{file.name} is not built; `make run` builds it")
    content = _read(file, immutable=False)

    async def read_file(request: Request) -> Response:
        return content.answer(request, headers)

    _add(app, path, read_file)


def _add(app: FastAPI, path: str, endpoint: Callable[[Request], object]) -> None:
    app.router.routes.append(Route(path, endpoint, methods=["GET", "HEAD"], include_in_schema=False))


def _serve_browsers(app: FastAPI, pages: StaticBundle) -> None:
    plain = app.exception_handlers[HTTPException]

    async def on_status(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code == 404 and _wants_page(request):
            return pages.page(404)
        answer: Response = await plain(request, error)  # type: ignore[misc]  # platform.http's handler is a coroutine
        return answer

    app.add_exception_handler(HTTPException, on_status)


def _wants_page(request: Request) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and "text/html" in request.headers.get("accept", "")
        and not request.url.path.startswith(_API_STARTS)
    )


def _starlette_path(path: str) -> str:
    return "/".join(f"{{{part[1:]}}}" if part.startswith(":") else part for part in path.split("/"))


def _read(path: Path, *, immutable: bool) -> StaticFile:
    plain = path.read_bytes()
    encoded = {}
    for encoding, suffix in _ENCODINGS:
        twin = path.with_name(path.name + suffix)
        if twin.is_file():
            encoded[encoding] = twin.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if media_type in ("text/javascript", "application/javascript"):
        media_type = "text/javascript; charset=utf-8"
    etag = f'"{hashlib.sha256(plain).hexdigest()[:32]}"'
    return StaticFile(media_type, etag, _FOREVER if immutable else _ASK_AGAIN, plain, encoded)


def _matches_etag(if_none_match: str, etag: str) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in tags or "*" in tags


def _accepted_encodings(request: Request) -> frozenset[str]:
    offers = (offer.strip().lower().partition(";") for offer in request.headers.get("accept-encoding", "").split(","))
    return frozenset(name.strip() for name, _, quality in offers if quality.replace(" ", "") not in ("q=0", "q=0.0"))
