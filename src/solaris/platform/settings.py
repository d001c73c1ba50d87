"""The configuration, read once from the environment and `.env`, validated, and passed in."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_UNITS_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# Fields that metering reads or writes in a request's body; without them a call is not charged.
_NEVER_DENIED = frozenset(
    """
    model messages prompt input suffix instructions system tools functions stream stream_options stream_options.include_usage user
    metadata.user_id max_tokens max_completion_tokens max_output_tokens n best_of echo background
    """.split()
)
_SEED_SECRETS = {"your-super-secret-key", "sk-litellm-key", "password", "changeme", "secret"}

EXAMPLES = {
    "DATABASE_URL": "postgresql://solaris:password@localhost:5432/ia_solaris",
    "REDIS_URL": "redis://localhost:6379",
    "LITELLM_URL": "http://localhost:4000",
    "LITELLM_API_KEY": "sk-litellm-key",
    "JWT_SECRET": "a random text of 32 characters or more (openssl rand -hex 32)",
    "JWT_EXPIRES_IN": "24h",
    "SMTP_PORT": "587",
    "STRIPE_SECRET_KEY": "sk_live_… (Stripe's dashboard, Developers, API keys)",
    "STRIPE_WEBHOOK_SECRET": "whsec_… (Stripe's dashboard, Developers, Webhooks)",
    "SOLARIS_TIMEZONE": "America/Sao_Paulo",
    "SOLARIS_PROXY_PORT": "3001",
    "SOLARIS_ADMIN_PORT": "3002",
    "SOLARIS_LITELLM_PORT": "4000",
    "SOLARIS_ENV": "production",
    "SOLARIS_BIND_HOST": "127.0.0.1",
    "SOLARIS_PUBLIC_URL": "http://localhost:3001",
    "SOLARIS_ADMIN_PUBLIC_URL": "http://localhost:3002",
    "SOLARIS_DEFAULT_PLAN": "basico",
    "SOLARIS_NEW_ACCOUNTS_PER_DAY": "200",
    "SOLARIS_BODY_LIMIT_BYTES": "20971520",
    "SOLARIS_OPEN_CALLS_LIMIT": "2000",
    "SOLARIS_OPEN_STREAMS_LIMIT": "1000",
    "SOLARIS_WIDGET_ORIGINS": "https://chat.example.com.br,https://outro.example.com.br",
    "SOLARIS_DENIED_FIELDS": "provider,plugins,chat_template_kwargs.enable_thinking",
    "SOLARIS_GATEWAY_ORIGINS": "https://app.example.com.br,https://outro.example.com.br",
    "SOLARIS_FIRST_BYTE_TIMEOUT_SECONDS": "600",
    "SOLARIS_IDLE_TIMEOUT_SECONDS": "120",
    "SOLARIS_READER_TIMEOUT_SECONDS": "120",
    "SOLARIS_READ_ON_SECONDS": "10",
    "SOLARIS_METRICS_TOKEN": "a random text of 16 characters or more (openssl rand -hex 16)",
    "SOLARIS_PAGES_DIR": "web/dist",
    "SOLARIS_DEMO_DATA": "true",
    "SOLARIS_DEMO_PASSWORD": "at least 10 characters, no common word",
    "SOLARIS_LOG_LEVEL": "info",
    "TOKEN_CONVERSION_FACTOR": "1",
}


class SettingsError(Exception):
    """A variable is missing or invalid; the message is one line with its name and a valid value."""


def _blank_as_absent(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def parse_duration_seconds(text: str) -> int:
    """Return the seconds of a duration such as `24h`, `30m`, `7d` or `3600` (plain seconds).

    Raises:
        ValueError: the text is not a duration, or is zero.
    """
    found = re.fullmatch(r"\s*(\d{1,9})\s*([smhd]?)\s*", text)
    if not found or int(found[1]) == 0:
        raise ValueError("is no duration such as 24h, 30m or 7d")
    return int(found[1]) * _UNITS_SECONDS[found[2] or "s"]


OptionalText = Annotated[str | None, BeforeValidator(_blank_as_absent)]
OptionalSecret = Annotated[SecretStr | None, BeforeValidator(_blank_as_absent)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """Every variable of SPEC 9.

    Without `database_url` or `redis_url` the embedded store is used.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        case_sensitive=False,
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: OptionalSecret = None
    redis_url: OptionalSecret = None
    litellm_url: str = "http://127.0.0.1:4000"
    litellm_api_key: OptionalSecret = None
    openai_api_key: OptionalSecret = None
    anthropic_api_key: OptionalSecret = None
    jwt_secret: OptionalSecret = None
    jwt_expires_in: str = "24h"
    smtp_host: OptionalText = None
    smtp_port: Port = 587
    smtp_user: OptionalText = None
    smtp_pass: OptionalSecret = None
    stripe_secret_key: OptionalSecret = None
    stripe_webhook_secret: OptionalSecret = None
    token_conversion_factor: Decimal = Field(default=Decimal(1), gt=0, le=1000, max_digits=12, decimal_places=6)

    solaris_env: Literal["development", "production"] = "development"
    solaris_timezone: str = "America/Sao_Paulo"
    solaris_bind_host: str = "127.0.0.1"
    solaris_proxy_port: Port = 3001
    solaris_admin_port: Port = 3002
    solaris_litellm_port: Port = 4000
    solaris_public_url: OptionalText = None
    solaris_admin_public_url: OptionalText = None
    solaris_default_plan: str = "basico"
    solaris_new_accounts_per_day: int = Field(default=200, ge=0, le=1_000_000)
    solaris_body_limit_bytes: int = Field(default=20 * 1024 * 1024, ge=1024, le=1024**3)
    solaris_open_calls_limit: int = Field(default=2_000, ge=1, le=100_000)
    solaris_open_streams_limit: int = Field(default=1_000, ge=1, le=100_000)
    solaris_widget_origins: str = ""
    solaris_denied_fields: str = ""
    solaris_gateway_origins: str = ""
    solaris_first_byte_timeout_seconds: float = Field(default=600, gt=0, le=86_400)
    solaris_idle_timeout_seconds: float = Field(default=120, gt=0, le=86_400)
    solaris_reader_timeout_seconds: float = Field(default=120, gt=0, le=86_400)
    solaris_read_on_seconds: float = Field(default=10, ge=0, le=3_600)
    solaris_metrics_token: OptionalSecret = None
    solaris_log_level: Literal["error", "warn", "info", "debug"] = "info"
    solaris_log_format: Literal["auto", "json", "pretty"] = "auto"
    solaris_demo_data: bool | None = None
    solaris_demo_password: OptionalSecret = None
    solaris_state_dir: Path = Path(".solaris")
    solaris_pages_dir: Annotated[Path | None, BeforeValidator(_blank_as_absent)] = None
    solaris_litellm_config: Annotated[Path | None, BeforeValidator(_blank_as_absent)] = None

    @field_validator("solaris_timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("is no IANA time zone") from error
        return value

    @field_validator("jwt_expires_in")
    @classmethod
    def _duration(cls, value: str) -> str:
        parse_duration_seconds(value)
        return value

    @field_validator("database_url")
    @classmethod
    def _postgres_url(cls, value: SecretStr | None) -> SecretStr | None:
        return _checked_url(value, {"postgresql", "postgres"}, needs_path=True)

    @field_validator("redis_url")
    @classmethod
    def _redis_url(cls, value: SecretStr | None) -> SecretStr | None:
        return _checked_url(value, {"redis", "rediss", "unix"})

    @field_validator("litellm_url", "solaris_public_url", "solaris_admin_public_url")
    @classmethod
    def _http_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        _checked_url(SecretStr(value), {"http", "https"})
        return value.rstrip("/")

    @field_validator("solaris_widget_origins", "solaris_gateway_origins")
    @classmethod
    def _origins(cls, value: str) -> str:
        for origin in _split_list(value):
            parts = urlsplit(origin)
            if origin != f"{parts.scheme}://{parts.netloc}" or not re.fullmatch(r"https?://[a-z0-9.:\[\]-]+", origin):
                raise ValueError("holds an origin that is not scheme://host or scheme://host:port, in small letters")
        return value

    @field_validator("solaris_denied_fields")
    @classmethod
    def _field_paths(cls, value: str) -> str:
        for path in _split_list(value):
            if not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,3}", path):
                raise ValueError("holds a field that is no name, nor names with dots between")
            if path in _NEVER_DENIED:
                raise ValueError(f"holds '{path}', which metering reads in every body")
        return value

    @field_validator("stripe_secret_key")
    @classmethod
    def _stripe_key(cls, value: SecretStr | None) -> SecretStr | None:
        return _starting_with(value, ("sk_", "rk_"))

    @field_validator("stripe_webhook_secret")
    @classmethod
    def _stripe_webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        return _starting_with(value, ("whsec_",))

    @field_validator("jwt_secret", "solaris_metrics_token")
    @classmethod
    def _long_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value().encode()) < 16:
            raise ValueError("is shorter than 16 bytes")
        return value

    @field_validator("solaris_metrics_token")
    @classmethod
    def _sendable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[!-~]+", value.get_secret_value()):
            raise ValueError("holds blanks or signs that a header can't carry")
        return value

    @model_validator(mode="after")
    def _production_secrets(self) -> "Settings":
        if self.solaris_env != "production":
            return self
        for name in ("jwt_secret", "litellm_api_key", "database_url"):
            secret: SecretStr | None = getattr(self, name)
            if secret is None and name == "litellm_api_key":
                continue  # only the proxy needs it, and checks it
            if secret is None:
                raise ValueError(f"{name.upper()} is required in production")
            text = secret.get_secret_value()
            password = urlsplit(text).password if name == "database_url" else text
            if password in _SEED_SECRETS:
                raise ValueError(f"{name.upper()} holds a default secret, which production refuses")
        if self.jwt_secret is not None and len(self.jwt_secret.get_secret_value().encode()) < 32:
            raise ValueError("JWT_SECRET is shorter than 32 bytes")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The customer's time zone, which defines days and months."""
        return ZoneInfo(self.solaris_timezone)

    @property
    def jwt_lifetime_seconds(self) -> int:
        """`JWT_EXPIRES_IN` in seconds."""
        return parse_duration_seconds(self.jwt_expires_in)

    @property
    def public_url(self) -> str:
        """The portal's URL for browsers and for links in messages, without a trailing slash."""
        return self.solaris_public_url or f"http://localhost:{self.solaris_proxy_port}"

    @property
    def admin_public_url(self) -> str:
        """The Admin Dashboard's URL for browsers, without a trailing slash."""
        return self.solaris_admin_public_url or f"http://localhost:{self.solaris_admin_port}"

    @property
    def buy_url(self) -> str:
        """The page where a user requests more tokens; quota messages end with it."""
        return f"{self.public_url}/creditos"

    @property
    def widget_origins(self) -> tuple[str, ...]:
        """Origins of chat pages that may show balances: scheme, host, port, no trailing slash."""
        return tuple(_split_list(self.solaris_widget_origins))

    @property
    def denied_fields(self) -> tuple[str, ...]:
        """Fields removed from every request's body, with dots between levels."""
        return tuple(_split_list(self.solaris_denied_fields))

    @property
    def gateway_origins(self) -> tuple[str, ...]:
        """Origins whose scripts may call models with a key: scheme, host and port."""
        return tuple(_split_list(self.solaris_gateway_origins))

    @property
    def litellm_base_url(self) -> str:
        """`LITELLM_URL` without a trailing `/v1`."""
        return self.litellm_url.removesuffix("/v1").rstrip("/")


