"""Serving built pages: what a browser keeps, what it asks for again, what the policy admits, and what is not there."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from tests.integration.asgi_client import AsgiClient

from solaris.platform.http.app import create_app
from solaris.platform.http.static_files import PagesNotBuilt, StaticBundle, add_file, add_pages

SCRIPT = b"console.log('hello');\n" * 100
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-encoding": "gzip, deflate, br, zstd"}
PAGE = """<!doctype html><meta property="csp-nonce" nonce="__SOLARIS_STYLE_NONCE__">
<script type="module" src="/assets/index-abc.js" nonce="__SOLARIS_STYLE_NONCE__"></script>"""


@asynccontextmanager
async def nothing(_app: FastAPI) -> AsyncIterator[None]:
    yield


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "paths.json").write_text(json.dumps(["/", "/extrato", "/usuarios/:id"]))
    (tmp_path / "manifest.json").write_text("{}")
    (tmp_path / "theme.js").write_text("// theme")
    (tmp_path / "assets" / "index-abc.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "index-abc.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "assets" / "index-abc.js.br").write_bytes(b"as if by brotli")
    return tmp_path


@pytest.fixture
def client(built: Path) -> AsgiClient:
    app = create_app(title="pages", description="", version="0", lifespan=nothing)

    @app.get("/api/thing/{name}")
    async def thing(name: str) -> dict[str, str]:
        return {"name": name}

    add_file(app, "/widget.js", built / "theme.js", {"Cross-Origin-Resource-Policy": "cross-origin"})
    add_pages(app, StaticBundle(built))
    return AsgiClient(app)


@pytest.mark.parametrize("path", ["/", "/extrato", "/usuarios/7"])
async def test_every_address_of_the_application_is_its_page(client: AsgiClient, path: str) -> None:
    answer = await client.get(path, BROWSER)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert b"index-abc.js" in answer.body


async def test_the_policy_admits_our_files_and_the_styles_of_this_one_page(client: AsgiClient) -> None:
    nonces = set()
    for _ in range(2):
        answer = await client.get("/", BROWSER)
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == policy["script-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
        assert "unsafe" not in answer.headers["content-security-policy"]
        found = re.findall(r'nonce="([^"]+)"', answer.body.decode())
        assert policy["style-src"] == f"'self' 'nonce-{found[0]}'"
        nonces |= set(found)
    assert len(nonces) == 2


async def test_files_with_a_hash_in_their_name_are_kept_for_ever_and_compressed(client: AsgiClient) -> None:
    answer = await client.get("/assets/index-abc.js", BROWSER)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"
    zipped = await client.get("/assets/index-abc.js", {"accept-encoding": "gzip, br;q=0"})
    assert gzip.decompress(zipped.body) == SCRIPT
    plain = await client.get("/assets/index-abc.js")
    assert plain.body == SCRIPT
    assert "content-encoding" not in plain.headers


async def test_the_other_files_are_asked_for_again_and_not_sent_twice(client: AsgiClient) -> None:
    first = await client.get("/theme.js")
    assert first.headers["cache-control"] == "no-cache"
    again = await client.get("/theme.js", {"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert (await client.get("/theme.js", {"if-none-match": '"other"'})).status == 200


async def test_head_returns_the_headers_of_get(client: AsgiClient) -> None:
    for path in ("/", "/theme.js", "/assets/index-abc.js"):
        head, get = await client.request("HEAD", path), await client.get(path)
        assert head.status == get.status == 200
        assert head.headers["content-length"] == get.headers["content-length"]


async def test_a_browser_that_finds_nothing_gets_the_applications_own_page(client: AsgiClient) -> None:
    for path in ("/nowhere", "/usuarios/7/8", "/index.html/x"):
        answer = await client.get(path, BROWSER)
        assert answer.status == 404
        assert b"index-abc.js" in answer.body
        assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/nowhere", {"accept": "application/json"}),
        ("/nowhere", {}),
        ("/api/nothing", BROWSER),
        ("/admin/nothing", BROWSER),
        ("/assets/index-old.js", BROWSER),
        ("/index.html", {}),
        ("/paths.json", {}),
        ("/manifest.json", {}),
        ("/assets/index-abc.js.br", {}),
        ("/assets/../../secret", {}),
    ],
)
async def test_a_404_outside_browsers_has_the_error_shape(
    client: AsgiClient, path: str, headers: dict[str, str]
) -> None:
    answer = await client.get(path, headers)
    assert answer.status == 404
    assert answer.json()["error"]["code"] == "not_found"


async def test_the_pages_take_no_method_from_the_api(client: AsgiClient) -> None:
    assert (await client.post("/nowhere", {}, BROWSER)).status == 404
    assert (await client.post("/api/thing/x", {}, BROWSER)).status == 405
    assert (await client.get("/api/thing/x", BROWSER)).json() == {"name": "x"}


async def test_the_widgets_script_may_be_used_by_other_sites(client: AsgiClient) -> None:
    answer = await client.get("/widget.js")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "no-cache"


def test_pages_that_were_not_built_are_named_with_their_cure(tmp_path: Path) -> None:
    with pytest.raises(PagesNotBuilt, match="make run"):
        StaticBundle(tmp_path)
