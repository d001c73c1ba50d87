"""`solaris credits …`: grant credits to a user, and list them."""

import asyncio
import sys
import uuid
from collections.abc import Awaitable, Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from solaris.credits.grants import MAX_AMOUNT_BRL, GrantReason
from solaris.domain.errors import SolarisError
from solaris.domain.tokens import MAX_TOKENS_PER_REQUEST

if TYPE_CHECKING:
    from solaris.platform.logs import Log
    from solaris.platform.postgres import Database
    from solaris.platform.settings import Settings

T = TypeVar("T")

credits_group = typer.Typer(help="Credits: add them, list them.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The user's e-mail address.")]

# Messages on the terminal are English; the domain's own messages are pt-BR, for users of the
# product.
_REFUSALS = {
    "idempotency_conflict": "this key was used for another grant; leave --key out or give a new one",
    "idempotency_key_invalid": "--key needs 1 to 200 visible ASCII characters",
    "store_unavailable": "the database does not answer; check DATABASE_URL, or that `solaris up` runs",
}


class CreditsRefused(SolarisError):
    """The command can't be carried out; the message is one English line."""


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    app.add_typer(credits_group, name="credits")


@credits_group.command("grant")
def grant(
    email: Email,
    tokens: Annotated[int, typer.Argument(min=1, max=MAX_TOKENS_PER_REQUEST, help="How many tokens to add.")],
    reason: Annotated[GrantReason, typer.Option(help="Why.")] = GrantReason.AJUSTE_MANUAL,
    amount: Annotated[str, typer.Option(help="What was paid, in BRL, such as 50.00; needed for compra_email.")] = "0",
    note: Annotated[str, typer.Option(help="A remark for the records, up to 500 characters.")] = "",
    key: Annotated[str | None, typer.Option(help="Idempotency key: the same key grants only once.")] = None,
) -> None:
    """Grant credits to a user. They count at once, and end a block."""
    from solaris.cli.auth_services import publishing_changes
    from solaris.credits.grants import MAX_NOTE_CHARACTERS, GrantService, StaffGrant
    from solaris.ledger.ledger import Ledger
    from solaris.platform.http.idempotency import required_key

    amount_brl = _amount(amount)
    if reason is GrantReason.COMPRA_EMAIL and amount_brl <= 0:
        raise CreditsRefused("a purchase needs what was paid: --amount 50.00")
    if len(note) > MAX_NOTE_CHARACTERS:
        raise CreditsRefused(f"--note is longer than {MAX_NOTE_CHARACTERS} characters")

    async def work(database: "Database", settings: "Settings", log: "Log") -> str:
        user_id = await _user_id(database, email)
        staff_grant = StaffGrant(user_id, tokens, amount_brl, reason, note, required_key(key or str(uuid.uuid4())))
        ledger = Ledger(database, zone=settings.zone, buy_url=settings.public_url)
        async with publishing_changes(settings) as cache_invalidation:
            receipt = await GrantService(database, ledger, log, cache_invalidation.publish).add_from_command_line(
                staff_grant
            )
        done = "added before, nothing changed now" if receipt.repeated else "added"
        return f"{tokens} tokens {done}; {email} has {receipt.credits} credits and {receipt.tokens_remaining} tokens remaining"

    typer.echo(_run(work))


@credits_group.command("list")
def list_transactions(
    email: Email,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most, the newest first.")] = 50,
) -> None:
    """List a user's credit transactions."""
    from rich.console import Console
    from rich.table import Table

    from solaris.credits.purchases import PurchaseService

    async def work(database: "Database", settings: "Settings", log: "Log") -> Table:
        rows = await PurchaseService(database, log).transactions(await _user_id(database, email), None, limit)
        table = Table("when", "what", "tokens", "BRL", "note")
        for row in rows:
            at = row.created_at.astimezone(settings.zone)
            table.add_row(
                f"{at:%Y-%m-%d %H:%M}", row.transaction_type, str(row.tokens_added), f"{row.amount_brl:.2f}", row.note
            )
        return table

    Console().print(_run(work))


def _run(work: "Callable[[Database, Settings, Log], Awaitable[T]]") -> T:
    try:
        return asyncio.run(_with_database(work))
    except SolarisError as error:
        if error.code not in _REFUSALS:
            raise
        raise CreditsRefused(_REFUSALS[error.code]) from error


async def _with_database(work: "Callable[[Database, Settings, Log], Awaitable[T]]") -> T:
    from solaris.cli.database import database_url
    from solaris.platform.logs import build_log
    from solaris.platform.postgres import Database
    from solaris.platform.settings import load_settings

    settings = load_settings()
    log = build_log("cli", level="warn", form=settings.solaris_log_format, stream=sys.stderr)
    database = Database(database_url(settings), timezone=settings.solaris_timezone, service="cli", max_connections=2)
    try:
        return await work(database, settings, log)
    finally:
        await database.close()


async def _user_id(database: "Database", email: str) -> uuid.UUID:
    user_id: uuid.UUID | None = await database.fetchval(
        "SELECT id FROM users WHERE email = $1 AND email_verified", email.strip().lower()
    )
    if user_id is None:
        raise CreditsRefused(f"no user has {email} as a verified address; see `solaris user list`")
    return user_id


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
        usable = amount.is_finite() and 0 <= amount <= MAX_AMOUNT_BRL and amount == amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        usable = False
    if not usable:
        raise CreditsRefused("--amount is a sum in BRL such as 50.00, up to 10000000.00")
    return amount
