"""`run.json` in the state folder (SPEC 9): the addresses of the product that `solaris up` runs there."""

import json
from pathlib import Path
from typing import Any

from solaris.domain.errors import SolarisError


class RunFileDamaged(SolarisError):
    """`run.json` can't be read or holds no JSON object; the message is one English line that names it and the cure."""

    code = "run_file_damaged"


def run_file(state_dir: Path) -> Path:
    """The file's path. It exists while everything runs."""
    return state_dir / "run.json"


def read_run_file(state_dir: Path) -> dict[str, Any] | None:
    """The content of `run.json`; None while the product does not run in `state_dir`.

    Raises:
        RunFileDamaged: the file can't be read or holds no JSON object.
    """
    file = run_file(state_dir)
    if not file.exists():
        return None
    try:
        return read_json_object(file)
    except (OSError, ValueError) as error:
        raise RunFileDamaged(f"{file.absolute()} is damaged; delete it and start again") from error


def read_json_object(file: Path) -> dict[str, Any]:
    """The JSON object in `file`.

    Raises:
        OSError: the file can't be read.
        ValueError: it holds no JSON object.
    """
    content = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError(f"{file} holds no JSON object")
    return content
