"""Export of filtered users as a table for Brazilian Excel."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from solaris.auth.audit_writer import Change, record
from solaris.auth.principal import Principal
from solaris.domain.roles import Role
from solaris.domain.wallet import UserState
from solaris.platform.postgres import Database
from solaris.reporting.users import UserDirectory, UserFilter, UserPage, UserPageQuery, UserRow, UserSort

HEADINGS = (
    "Identificador", "Nome", "E-mail", "E-mail de contato", "Perfil", "Plano", "Situação", "Uso (%)", "Tokens usados",
    "Tokens restantes", "Créditos", "Reservados", "Franquia mensal", "Criado em", "Último uso",
)  # fmt: skip
_ROWS_PER_READ = 5_000
_STATES = {
    UserState.NORMAL: "Ativo",
    UserState.ALERT_80: "Alerta 80 %",
    UserState.ALERT_90: "Alerta 90 %",
    UserState.BLOCKED: "Bloqueado",
    UserState.SUSPENDED: "Suspenso",
}
_ROLES = {
    Role.USER: "Usuário",
    Role.SUPPORT: "Suporte",
    Role.OPERATOR: "Operador",
    Role.ADMIN: "Administrador",
    Role.SUPER_ADMIN: "Superadministrador",
}


class UsersExport:
    """Reads all matching users page by page; no connection is held between two pages."""

    def __init__(self, database: Database, directory: UserDirectory, zone: ZoneInfo) -> None:
        self._database = database
        self._directory = directory
        self._zone = zone

    async def lines(
        self, actor: Principal, wanted: UserFilter, sort: UserSort, *, descending: bool
    ) -> AsyncIterator[Sequence[object]]:
        """Return the table's lines, and record the export in the audit log.

        The first page is read before the return.

        Raises:
            StoreUnavailable: PostgreSQL did not answer in time.
        """
        first = await self._page(wanted, sort, descending, 1)
        async with self._database.transaction() as connection:
            after = {"users": first.total, "state": wanted.state, "plan": wanted.plan, "search": wanted.text}
            await record(connection, actor, Change("user_list.export", "user_list", "users", after=after))
        return self._following(first, wanted, sort, descending)

    async def _following(
        self, first: UserPage, wanted: UserFilter, sort: UserSort, descending: bool
    ) -> AsyncIterator[Sequence[object]]:
        # A user whose position changes meanwhile is exported once.
        exported: set[UUID] = set()
        page, number = first, 1
        while page.rows:
            for row in page.rows:
                if row.id not in exported:
                    exported.add(row.id)
                    yield self._cells(row)
            if len(page.rows) < _ROWS_PER_READ:
                return
            number += 1
            page = await self._page(wanted, sort, descending, number)

    async def _page(self, wanted: UserFilter, sort: UserSort, descending: bool, number: int) -> UserPage:
        return await self._directory.find(wanted, UserPageQuery(sort, descending, number, _ROWS_PER_READ))

    def _cells(self, row: UserRow) -> Sequence[object]:
        return (
            str(row.id),
            row.name,
            row.email,
            row.contact_email,
            _ROLES[row.role],
            row.plan,
            _STATES[row.state],
            row.usage_percent,
            row.tokens_used,
            row.tokens_remaining,
            row.credits,
            row.held,
            row.monthly_tokens,
            row.created_at.astimezone(self._zone),
            row.last_used_at and row.last_used_at.astimezone(self._zone),
        )
