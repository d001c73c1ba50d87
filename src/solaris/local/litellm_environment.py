"""LiteLLM's own environment: over a hundred locked packages that never enter ours.

The lock is made from `requirements/litellm.in`, in that folder, by
`uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate litellm.in -o litellm.txt`.
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
    """Which packages make up LiteLLM's environment, and where it lies."""
    return LockedEnvironment("litellm", resource_path("requirements") / "litellm.txt", LOCATION_VARIABLE)


def is_installed(variables: Mapping[str, str] = os.environ) -> bool:
    """Whether LiteLLM can be started without installing anything."""
    return environment_is_installed(litellm_environment(), variables)


def ensure_installed(report: Report, variables: Mapping[str, str] = os.environ) -> Path:
    """The folder of LiteLLM's virtual environment, built first where it is missing.

    Blocks for as long as pip works (minutes at the first start); `report` gets one readable line per step.
    `SOLARIS_LITELLM_VENV` moves it, or names an environment that somebody else built with the locked versions.

    Raises:
        InstallationFailed: one line that names the cause and the cure.
    """
    return ensure_environment(litellm_environment(), report, variables)
