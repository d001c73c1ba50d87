"""Limits new accounts per front end and local day (docs/decisions/0120)."""

from typing import NoReturn

from prometheus_client import CollectorRegistry

from solaris.auth.errors import NewAccountsLimitReached
from solaris.auth.front_end import FrontEnd
from solaris.platform.fast_metrics import CounterTally
from solaris.platform.logs import Log
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql


class NewAccountInstruments:
    """Counts refused accounts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._refused = CounterTally(
            "solaris_new_accounts_refused_total",
            "First requests of users whose account was not made, since the front end's accounts of the day were",
            ("front_end",),
            registry=registry,
        )

    def refused(self, front_end: str) -> None:
        """Count one refused account."""
        self._refused.labels(front_end).inc()


class NewAccountLimit:
    """Counts new accounts per front end and day, in the transactions that create them.

    So the limit is exact over any number of processes. `per_day` applies to front ends without
    their own limit; 0: no accounts are created.
    """

    def __init__(
        self, database: Database, log: Log, instruments: NewAccountInstruments | None = None, *, per_day: int
    ) -> None:
        self._database = database
        self._log = log
        self._instruments = instruments
        self._per_day = per_day

    async def check_limit(self, connection: Connection, front_end: FrontEnd) -> None:
        """Refuse a new account before anything is written.

        Raises:
            NewAccountsLimitReached: the front end's accounts of the day are used up.
        """
        row = await connection.fetchrow(load_sql("auth", "new_account_room"), front_end.id, self._per_day)
        if row is not None and not row["has_room"]:
            _refuse(row["max_accounts"])

    async def count(self, connection: Connection, front_end: FrontEnd) -> None:
        """Count the account that this transaction creates.

        Locks the front end's row of the day until the commit, so call it last.

        Raises:
            NewAccountsLimitReached: the limit is reached; roll the transaction back.
        """
        made = await connection.fetchval(load_sql("auth", "count_new_account"), front_end.id, self._per_day)
        if made is None:
            _refuse(self._per_day if front_end.new_accounts_per_day is None else front_end.new_accounts_per_day)

    async def report_refusal(self, front_end: FrontEnd, refusal: NewAccountsLimitReached) -> None:
        """Count the refusal; log an error the first time per day and limit.

        Raises:
            StoreUnavailable: PostgreSQL did not answer.
        """
        if self._instruments is not None:
            self._instruments.refused(front_end.name)
        is_news = await self._database.fetchval(load_sql("auth", "record_refused_account"), front_end.id, refusal.limit)
        if is_news is not None:
            self._log.error(
                "new_accounts_limit_reached",
                front_end=front_end.name,
                new_accounts_per_day=refusal.limit,
                cause=f"{front_end.name} made {refusal.limit} accounts today: its other new users are refused until midnight",
                cure="if the users are known, raise the front end's limit in the administration (Chaves de front-end) or "
                "SOLARIS_NEW_ACCOUNTS_PER_DAY; if they are not, find out who signs up at the chat",
            )


def _refuse(limit: int) -> NoReturn:
    if limit == 0:
        raise NewAccountsLimitReached(
            "Este chat não cria contas novas. Peça ao administrador do sistema de tokens que libere o seu acesso.",
            limit=limit,
        )
    raise NewAccountsLimitReached(
        "O limite de contas novas deste chat para hoje foi atingido, e a sua ainda não foi criada. "
        "Tente amanhã, ou peça ao administrador do sistema de tokens que aumente o limite.",
        limit=limit,
    )
