"""What a chat's page has to load for the widget."""

import gzip
import os
from pathlib import Path

import pytest

MAX_BYTES = 15_000


def test_the_widget_is_small() -> None:
    built = Path(os.environ.get("SOLARIS_PAGES_DIR") or Path(__file__).parents[2] / "web" / "dist")
    script = built / "widget" / "widget.js"
    if not script.exists():
        pytest.fail("the widget is not built; `make pages` builds it")
    assert len(gzip.compress(script.read_bytes(), 9)) < MAX_BYTES