def _split_list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _starting_with(value: SecretStr | None, prefixes: tuple[str, ...]) -> SecretStr | None:
    if value is not None and not value.get_secret_value().startswith(prefixes):
        raise ValueError(f"does not start with {' or '.join(prefixes)}")
    return value


def _checked_url(value: SecretStr | None, schemes: set[str], *, needs_path: bool = False) -> SecretStr | None:
    if value is None:
        return None
    try:
        parts = urlsplit(value.get_secret_value())
        port_is_wrong = parts.port == 0
    except ValueError as error:
        raise ValueError("is no URL") from error
    if parts.scheme not in schemes or port_is_wrong:
        raise ValueError(f"does not start with {' or '.join(sorted(schemes))}://")
    if parts.scheme != "unix" and not parts.hostname:
        raise ValueError("names no host")
    if needs_path and not parts.path.strip("/"):
        raise ValueError("names no database")
    return value


def load_settings(**overrides: Any) -> Settings:
    """Return the validated settings of this process.

    Raises:
        SettingsError: a variable is missing or invalid; the message has its name and an example,
            never the value.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise SettingsError(_one_line(error)) from None


def _one_line(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_context=False, include_url=False)[0]
    problem = str(first["msg"]).removeprefix("Value error, ")
    if not first["loc"]:
        name = problem.split(" ", 1)[0]
        return f"{problem}; a right value: {EXAMPLES.get(name, 'see .env.example')}"
    name = str(first["loc"][0]).upper()
    return f"{name} is wrong ({problem}); a right value: {name}={EXAMPLES.get(name, 'see .env.example')}"
