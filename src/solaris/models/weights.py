"""Reads and sets models' weights and limits (SPEC 4); notifies running proxies of changes."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import asyncpg

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.errors import ChangedMeanwhile
from solaris.auth.principal import Principal
from solaris.domain.model_names import Inheritance, highest_weights, vocabulary_of
from solaris.domain.tokens import Weights
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql


@dataclass(frozen=True, slots=True)
class WeighedModel:
    """A model, a pattern such as `openai/*`, or an alias, with the weights that apply to it.

    `updated_at` None: it has no row in `models`; its weights and limits are those of
    `weights_from`, or weights of 1 if that is empty. `alias_of`: the targets of an alias.
    `active` is also false if a name in `weights_from` or `alias_of` is inactive.
    """

    name: str
    weights: Weights
    output_limit_tokens: int
    tokenizer: str
    prompt_factor: Decimal
    active: bool
    updated_at: datetime | None
    alias_of: tuple[str, ...] = ()
    weights_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelUpdate:
    """The weights and limits to set.

    `seen_updated_at` is the `updated_at` that the editor last read; None: there was no row.
    """

    name: str
    weights: Weights
    output_limit_tokens: int
    tokenizer: str
    active: bool
    seen_updated_at: datetime | None


class ModelWeights:
    """Reads and sets weights. Calls in progress keep the weights that they started with."""

    def __init__(
        self, database: Database, cache_invalidation: CacheInvalidation, *, conversion_factor: Decimal
    ) -> None:
        self._database = database
        self._cache_invalidation = cache_invalidation
        self.conversion_factor = conversion_factor

    async def list(self) -> list[WeighedModel]:
        """All models by name, each with the weights that apply to it."""
        models = [_model(row) for row in await self._database.fetch(load_sql("models", "staff_models"), None)]
        return _with_inherited(models)

    async def put(self, actor: Principal, update: ModelUpdate) -> WeighedModel:
        """Set a model's weights and limits; new calls in all proxies use them at once.

        Raises:
            ChangedMeanwhile: the model was changed after `update.seen_updated_at`.
        """
        async with self._database.transaction() as connection:
            await connection.execute("SELECT FROM models WHERE name = $1 FOR UPDATE", update.name)
            before = await _read(connection, update.name)
            made = await connection.fetchval(
                load_sql("models", "put_model"),
                update.name,
                update.weights.input,
                update.weights.cached_input,
                update.weights.output,
                update.weights.reasoning,
                update.output_limit_tokens,
                update.tokenizer,
                update.seen_updated_at,
                update.active,
            )
            after = await _read(connection, update.name)
            if made is None or after is None or (before is None and update.seen_updated_at is not None):
                raise ChangedMeanwhile
            action = "model.create" if before is None else "model.edit"
            old, new = _differing(before, after)
            if new:
                await record(connection, actor, Change(action, "model", update.name, old, new))
        await self._cache_invalidation.publish_models()
        return after


def _with_inherited(models: list[WeighedModel]) -> list[WeighedModel]:
    """Resolve inherited weights as `models.catalogue` does."""
    weighed = {model.name: model for model in models if model.updated_at is not None}
    inheritance = Inheritance(weighed, {model.name: model.alias_of for model in models if model.alias_of})
    return [model if model.name in weighed else _inherited(model, weighed, inheritance) for model in models]


def _inherited(model: WeighedModel, weighed: dict[str, WeighedModel], inheritance: Inheritance) -> WeighedModel:
    sources = inheritance.sources(model.name)
    inherited = [model if source is None else weighed[source] for source in sources]
    return replace(
        model,
        weights=highest_weights(one.weights for one in inherited),
        output_limit_tokens=max(one.output_limit_tokens for one in inherited),
        tokenizer=inherited[0].tokenizer,
        active=all(weighed[switch].active for switch in inheritance.switches(model.name)),
        weights_from=tuple(source for source in sources if source is not None),
    )


async def _read(connection: Connection, name: str) -> WeighedModel | None:
    row = await connection.fetchrow(load_sql("models", "staff_models"), name)
    return None if row is None else _model(row)


def _model(row: asyncpg.Record) -> WeighedModel:
    return WeighedModel(
        row["name"],
        Weights(row["input_weight"], row["cached_input_weight"], row["output_weight"], row["reasoning_weight"]),
        row["output_limit_tokens"],
        row["tokenizer"] if row["updated_at"] is not None else vocabulary_of(row["name"]),
        row["prompt_factor"],
        row["active"],
        row["updated_at"],
        tuple(row["targets"]),
    )


def _differing(before: WeighedModel | None, after: WeighedModel) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    new = _audited(after)
    if before is None:
        return None, new
    old = _audited(before)
    names = [name for name in new if old[name] != new[name]]
    return {name: old[name] for name in names}, {name: new[name] for name in names}


def _audited(model: WeighedModel) -> dict[str, Any]:
    weights = model.weights
    return {
        "input_weight": f"{weights.input:f}",
        "cached_input_weight": f"{weights.cached_input:f}",
        "output_weight": f"{weights.output:f}",
        "reasoning_weight": f"{weights.reasoning:f}",
        "output_limit_tokens": model.output_limit_tokens,
        "tokenizer": model.tokenizer,
        "active": model.active,
    }
