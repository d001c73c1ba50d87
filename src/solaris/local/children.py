"""Command lines and environments of the product's processes as children of `solaris up`."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from solaris.local.processes import Command
from solaris.local.state import Secrets
from solaris.platform.settings import Settings

_STOP_SECONDS = 20.0  # a proxy gives running calls ten seconds to end, then settles them


@dataclass(frozen=True)
class Stores:
    """The URLs of the shared stores; `redis_url` is None where the product runs without Redis."""

    database_url: str
    redis_url: str | None


def solaris_command(name: str, arguments: tuple[str, ...], environment: Mapping[str, str], log: Path) -> Command:
    """A child that runs `solaris <arguments>` with the current Python."""
    return Command(
        name=name,
        arguments=(sys.executable, "-m", "solaris.cli.main", *arguments),
        environment=environment,
        log=log,
        stop_seconds=_STOP_SECONDS,
    )


def child_environment(
    name: str, settings: Settings, secrets: Secrets, state_dir: Path, stores: Stores, litellm_url: str
) -> dict[str, str]:
    """The environment of the process `name`: ours, the stores, and a generated secret for each one that is not configured.

    Only LiteLLM gets the providers' keys, and only the proxy gets LiteLLM's own key (SPEC 6). For
    the others they are blank, not absent, since these processes also read `.env`.
    """
    litellm_api_key = given_or(settings.litellm_api_key, secrets.litellm_api_key)
    return {
        **os.environ,
        "DATABASE_URL": stores.database_url,
        "REDIS_URL": stores.redis_url or "",
        "LITELLM_URL": litellm_url,
        "LITELLM_API_KEY": litellm_api_key if name == "proxy" else "",
        "OPENAI_API_KEY": "",
        "ANTHROPIC_API_KEY": "",
        "JWT_SECRET": given_or(settings.jwt_secret, secrets.jwt_secret),
        "SOLARIS_STATE_DIR": str(state_dir),
        "SOLARIS_LOG_FORMAT": "json" if settings.solaris_log_format == "auto" else settings.solaris_log_format,
        "PYTHONUNBUFFERED": "1",
    }


def given_or(given: SecretStr | None, generated: str) -> str:
    """The configured secret, or the generated one."""
    return given.get_secret_value() if given is not None else generated
