"""The product's own processes as children of `solaris up`: their command lines and their environments."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from solaris.local.processes import Command
from solaris.local.state import Secrets
from solaris.platform.settings import Settings

_STOP_SECONDS = 20.0  # a proxy gives its running calls ten seconds to end, then settles them


@dataclass(frozen=True)
class Stores:
    """Where the product's processes find what they share; `redis_url` is None while it goes on without Redis."""

    database_url: str
    redis_url: str | None


def solaris_command(name: str, arguments: tuple[str, ...], environment: Mapping[str, str], log: Path) -> Command:
    """A child that runs `solaris <arguments>` with this very Python."""
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
    """Everything the process `name` needs, as variables on top of our own; generated secrets stand in for those not given.

    The providers' keys are LiteLLM's alone, and LiteLLM's own key only the proxy knows (SPEC 6). They are blank, not absent, for
    the others: these read `.env`.
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
    """The user's own secret where there is one."""
    return given.get_secret_value() if given is not None else generated
