"""Files shipped with the code: in the wheel's `_data`, or in the repository if editable."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


class ResourceMissing(Exception):
    """The installation lacks a required file; reinstalling fixes it."""


def resource_path(name: str) -> Path:
    """Return the path of the shipped file or folder `name`, such as `migrations`.

    Raises:
        ResourceMissing: it is neither in the wheel nor in the repository.
    """
    for base in (_PACKAGE / "_data", _PACKAGE.parent.parent):
        if (base / name).exists():
            return base / name
    raise ResourceMissing(f"{name} is missing from this installation; install the package again")
