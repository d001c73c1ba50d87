"""Statements of a migration without a transaction, and indexes that are built beside the traffic (CREATE INDEX CONCURRENTLY)."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from solaris.platform.migrations.errors import MigrationError
from solaris.platform.migrations.locks import LockRetries, outside_transaction, with_retries

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[asyncpg.Record]

_CREATE = re.compile(
    r"CREATE\s+(?P<unique>UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(IF\s+NOT\s+EXISTS\s+)?(?P<name>[a-z_]\w*)\s+"
    r"ON\s+(?P<table>[a-z_]\w*)\s*(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_NAME = 63
_UNATTACHED = """
    SELECT p.relid::regclass::text
    FROM pg_partition_tree($1::text::regclass) p
    WHERE p.isleaf AND p.level > 0
      AND NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
                      WHERE i.inhparent = $2::text::regclass AND x.indrelid = p.relid)
    ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class _Index:
    unique: str
    name: str
    table: str
    rest: str

    @property
    def statement(self) -> str:
        return f"CREATE {self.unique}INDEX CONCURRENTLY {self.name} ON {self.table} {self.rest}"


class StatementRunner:
    """Runs the statements of a migration without a transaction, each so that it can be run again after a failure."""

    def __init__(self, connection: "Connection", retries: LockRetries, report: Callable[[str], None]) -> None:
        self._connection = connection
        self._retries = retries
        self._report = report

    async def run(self, statement: str) -> None:
        """Run one statement.

        An index that is built CONCURRENTLY and is there whole is left; what a failed build left of it is dropped, and it is built
        anew. On a partitioned table, where PostgreSQL has no CONCURRENTLY, it is built so on each partition.

        Raises:
            MigrationError: a table has another index of that name.
            asyncpg.PostgresError: the statement failed.
            LockNotObtained: a lock never came.
        """
        parts = _CREATE.fullmatch(statement)
        if parts is None:
            await self._run(statement)
            return
        index = _Index(parts["unique"] or "", parts["name"], parts["table"], parts["rest"])
        kind = await self._connection.fetchval(
            "SELECT relkind::text FROM pg_class WHERE oid = to_regclass($1)", index.table
        )
        if kind == "p":
            await self._build_on_partitions(index)
        else:
            await self._build(index)

    async def _run(self, statement: str) -> None:
        if re.search(r"\bCONCURRENTLY\b", statement, re.IGNORECASE):
            # It stops no traffic while it waits for open transactions, however long they last.
            await with_retries(
                self._connection, lambda: self._connection.execute(statement), self._retries, self._report
            )
        else:
            await outside_transaction(self._connection, statement, self._retries, self._report)

    async def _build(self, index: _Index) -> None:
        async def once() -> None:
            row = await self._connection.fetchrow(
                "SELECT indisvalid, indrelid = to_regclass($2) AS is_ours FROM pg_index WHERE indexrelid = to_regclass($1)",
                index.name,
                index.table,
            )
            if row is not None and not row["is_ours"]:
                raise MigrationError(f"another table has an index {index.name}")
            if row is not None and row["indisvalid"]:
                return
            if row is not None:
                self._report(f"dropping what a failed build left of the index {index.name}")
                await self._connection.execute(f"DROP INDEX CONCURRENTLY {index.name}")
            await self._connection.execute(index.statement)

        await with_retries(self._connection, once, self._retries, self._report)

    async def _build_on_partitions(self, index: _Index) -> None:
        # Partitions made from here on get theirs by themselves.
        await self._run(f"CREATE {index.unique}INDEX IF NOT EXISTS {index.name} ON ONLY {index.table} {index.rest}")
        for (partition,) in await self._connection.fetch(_UNATTACHED, index.table, index.name):
            name = _name_on_partition(index, partition)
            self._report(f"building {name}")
            await self._build(_Index(index.unique, name, partition, index.rest))
            await self._run(f"ALTER INDEX {index.name} ATTACH PARTITION {name}")
        valid = await self._connection.fetchval(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)", index.name
        )
        if not valid:
            raise MigrationError(f"the index {index.name} of {index.table} lacks a partition")


def _name_on_partition(index: _Index, partition: str) -> str:
    """`usage_events_2026_11_model` for an index `usage_events_model`; shortened to what a name may have, and still its own."""
    name = f"{partition}_{index.name.removeprefix(index.table).strip('_')}"
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
