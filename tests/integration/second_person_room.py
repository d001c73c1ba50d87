"""Grants that wait for a second person: what the tests of them share."""

from typing import Any
from uuid import UUID

from tests.integration.admin_room import AdminRoom, add_user

from solaris.domain.roles import Role

BIG = {"tokens": 1_000_001, "reason": "promocional", "note": "Projeto piloto"}
SALE = {"tokens": 200_000, "amount_paid": 50, "reason": "compra_email"}
SETTINGS = "/admin/settings/approvals"


async def second_person(admin: AdminRoom, name: str = "second") -> UUID:
    """One more of the staff."""
    return await add_user(admin.database, f"{name}@demo.local", Role.ADMIN)


async def ask(admin: AdminRoom, user_id: UUID, body: dict[str, Any] = BIG, key: str = "k", **more: Any) -> Any:
    """Ask for a grant that waits; returns the pending grant."""
    answer = await admin.call(f"POST /admin/users/{user_id}/credits", body, key=key, **more)
    assert answer.status == 202, answer.body
    return answer.json()


async def credits_of(admin: AdminRoom, user_id: UUID) -> int:
    """The user's credits."""
    return (await admin.ledger.balance(user_id)).wallet.credits


async def request_for(admin: AdminRoom, user_id: UUID, package: str | None = "pacote-200k", number: int = 1) -> str:
    """A credit request of the user; returns its ticket."""
    ticket = f"SOL-2026-{number:06}"
    await admin.database.execute(
        "INSERT INTO credit_requests (ticket_number, user_id, package_id, tokens, amount_brl, fingerprint) "
        "SELECT $1, $2, $3, coalesce(p.tokens, 200000), p.amount_brl, '' FROM (SELECT) AS one "
        "LEFT JOIN packages p ON p.id = $3",
        ticket,
        user_id,
        package,
    )
    return ticket


async def change_rules(admin: AdminRoom, **values: Any) -> Any:
    """Change the rules, as a super_admin."""
    known = await admin.ok(f"GET {SETTINGS}", role=Role.SUPER_ADMIN)
    return await admin.ok(f"PUT {SETTINGS}", {"updated_at": known["updated_at"], **values}, role=Role.SUPER_ADMIN)


async def edit_package(admin: AdminRoom, package_id: str, **values: Any) -> None:
    """Change a package's values."""
    packages = (await admin.ok("GET /admin/packages"))["data"]
    known = next(package for package in packages if package["id"] == package_id)
    await admin.ok(f"PATCH /admin/packages/{package_id}", {"updated_at": known["updated_at"], **values})
