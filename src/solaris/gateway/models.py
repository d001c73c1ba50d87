"""The model catalogue: what LiteLLM serves, joined with our weights and limits."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

from solaris.domain.errors import ModelServiceUnavailable, StoreUnavailable
from solaris.domain.tokens import Weights
from solaris.gateway.errors import ModelNotFound
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

_FRESH_SECONDS = 30.0
_SECONDS_BETWEEN_TRIES = 2.0
_DEFAULT_OUTPUT_LIMIT_TOKENS = 4096
_MOST_NAMED_MODELS = 20


@dataclass(frozen=True, slots=True)
class Model:
    """What one model costs and admits. `listed`: our table knows it, so that its limit is the provider's own.

    `hidden_output_tokens`: what a call of it writes on average that no caller sees.
    """

    name: str
    weights: Weights = field(default_factory=Weights)
    output_limit_tokens: int = _DEFAULT_OUTPUT_LIMIT_TOKENS
    tokenizer: str = "o200k_base"
    prompt_factor: Decimal = Decimal(1)
    active: bool = True
    listed: bool = False
    hidden_output_tokens: int = 0


class Catalogue:
    """The models that may be called; kept for half a minute, and as last known while LiteLLM or PostgreSQL is away."""

    def __init__(self, served: Callable[[], Awaitable[list[dict[str, Any]]]], database: Database, log: Log) -> None:
        self._served = served
        self._database = database
        self._log = log
        self._entries: dict[str, dict[str, Any]] | None = None
        self._rows: dict[str, Model] | None = None
        self._callable: dict[str, Model] = {}
        self._fresh_until = 0.0
        self._next_try = 0.0
        self._refreshing: asyncio.Task[None] | None = None
        self._table_changes = 0
        self._changes_read = 0
        self._rereading = asyncio.Lock()
        self._next_reread = 0.0

    def forget_weights(self) -> None:
        """Read our table anew before the next call: staff changed it."""
        self._table_changes += 1
        self._next_reread = 0.0

    async def find(self, name: str) -> Model:
        """The model of that name.

        Raises:
            ModelNotFound: LiteLLM does not serve it, or it is switched off.
            ModelServiceUnavailable, StoreUnavailable: no list is known yet, and none can be had.
        """
        model = self._at_hand(name)
        if model is not None:
            return model
        await self._ready()
        if self._serves(name) is None and time.monotonic() >= self._next_try:
            await self._refresh()
        model = self._serves(name)
        if model is None:
            raise ModelNotFound(self._unknown_message(name))
        return model

    async def listing(self) -> list[dict[str, Any]]:
        """The active models in the shape of OpenAI's list. Raises as `find`, but never ModelNotFound."""
        await self._ready()
        return [
            {
                "id": name,
                "object": "model",
                "created": entry.get("created") or 0,
                "owned_by": entry.get("owned_by") or "",
            }
            for name, entry in (self._entries or {}).items()
            if self._model(name).active
        ]

    async def weights_of(self, name: str) -> Model:
        """What our table says of a model, whether LiteLLM serves it or not; weights of 1 where it says nothing."""
        if self._rows is None:
            await self._read_rows()
        await self._reread_rows()
        return self._model(name)

    async def close(self) -> None:
        """Stop a refresh that is under way."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    def _at_hand(self, name: str) -> Model | None:
        """The model where nothing has to be read: its name stands in a fresh list, and our table is as it was."""
        now = time.monotonic()
        if self._changes_read != self._table_changes or (now >= self._fresh_until and now >= self._next_try):
            return None
        return self._callable.get(name)

    async def _ready(self) -> None:
        if self._entries is None or self._rows is None:
            await self._refresh()
            if self._entries is None:
                raise ModelServiceUnavailable(
                    "O serviço de modelos está temporariamente indisponível. Tente novamente em alguns segundos."
                )
        elif time.monotonic() >= max(self._fresh_until, self._next_try):
            self._start_refresh()
        await self._reread_rows()

    async def _reread_rows(self) -> None:
        if self._changes_read == self._table_changes:
            return
        async with self._rereading:
            # One call reads for all that came meanwhile.
            if self._changes_read == self._table_changes or time.monotonic() < self._next_reread:
                return
            try:
                await self._read_rows()
            except StoreUnavailable as error:
                self._next_reread = time.monotonic() + _SECONDS_BETWEEN_TRIES
                self._log.warning("model_weights_not_read", cause=str(error), keeps_last_known=True)

    async def _refresh(self) -> None:
        await asyncio.shield(self._start_refresh())

    def _start_refresh(self) -> asyncio.Task[None]:
        if self._refreshing is None or self._refreshing.done():
            self._next_try = time.monotonic() + _SECONDS_BETWEEN_TRIES
            self._refreshing = asyncio.create_task(self._read())
        return self._refreshing

    async def _read(self) -> None:
        try:
            await self._read_rows()
            entries = await self._served()
        except (ModelServiceUnavailable, StoreUnavailable) as error:
            self._log.warning("model_list_not_read", cause=str(error), keeps_last_known=self._entries is not None)
            if self._rows is None and isinstance(error, StoreUnavailable):
                raise
            return
        self._entries = {entry["id"]: entry for entry in entries}
        self._list_callable()
        self._fresh_until = time.monotonic() + _FRESH_SECONDS

    async def _read_rows(self) -> None:
        changes = self._table_changes
        rows = await self._database.fetch(load_sql("gateway", "models"), _DEFAULT_OUTPUT_LIMIT_TOKENS)
        if self._rows is not None and changes < self._changes_read:
            # A later reading overtook this one.
            return
        self._changes_read = changes
        self._rows = {row["name"]: _model(row) for row in rows}
        self._list_callable()

    def _list_callable(self) -> None:
        models = map(self._model, self._entries or {})
        self._callable = {model.name: model for model in models if model.active}

    def _model(self, name: str) -> Model:
        return (self._rows or {}).get(name) or Model(name)

    def _serves(self, name: str) -> Model | None:
        entries = self._entries or {}
        served = name in entries or any("*" in known and fnmatchcase(name, known) for known in entries)
        model = self._model(name)
        return model if served and model.active else None

    def _unknown_message(self, name: str) -> str:
        names = sorted(known for known in self._entries or {} if self._model(known).active)
        told = ", ".join(names[:_MOST_NAMED_MODELS]) + ("…" if len(names) > _MOST_NAMED_MODELS else "")
        return f"O modelo '{name[:100]}' não está disponível. Modelos disponíveis: {told or 'nenhum'}."


def _model(row: Any) -> Model:
    return Model(
        row["name"],
        Weights(row["input_weight"], row["cached_input_weight"], row["output_weight"], row["reasoning_weight"]),
        row["output_limit_tokens"],
        row["tokenizer"],
        row["prompt_factor"],
        row["active"],
        row["listed"],
        row["hidden_output_tokens"],
    )
