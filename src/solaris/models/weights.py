"""Models' weights and limits, as staff edit them: what a model's tokens cost (SPEC 4). Running proxies are told of every change."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import asyncpg

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.errors import ChangedMeanwhile
from solaris.auth.principal import Principal
from solaris.domain.model_names import Inheritance, dearest, vocabulary_of
from solaris.domain.tokens import Weights
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql


@dataclass(frozen=True, slots=True)
class WeighedModel:
    """A model, a pattern such as `openai/*`, or an alias, as staff see it.

    `updated_at` None: it is not in the table. Its weights and limits are then those of `weights_from`, the names whose weights it
    takes; weights of 1 where there are none. `alias_of`: the models that it stands for. `active` is false also where a name that
    it takes its weights from, or stands for, is switched off.
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
    """What a model is to cost. `seen_updated_at` is the row's as the editor saw it, None where there was none."""

    name: str
    weights: Weights
    output_limit_tokens: int
    tokenizer: str
    active: bool
    seen_updated_at: datetime | None


class ModelWeights:
    """Reads and sets weights. Calls in flight keep the weights that they began with."""

    def __init__(self, database: Database, changes: CacheInvalidation, *, conversion_factor: Decimal) -> None:
        self._database = database
        self._changes = changes
        self.conversion_factor = conversion_factor

    async def list(self) -> list[WeighedModel]:
        """Every model known, by name, each with the weights that count for it."""
        models = [_model(row) for row in await self._database.fetch(load_sql("models", "staff_models"), None)]
        return _with_inherited(models)

    async def put(self, actor: Principal, order: ModelUpdate) -> WeighedModel:
        """Set a model's weights and limits; new calls in every proxy count with them at once.

        Raises:
            ChangedMeanwhile: somebody else set them since the editor read them.
        """
        async with self._database.transaction() as connection:
            await connection.execute("SELECT FROM models WHERE name = $1 FOR UPDATE", order.name)
            before = await _read(connection, order.name)
            made = await connection.fetchval(
                load_sql("models", "put_model"),
                order.name,
                order.weights.input,
                order.weights.cached_input,
                order.weights.output,
                order.weights.reasoning,
                order.output_limit_tokens,
                order.tokenizer,
                order.seen_updated_at,
                order.active,
            )
            after = await _read(connection, order.name)
            if made is None or after is None or (before is None and order.seen_updated_at is not None):
                raise ChangedMeanwhile
            action = "model.create" if before is None else "model.edit"
            old, new = _differing(before, after)
            if new:
                await record(connection, actor, Change(action, "model", order.name, old, new))
        await self._changes.publish_models()
        return after


def _with_inherited(models: list[WeighedModel]) -> list[WeighedModel]:
    """As the gateway's catalogue reckons (`gateway.models`)."""
    weighed = {model.name: model for model in models if model.updated_at is not None}
    inheritance = Inheritance(weighed, {model.name: model.alias_of for model in models if model.alias_of})
    return [model if model.name in weighed else _inherited(model, weighed, inheritance) for model in models]


def _inherited(model: WeighedModel, weighed: dict[str, WeighedModel], inheritance: Inheritance) -> WeighedModel:
    sources = inheritance.sources(model.name)
    taken = [model if source is None else weighed[source] for source in sources]
    return replace(
        model,
        weights=dearest(one.weights for one in taken),
        output_limit_tokens=max(one.output_limit_tokens for one in taken),
        tokenizer=taken[0].tokenizer,
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
    new = _told(after)
    if before is None:
        return None, new
    old = _told(before)
    names = [name for name in new if old[name] != new[name]]
    return {name: old[name] for name in names}, {name: new[name] for name in names}


def _told(model: WeighedModel) -> dict[str, Any]:
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
