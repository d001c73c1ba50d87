"""LiteLLM's own environment: over a hundred locked packages, separate from ours.

`make lock` writes the list from `requirements/litellm.in`.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from solaris.local.locked_environment import LockedEnvironment, ensure_environment
from solaris.local.locked_environment import is_installed as environment_is_installed
from solaris.local.virtual_environment import Report
from solaris.platform.resources import resource_path

LOCATION_VARIABLE = "SOLARIS_LITELLM_VENV"


def litellm_environment() -> LockedEnvironment:
    """The packages of LiteLLM's environment, and its location."""
    return LockedEnvironment("litellm", resource_path("requirements") / "litellm.txt", LOCATION_VARIABLE)


def is_installed(variables: Mapping[str, str] = os.environ) -> bool:
    """Whether LiteLLM's environment is complete."""
    return environment_is_installed(litellm_environment(), variables)


def ensure_installed(report: Report, variables: Mapping[str, str] = os.environ) -> Path:
    """The folder of LiteLLM's virtual environment, built first where it is missing.

    Blocks while pip runs (minutes at the first start); `report` gets one line per step.
    `SOLARIS_LITELLM_VENV` moves the folder, or names an existing environment with the locked
    versions.

    Raises:
        InstallationFailed: one line that names the cause and the cure.
    """
    return ensure_environment(litellm_environment(), report, variables)
