"""The pages' types of the API are those of the API."""

import importlib.util
from pathlib import Path

_FILE = Path(__file__).parents[2] / "tools" / "api_types.py"


def test_the_types_of_the_pages_are_current() -> None:
    spec = importlib.util.spec_from_file_location("api_types", _FILE)
    assert spec is not None
    assert spec.loader is not None
    api_types = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(api_types)
    outdated = [path.name for path, text in api_types.current_files().items() if path.read_text("utf-8") != text]
    assert not outdated, f"run `make types` and commit {outdated}"
