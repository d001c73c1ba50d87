"""Reads the names that LiteLLM serves: models, patterns such as `openai/*`, and aliases.

LiteLLM 1.106 has them in three places:

- `GET /v1/models?return_wildcard_routes=true` lists models and patterns; without the parameter only
  models;
- `GET /router/settings` has `current_values.model_group_alias`, including hidden aliases; LiteLLM
  resolves an alias once;
- `GET /v1/model/info` has each deployment's `model_info`. Our translation of the customer's
  configuration stores there the targets of an alias with several deployments (`ALIAS_OF`).

Other OpenAI-compatible servers only have the list of models, and no aliases.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeGuard

import orjson

from solaris.domain.errors import SolarisError, StoreUnavailable
from solaris.domain.model_names import MAX_NAME_CHARACTERS, is_pattern
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

Json = dict[str, Any]
Aliases = Mapping[str, tuple[str, ...]]

# Key in a deployment's `model_info`: the targets of an alias.
ALIAS_OF = "solaris_alias_of"
ROUTER_SETTINGS = "/router/settings"
MODEL_INFO = "/v1/model/info"
# With patterns the response is large: LiteLLM lists every known model that matches, with details.
_SECONDS_BETWEEN_READINGS = 300.0
_MAX_ALIASES = 10_000


class NameSource(Protocol):
    """The interface of `gateway.upstream.Upstream` that is used here."""

    async def models(self) -> list[Json]:
        """The entries of GET /v1/models, including patterns. Raises ModelServiceUnavailable."""

    async def json_at(self, path: str) -> Json | None:
        """The JSON object at `path`; None if there is none. Raises ModelServiceUnavailable."""


class ServedNames:
    """Reads the names from LiteLLM, and stores patterns and aliases in `served_names`."""

    def __init__(self, upstream: NameSource, database: Database, log: Log) -> None:
        self._upstream = upstream
        self._database = database
        self._log = log
        self._aliases: dict[str, tuple[str, ...]] = {}
        self._listed: frozenset[str] = frozenset()
        self._next_reading = 0.0
        self._stored: dict[str, tuple[str, ...]] | None = None

    async def entries(self) -> list[Json]:
        """The entries of GET /v1/models, including patterns. Raises as `Upstream.models`."""
        return await self._upstream.models()

    async def aliases(self, entries: Iterable[Json]) -> Aliases:
        """Each alias with its targets.

        Read again every five minutes, and when `entries` has other names than before. Never raises:
        after an error the last known aliases are returned, at first those stored.
        """
        listed = frozenset(entry["id"] for entry in entries)
        if listed == self._listed and time.monotonic() < self._next_reading:
            return self._aliases
        await self._remember()
        try:
            self._aliases = await self._read()
        except SolarisError as error:
            # The next call retries.
            self._log.warning("aliases_not_read", cause=str(error), keeps_last_known=True)
            return self._aliases
        self._listed = listed
        self._next_reading = time.monotonic() + _SECONDS_BETWEEN_READINGS
        await self._keep(listed)
        return self._aliases

    async def _remember(self) -> None:
        if self._stored is not None:
            return
        try:
            rows = await self._database.fetch("SELECT name, targets FROM served_names")
        except StoreUnavailable as error:
            self._log.warning("served_names_not_read", cause=str(error))
            return
        self._stored = {row["name"]: tuple(row["targets"]) for row in rows}
        self._aliases = self._aliases or {name: targets for name, targets in self._stored.items() if targets}

    async def _read(self) -> dict[str, tuple[str, ...]]:
        router = await self._upstream.json_at(ROUTER_SETTINGS)
        info = await self._upstream.json_at(MODEL_INFO)
        return {**_aliases_of_deployments(info), **_aliases_of_router(router)}

    async def _keep(self, listed: Iterable[str]) -> None:
        patterns = {name: () for name in listed if is_pattern(name) and _is_name(name)}
        known: dict[str, tuple[str, ...]] = {**patterns, **self._aliases}
        if known == self._stored:
            return
        targets = [orjson.dumps(one).decode() for one in known.values()]
        try:
            await self._database.execute(load_sql("models", "keep_served_names"), list(known), targets)
        except StoreUnavailable as error:
            self._log.warning("served_names_not_kept", cause=str(error))
            return
        self._stored = known


def _aliases_of_router(settings: Json | None) -> dict[str, tuple[str, ...]]:
    values = (settings or {}).get("current_values")
    written = values.get("model_group_alias") if isinstance(values, dict) else None
    if not isinstance(written, dict):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for alias, value in list(written.items())[:_MAX_ALIASES]:
        # LiteLLM's two forms: a name, or {"model": name, "hidden": true}.
        target = value.get("model") if isinstance(value, dict) else value
        if _is_name(alias) and _is_name(target) and alias != target:
            found[alias] = (target,)
    return found


def _aliases_of_deployments(info: Json | None) -> dict[str, tuple[str, ...]]:
    deployments = (info or {}).get("data")
    found: dict[str, tuple[str, ...]] = {}
    for deployment in deployments if isinstance(deployments, list) else ():
        about = deployment.get("model_info") if isinstance(deployment, dict) else None
        targets = about.get(ALIAS_OF) if isinstance(about, dict) else None
        name = deployment.get("model_name") if isinstance(deployment, dict) else None
        if _is_name(name) and isinstance(targets, list) and targets and all(map(_is_name, targets)):
            found[name] = tuple(targets)
    return found


def _is_name(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME_CHARACTERS and "\0" not in value
