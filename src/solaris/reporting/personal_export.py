"""Everything we hold about one person, as one JSON document (LGPD, art. 18): no hash, no secret."""

from collections.abc import AsyncIterator
from uuid import UUID

import orjson

from solaris.auth.audit_writer import Change, record
from solaris.auth.principal import Principal
from solaris.domain.errors import NotFound
from solaris.platform.http.pagination import Cursor
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

_EVENTS_PER_READ = 1_000


class PersonalExport:
    """Reads one person's data. Raises `StoreUnavailable` when PostgreSQL does not answer in time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def chunks(self, actor: Principal, user_id: UUID) -> AsyncIterator[bytes]:
        """The document in pieces, so that memory stays flat; the export itself is in the audit log.

        Returns only after the first part was read, so that an error is an error and not half a document.

        Raises:
            NotFound: no such user.
        """
        async with self._database.transaction() as connection:
            person = await connection.fetchval(load_sql("reporting", "personal_export"), user_id)
            if person is None:
                raise NotFound("Usuário não encontrado. Confira o identificador.", code="user_not_found", param="id")
            await record(connection, actor, Change("user.export", "user", str(user_id)))
        return self._pieces(user_id, orjson.dumps(person, option=orjson.OPT_INDENT_2))

    async def _pieces(self, user_id: UUID, head: bytes) -> AsyncIterator[bytes]:
        yield head.rstrip().removesuffix(b"}").rstrip() + b',\n  "usage_events": ['
        after: Cursor | None = None
        while True:
            rows = await self._database.fetch(
                load_sql("reporting", "personal_events"),
                user_id,
                after and after.at,
                after and after.id,
                _EVENTS_PER_READ,
            )
            lines = [orjson.dumps(row["event"]) for row in rows]
            if lines:
                yield (b"\n" if after is None else b",\n") + b",\n".join(lines)
            if len(rows) < _EVENTS_PER_READ:
                break
            after = Cursor(rows[-1]["occurred_at"], rows[-1]["id"])
        yield b"\n]}\n"
