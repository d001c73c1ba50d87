"""All data about one person as one JSON document (LGPD, art. 18), without hashes or secrets."""

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
    """Reads one person's data. Raises `StoreUnavailable` if PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def chunks(self, actor: Principal, user_id: UUID) -> AsyncIterator[bytes]:
        """Return the document in chunks of bounded size, and record the export in the audit log.

        The first part is read before the return, so that an error gives no half document.

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
