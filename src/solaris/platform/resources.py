"""Files that ship beside the code: from the wheel's `_data`, or from the repository in an editable installation."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


class ResourceMissing(Exception):
    """The installation lacks a file it needs; reinstalling mends it."""


def resource_path(name: str) -> Path:
    """Where the shipped file or folder `name` lies (such as `migrations` or `litellm_config.yaml`).

    Raises:
        ResourceMissing: neither the wheel nor the repository holds it.
    """
    for base in (_PACKAGE / "_data", _PACKAGE.parent.parent):
        if (base / name).exists():
            return base / name
    raise ResourceMissing(f"{name} is missing from this installation; install the package again")
