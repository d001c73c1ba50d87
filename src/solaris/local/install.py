"""`python -m solaris.local.install litellm`: builds one of the separate environments, in a child process that may be killed.

Prints one line per step on standard output. Exit code 1 for a failure, 3 where a package has no
build for this machine.
"""

import sys
from collections.abc import Mapping

from solaris.local import litellm_environment, smollm2_environment
from solaris.local.locked_environment import InstallationFailed, NoPackageForPlatform

NOTHING_FITS = 3
_INSTALLERS = {"litellm": litellm_environment.ensure_installed, "smollm2": smollm2_environment.ensure_installed}
_CHECKS = {"litellm": litellm_environment.is_installed, "smollm2": smollm2_environment.is_installed}


def is_installed(name: str, variables: Mapping[str, str]) -> bool:
    """Whether the environment of `name` is complete."""
    return _CHECKS[name](variables)


def main() -> int:
    """Install the environment that the first argument names; returns the exit code."""
    try:
        _INSTALLERS[sys.argv[1]](_say)
    except NoPackageForPlatform as error:
        _say(str(error))
        return NOTHING_FITS
    except InstallationFailed as error:
        _say(str(error))
        return 1
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
