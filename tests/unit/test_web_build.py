"""What a first visit loads from the built pages stays small."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

_DIST = Path(__file__).parents[2] / "web" / "dist"
_MAX_SCRIPT_BYTES = 200_000
_MAX_WIDGET_BYTES = 15_000


def _loaded_at_first(manifest: dict[str, Any], page: dict[str, Any]) -> set[str]:
    """The files of a page and of everything it imports without being asked to."""
    files = {page["file"]}
    for name in page.get("imports", ()):
        files |= _loaded_at_first(manifest, manifest[name])
    return files


@pytest.mark.parametrize("app", ["portal", "admin"])
def test_every_page_opens_with_less_than_200_kb_of_script(app: str) -> None:
    folder = _DIST / app
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    entry = next(page for page in manifest.values() if page.get("isEntry"))
    pages = [manifest[name] for name in entry["dynamicImports"]]
    assert pages
    for page in pages:
        files = _loaded_at_first(manifest, entry) | _loaded_at_first(manifest, page)
        size = sum(len(gzip.compress((folder / file).read_bytes(), 9)) for file in files if file.endswith(".js"))
        assert size < _MAX_SCRIPT_BYTES, f"{page['src']} of {app} loads {size:,} bytes of script"


def test_the_widget_is_less_than_15_kb() -> None:
    assert len(gzip.compress((_DIST / "widget" / "widget.js").read_bytes(), 9)) < _MAX_WIDGET_BYTES


def test_no_page_names_another_host() -> None:
    for app in ("portal", "admin"):
        page = (_DIST / app / "index.html").read_text("utf-8")
        assert "//" not in page.replace("<!doctype html>", "")
