"""Starts the real LiteLLM: its configuration file, command line, environment and readiness check."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from solaris.local.litellm_config import Translation, translate
from solaris.local.litellm_yaml import ConfigError
from solaris.local.processes import Command, Layer, http_answers
from solaris.local.virtual_environment import python_of
from solaris.platform.resources import resource_path
from solaris.platform.settings import Settings

CONFIG_NAME = "litellm_config.yaml"
START_SECONDS = 90.0
_START_SCRIPT = Path(__file__).with_name("litellm_start.py")
_STOP_SECONDS = 5.0
# Not passed to LiteLLM: it would open a database with them, or could print them.
_WITHHELD = (
    "DATABASE_URL", "DIRECT_URL", "DATABASE_URL_READ_REPLICA", "REDIS_URL", "JWT_SECRET", "SMTP_PASS", "SMTP_USER",
    "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "SOLARIS_DEMO_PASSWORD", "SOLARIS_METRICS_TOKEN", "LITELLM_MASTER_KEY",
    "LITELLM_SALT_KEY", "LITELLM_LOG", "CONFIG_FILE_PATH", "WORKER_CONFIG", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV",
)  # fmt: skip
# LiteLLM downloads and reports nothing at its start, and reads no `.env` of its own.
_FIXED = {
    "LITELLM_MODE": "PRODUCTION",
    "PYTHON_DOTENV_DISABLED": "1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOCAL_POLICY_TEMPLATES": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
    "LITELLM_LOCAL_AUTOROUTER_PRESETS": "True",
    "LITELLM_TELEMETRY": "False",
    "LITELLM_DONT_SHOW_FEEDBACK_BOX": "true",
    "DISABLE_ADMIN_UI": "True",
    "PYTHONUNBUFFERED": "1",
}


@dataclass(frozen=True)
class PreparedLiteLLM:
    """Everything that is needed to start LiteLLM. `translation.notices` are for the console."""

    environment: Path
    config: Path
    port: int
    variables: Mapping[str, str]
    translation: Translation

    @property
    def url(self) -> str:
        """LiteLLM's base URL, without `/v1`."""
        return f"http://127.0.0.1:{self.port}"

    def command(self, log: Path) -> Command:
        """The child process: LiteLLM on loopback, with one worker."""
        return Command(
            name="litellm",
            arguments=self.arguments,
            environment=self.variables,
            log=log,
            folder=self.config.parent,
            stop_seconds=_STOP_SECONDS,
            layer=Layer.MODELS,
        )

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command line."""
        return (
            str(python_of(self.environment)), str(_START_SCRIPT), "--config", str(self.config),
            "--host", "127.0.0.1", "--port", str(self.port), "--num_workers", "1", "--telemetry", "False",
        )  # fmt: skip

    async def is_ready(self) -> bool:
        """Whether LiteLLM answers `/health/readiness`. Never `/health`, which calls every model."""
        return await http_answers(f"{self.url}/health/readiness")


@dataclass(frozen=True)
class LocalModels:
    """Base URLs of this machine's models, without `/v1`; None where one does not run."""

    simulator_url: str | None = None
    smollm2_url: str | None = None


def customer_config(settings: Settings, folder: Path | None = None) -> Path:
    """The customer's file: `SOLARIS_LITELLM_CONFIG`, else the one in `folder` (the current one), else the shipped one.

    Raises:
        ConfigError: `SOLARIS_LITELLM_CONFIG` names no file.
    """
    given = settings.solaris_litellm_config
    if given is not None:
        if not given.is_file():
            raise ConfigError(f"SOLARIS_LITELLM_CONFIG names {given}, which is no file; name a litellm_config.yaml")
        return given.absolute()
    here = (folder or Path.cwd()) / CONFIG_NAME
    return here if here.is_file() else resource_path(CONFIG_NAME)


def litellm_variables(
    settings: Settings, environ: Mapping[str, str] = os.environ, env_file: Path = Path(".env")
) -> dict[str, str]:
    """The variables that the customer's configuration may refer to: `.env`, then the environment, then the keys of the settings."""
    from_file = {name: value for name, value in dotenv_values(env_file).items() if value is not None}
    variables = {**from_file, **environ}
    for name in ("openai_api_key", "anthropic_api_key", "litellm_api_key"):
        secret = getattr(settings, name)
        if secret is not None:
            variables[name.upper()] = secret.get_secret_value()
    return variables


def prepare_litellm(
    settings: Settings,
    variables: Mapping[str, str],
    *,
    environment: Path,
    local_models: LocalModels,
    port: int | None = None,
) -> PreparedLiteLLM:
    """Write the translated configuration into the state folder.

    Returns what is needed to start LiteLLM with it.

    `variables` (see `litellm_variables`) must hold LITELLM_API_KEY, the only key that LiteLLM
    accepts. `environment` is the folder from `ensure_installed`; without `port`,
    SOLARIS_LITELLM_PORT is used.

    Raises:
        ConfigError: the customer's file can't be used; one line with file, line and cure.
    """
    if not variables.get("LITELLM_API_KEY"):
        raise ConfigError("LITELLM_API_KEY is not set; a right value: LITELLM_API_KEY=sk-litellm-key")
    source = customer_config(settings)
    translation = translate(
        _text(source),
        name=_short(source),
        variables=variables,
        simulator_url=local_models.simulator_url,
        smollm2_url=local_models.smollm2_url,
    )
    folder = settings.solaris_state_dir.absolute()
    target = folder / CONFIG_NAME
    _write_private(target, translation.text)
    return PreparedLiteLLM(
        environment,
        target,
        port or settings.solaris_litellm_port,
        _child_variables(variables, translation, source),
        translation,
    )


def _child_variables(variables: Mapping[str, str], translation: Translation, source: Path) -> dict[str, str]:
    passed = {
        name: value for name, value in variables.items() if name not in _WITHHELD or name in translation.variables
    }
    # The configuration may refer to other withheld variables; this one would make LiteLLM open the
    # database.
    passed.pop("DATABASE_URL", None)
    return {**passed, **_FIXED, "SOLARIS_LITELLM_CUSTOMER_FOLDER": str(source.parent)}


def _text(source: Path) -> str:
    try:
        return source.read_text("utf-8")
    except OSError as error:
        raise ConfigError(f"{source} can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{source} is not written in UTF-8; save it as UTF-8") from error


def _short(source: Path) -> str:
    try:
        return str(source.relative_to(Path.cwd()))
    except ValueError:
        return str(source)


def _write_private(target: Path, text: str) -> None:
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        temporary.replace(target)
    except OSError as error:
        raise ConfigError(
            f"{target} can't be written ({error.strerror}); set SOLARIS_STATE_DIR to a folder of yours"
        ) from error
