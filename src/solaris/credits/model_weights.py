"""Models' weights and limits, as staff edit them: what a model's tokens cost (SPEC 4). Running proxies are told of every change."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import asyncpg

from solaris.accounts.audit_log import Change, record
from solaris.accounts.changes import CallerChanges
from solaris.accounts.errors import ChangedMeanwhile
from solaris.accounts.principal import Principal
from solaris.domain.tokens import Weights
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql


@dataclass(frozen=True, slots=True)
class WeighedModel:
    """A model as staff see it. `updated_at` None: it is not in the table, was called lately, and counts with weight 1."""

    name: str
    weights: Weights
    output_limit_tokens: int
    tokenizer: str
    prompt_factor: Decimal
    active: bool
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class ModelOrder:
    """What a model is to cost. `seen_updated_at` is the row's as the editor saw it, None where there was none."""

    name: str
    weights: Weights
    output_limit_tokens: int
    tokenizer: str
    active: bool
    seen_updated_at: datetime | None


class ModelWeights:
    """Reads and sets weights. Calls in flight keep the weights that they began with."""

    def __init__(self, database: Database, changes: CallerChanges, *, conversion_factor: Decimal) -> None:
        self._database = database
        self._changes = changes
        self.conversion_factor = conversion_factor

    async def list(self) -> list[WeighedModel]:
        """Every model known, by name."""
        return [_model(row) for row in await self._database.fetch(load_sql("credits", "models"), None)]

    async def put(self, actor: Principal, order: ModelOrder) -> WeighedModel:
        """Set a model's weights and limits; new calls in every proxy count with them at once.

        Raises:
            ChangedMeanwhile: somebody else set them since the editor read them.
        """
        async with self._database.transaction() as connection:
            await connection.execute("SELECT FROM models WHERE name = $1 FOR UPDATE", order.name)
            before = await _read(connection, order.name)
            made = await connection.fetchval(
                load_sql("credits", "put_model"),
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
        await self._changes.tell_models()
        return after


async def _read(connection: Connection, name: str) -> WeighedModel | None:
    row = await connection.fetchrow(load_sql("credits", "models"), name)
    return None if row is None else _model(row)


def _model(row: asyncpg.Record) -> WeighedModel:
    return WeighedModel(
        row["name"],
        Weights(row["input_weight"], row["cached_input_weight"], row["output_weight"], row["reasoning_weight"]),
        row["output_limit_tokens"],
        row["tokenizer"],
        row["prompt_factor"],
        row["active"],
        row["updated_at"],
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
