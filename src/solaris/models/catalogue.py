"""The model catalogue: the models that LiteLLM serves, with our weights and limits."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from solaris.domain.errors import ModelServiceUnavailable, StoreUnavailable
from solaris.domain.model_names import (
    MAX_NAME_CHARACTERS,
    Inheritance,
    covers,
    highest_weights,
    is_matchable,
    is_pattern,
    nearest_pattern,
    vocabulary_of,
)
from solaris.domain.tokens import Weights
from solaris.models.errors import ModelNotFound
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

_FRESH_SECONDS = 30.0
_SECONDS_BETWEEN_TRIES = 2.0
_DEFAULT_OUTPUT_LIMIT_TOKENS = 4096
_MAX_NAMED_MODELS = 20
_MAX_SECONDS = 2**35  # the year 3058
# Cached names matched by patterns; bounded, since callers may invent names.
_MAX_MEMBERS = 2_000

Json = dict[str, Any]
Aliases = Mapping[str, tuple[str, ...]]


async def _no_aliases(_entries: list[Json]) -> Aliases:
    return {}


@dataclass(frozen=True, slots=True)
class Model:
    """Weights and limits of one model.

    `listed`: the table `models` has a row for it, so the output limit is the provider's. Models
    that only match a pattern are not listed: the limit is the pattern's. `hidden_output_tokens`:
    average output per call that the caller does not see; None with too few samples. `targets`: the
    models of an alias. `pattern`: LiteLLM's pattern if only that makes the name callable, so that
    the name may be invented; None if LiteLLM lists the model.
    """

    name: str
    weights: Weights = field(default_factory=Weights)
    output_limit_tokens: int = _DEFAULT_OUTPUT_LIMIT_TOKENS
    tokenizer: str = "o200k_base"
    prompt_factor: Decimal = Decimal(1)
    active: bool = True
    listed: bool = False
    hidden_output_tokens: int | None = None
    targets: tuple[str, ...] = ()
    pattern: str | None = None

    @property
    def label(self) -> str:
        """The name for metrics, from LiteLLM's configuration, so that label values are bounded."""
        return self.pattern or self.name


class Catalogue:
    """The callable models, cached for 30 seconds.

    While LiteLLM or PostgreSQL is down, the last known models stay in use.
    """

    def __init__(
        self,
        served: Callable[[], Awaitable[list[Json]]],
        database: Database,
        log: Log,
        aliases_of: Callable[[list[Json]], Awaitable[Aliases]] = _no_aliases,
    ) -> None:
        """`served` reads LiteLLM's models, `aliases_of` the aliases for them; see `ServedNames`."""
        self._served = served
        self._aliases_of = aliases_of
        self._database = database
        self._log = log
        self._entries: dict[str, dict[str, Any]] | None = None
        self._rows: dict[str, Model] | None = None
        self._patterns: tuple[str, ...] = ()
        self._aliases: Aliases = {}
        self._inheritance = Inheritance((), {})
        self._callable: dict[str, Model] = {}
        self._members: dict[str, Model] = {}
        self._fresh_until = 0.0
        self._next_try = 0.0
        self._refreshing: asyncio.Task[None] | None = None
        self._table_changes = 0
        self._changes_read = 0
        self._rereading = asyncio.Lock()
        self._next_reread = 0.0

    def forget_weights(self) -> None:
        """Reread the table `models` before the next call."""
        self._table_changes += 1
        self._next_reread = 0.0

    async def find(self, name: str) -> Model:
        """The model with this name, which may be an alias or match a pattern.

        Raises:
            ModelNotFound: LiteLLM does not serve it, the name is not valid, or the model, its alias
                target or its pattern is inactive.
            ModelServiceUnavailable, StoreUnavailable: no list was read yet, and reading it fails.
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

    async def listing(self) -> list[Json]:
        """The active models in OpenAI's list format, without patterns.

        Raises as `find`, except ModelNotFound.
        """
        await self._ready()
        return [
            _entry(name, entry)
            for name, entry in (self._entries or {}).items()
            if not is_pattern(name) and self._model(name).active
        ]

    async def entry(self, name: str) -> Json:
        """One model in the format of `listing`, also if it is not listed. Raises as `find`."""
        await self.find(name)
        return _entry(name, (self._entries or {}).get(name, {}))

    async def weights_of(self, name: str) -> Model:
        """A model by our table, whether or not LiteLLM serves it; weights of 1 by default."""
        if self._rows is None:
            await self._read_rows()
        await self._reread_rows()
        return self._model(name)

    async def close(self) -> None:
        """Cancel a refresh in progress."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    def _at_hand(self, name: str) -> Model | None:
        """The cached model; None if the caches are stale or do not have the name."""
        now = time.monotonic()
        if self._changes_read != self._table_changes or (now >= self._fresh_until and now >= self._next_try):
            return None
        return self._callable.get(name) or self._members.get(name)

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
            # A concurrent call has reread the table meanwhile.
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
            aliases = await self._aliases_of(entries)
        except (ModelServiceUnavailable, StoreUnavailable) as error:
            self._log.warning("model_list_not_read", cause=str(error), keeps_last_known=self._entries is not None)
            if self._rows is None and isinstance(error, StoreUnavailable):
                raise
            return
        self._entries = {entry["id"]: entry for entry in entries}
        self._patterns = tuple(filter(is_pattern, self._entries))
        self._aliases = aliases
        self._list_callable()
        self._fresh_until = time.monotonic() + _FRESH_SECONDS

    async def _read_rows(self) -> None:
        changes = self._table_changes
        rows = await self._database.fetch(load_sql("models", "models"), _DEFAULT_OUTPUT_LIMIT_TOKENS)
        if self._rows is not None and changes < self._changes_read:
            # A later read finished first.
            return
        self._changes_read = changes
        self._rows = {row["name"]: _model(row) for row in rows}
        self._list_callable()

    def _list_callable(self) -> None:
        rows = self._rows or {}
        self._inheritance = Inheritance({name for name, row in rows.items() if row.listed}, self._aliases)
        models = (self._model(name) for name in self._entries or () if not is_pattern(name))
        self._callable = {model.name: model for model in models if model.active}
        self._members = {}

    def _model(self, name: str) -> Model:
        """The model from its own row, or from the rows whose weights it inherits."""
        rows = self._rows or {}
        sources = self._inheritance.sources(name)
        own = rows.get(name) or _unknown(name)
        targets = tuple(self._aliases.get(name, ()))
        switched_on = all(rows[switch].active for switch in self._inheritance.switches(name))
        if sources in {(name,), (None,)}:
            if own.active == switched_on and not targets:
                return own
            return replace(own, active=switched_on, targets=targets)
        inherited = [_unknown(name) if source is None else rows[source] for source in sources]
        return Model(
            name,
            highest_weights(one.weights for one in inherited),
            max(one.output_limit_tokens for one in inherited),
            inherited[0].tokenizer,
            own.prompt_factor if name in rows else max(one.prompt_factor for one in inherited),
            switched_on,
            all(one.listed and not is_pattern(one.name) for one in inherited),
            own.hidden_output_tokens if own.hidden_output_tokens is not None else max_hidden(inherited),
            targets,
        )

    def _serves(self, name: str) -> Model | None:
        if is_pattern(name) or not self._is_answered(name):
            return None
        model = self._model(name)
        if not model.active:
            return None
        if name not in (self._entries or {}) and name not in self._aliases:
            model = replace(model, pattern=nearest_pattern(name, self._patterns))
        if name not in self._callable and len(self._members) < _MAX_MEMBERS:
            self._members[name] = model
        return model

    def _is_answered(self, name: str) -> bool:
        """Whether LiteLLM serves the name. Aliases are resolved once: a target is not an alias."""
        if name in (self._entries or {}) or self._is_member(name):
            return True
        return any(
            target not in self._aliases and (target in (self._entries or {}) or self._is_member(target))
            for target in self._aliases.get(name, ())
        )

    def _is_member(self, name: str) -> bool:
        return bool(self._patterns) and is_matchable(name) and any(covers(one, name) for one in self._patterns)

    def _unknown_message(self, name: str) -> str:
        if is_pattern(name):
            return f"'{name[:100]}' é um padrão, e não um modelo. Escreva o nome inteiro de um modelo."
        if len(name) > MAX_NAME_CHARACTERS:
            return f"O nome do modelo passa de {MAX_NAME_CHARACTERS} caracteres. Confira o campo 'model'."
        if "," in name and all(part.strip() for part in name.split(",")):
            return f"O campo 'model' aceita um modelo por chamada, e '{name[:100]}' parece uma lista. Envie um só nome."
        # Patterns are named instead of the hundreds of models that LiteLLM lists for them.
        names = sorted(
            known for known in self._entries or {} if self._model(known).active and not self._is_member(known)
        )
        shown = ", ".join(names[:_MAX_NAMED_MODELS]) + ("…" if len(names) > _MAX_NAMED_MODELS else "")
        return f"O modelo '{name[:100]}' não está disponível. Modelos disponíveis: {shown or 'nenhum'}."


def _entry(name: str, entry: Json) -> Json:
    """One model in both OpenAI's and Anthropic's format.

    Anthropic's fields are `type`, `display_name` and `created_at`; the formats do not collide.
    """
    created = entry.get("created")
    created = created if type(created) is int and 0 <= created < _MAX_SECONDS else 0
    return {
        "id": name,
        "object": "model",
        "created": created,
        "owned_by": entry.get("owned_by") or "",
        "type": "model",
        "display_name": name,
        "created_at": datetime.fromtimestamp(created, UTC).isoformat().replace("+00:00", "Z"),
    }


def max_hidden(models: Sequence[Model]) -> int | None:
    """The highest `hidden_output_tokens` of these models; None if none is known."""
    return max((one.hidden_output_tokens for one in models if one.hidden_output_tokens is not None), default=None)


def _unknown(name: str) -> Model:
    return Model(name, tokenizer=vocabulary_of(name))


def _model(row: Any) -> Model:
    return Model(
        row["name"],
        Weights(row["input_weight"], row["cached_input_weight"], row["output_weight"], row["reasoning_weight"]),
        row["output_limit_tokens"],
        row["tokenizer"] if row["listed"] else vocabulary_of(row["name"]),
        row["prompt_factor"],
        row["active"],
        row["listed"],
        row["hidden_output_tokens"],
    )
