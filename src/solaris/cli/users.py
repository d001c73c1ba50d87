"""`solaris user …`, `solaris key …`, `solaris front-end …`: people, their keys, and the chat servers that bring them."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

from solaris.auth.front_end import FrontEndKind
from solaris.auth.principal import BlockStyle
from solaris.domain.errors import SolarisError
from solaris.domain.roles import Role

if TYPE_CHECKING:
    from solaris.auth.front_end import FrontEnd
    from solaris.cli.auth_services import AuthServices
    from solaris.users.user_service import User

T = TypeVar("T")

user = typer.Typer(help="People: create, list, suspend, reactivate, give a password.", no_args_is_help=True)
key = typer.Typer(help="API keys of people.", no_args_is_help=True)
front_end = typer.Typer(help="Chat servers that name their users: LibreChat, Open WebUI.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
Who = Annotated[str, typer.Argument(help="The person's verified e-mail address, or user id.")]
FrontEndName = Annotated[str, typer.Argument(help="The front end's name, such as librechat.")]
NewAccountsPerDay = Annotated[
    int | None,
    typer.Option(
        min=0, max=1_000_000, help="Accounts it may make a day; 0: none. SOLARIS_NEW_ACCOUNTS_PER_DAY where left out."
    ),
]
PasswordFromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
GeneratePassword = Annotated[bool, typer.Option("--generate", help="Make up a password and print it once.")]

# What a person at a terminal reads is English; the domain's own sentences are for users of the product.
_REFUSALS = {
    "email_taken": "this e-mail belongs to a user already",
    "user_not_found": "no user has this id, or this e-mail as a verified address",
    "plan_not_found": "there is no such active plan",
    "password_too_weak": "the password is too easy to guess, or not 10 to 128 characters long",
    "front_end_name_taken": "there is a front end of this name, perhaps revoked; `solaris front-end rotate` gives it a new key",
    "front_end_not_found": "there is no front end of this name",
    "key_limit_reached": "the user has the most keys a user may have; revoke one first",
    "conflict": "this user has no verified e-mail to sign in with; create a user with the address first",
    "invalid_input": "the e-mail, name or another value can't be used",
    "store_unavailable": "the database does not answer; check DATABASE_URL, or that `solaris up` runs",
}


class CommandRefused(SolarisError):
    """What was asked for can't be done; the message is one English line."""


def register(app: typer.Typer) -> None:
    """Add the groups to the command line."""
    app.add_typer(user, name="user")
    app.add_typer(key, name="key")
    app.add_typer(front_end, name="front-end")


@user.command("create")
def create_user(
    email: Email,
    name: Annotated[str, typer.Option(help="How the person is called.")] = "",
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.USER,
    plan: Annotated[str | None, typer.Option(help="Plan; SOLARIS_DEFAULT_PLAN where left out.")] = None,
    password_stdin: PasswordFromStdin = False,
    generate: GeneratePassword = False,
) -> None:
    """Create a user. Without a password he can't sign in, but his chat and his API keys work."""
    from solaris.users.user_service import NewUser

    password = _password(password_stdin, generate) if password_stdin or generate else None
    created = _run(lambda desk: desk.users.create(NewUser(email, name, password, role, plan)))
    typer.echo(f"created {created.email} ({created.role.value}, plan {created.plan_type}), id {created.id}")
    if generate:
        typer.echo(f"password (shown once): {password}")


@user.command("list")
def list_users(
    search: Annotated[str, typer.Argument(help="Part of a name or address.")] = "",
    most: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 50,
) -> None:
    """List users, the newest first. An address in brackets was only claimed by a chat server."""
    for person in _run(lambda desk: desk.users.list(search=search, limit=most)):
        typer.echo(_user_line(person))


@user.command("password")
def set_password(who: Who, password_stdin: PasswordFromStdin = False, generate: GeneratePassword = False) -> None:
    """Give a user a password; everything signed in as him is signed out."""
    password = _password(password_stdin, generate)

    async def work(desk: "AuthServices") -> None:
        await desk.users.set_password((await _find(desk, who)).id, password)

    _run(work)
    typer.echo(f"password of {who} set" + (f" (shown once): {password}" if generate else ""))


@user.command("suspend")
def suspend(who: Who) -> None:
    """Let a user spend nothing any more; he still sees his balance."""

    async def work(desk: "AuthServices") -> "User":
        return await desk.users.suspend((await _find(desk, who)).id)

    typer.echo(f"{_shown(_run(work))} is suspended")


@user.command("reactivate")
def reactivate(who: Who) -> None:
    """Let a suspended user spend again."""

    async def work(desk: "AuthServices") -> "User":
        return await desk.users.reactivate((await _find(desk, who)).id)

    typer.echo(f"{_shown(_run(work))} is active")


@key.command("create")
def create_key(who: Who, name: Annotated[str, typer.Option(help="What the key is for.")] = "command line") -> None:
    """Create an API key for a user and print it once."""

    async def work(desk: "AuthServices") -> str:
        return (await desk.api_keys.create((await _find(desk, who)).id, name)).key

    typer.echo(_run(work))


@front_end.command("create")
def create_front_end(  # noqa: PLR0913, PLR0917  each is an option of the command line
    name: FrontEndName,
    kind: Annotated[FrontEndKind, typer.Option(help="Which chat server it is.")] = FrontEndKind.LIBRECHAT,
    link_by_email: Annotated[
        bool, typer.Option("--link-by-email", help="Its users' addresses are verified: link them to existing users.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Open WebUI: believe its signed identity only; a secret is made up.")
    ] = False,
    block_style: Annotated[
        BlockStyle, typer.Option(help="How its users are told that they are blocked.")
    ] = BlockStyle.ERROR,
    plan: Annotated[str | None, typer.Option(help="Plan of the users it brings.")] = None,
    new_accounts_per_day: NewAccountsPerDay = None,
) -> None:
    """Create a chat server's key, print it once, and print what to paste into the chat server's settings."""
    from solaris.auth.front_ends import NewFrontEnd
    from solaris.cli.front_end_settings import settings_for

    order = NewFrontEnd(
        name,
        kind,
        link_by_email=link_by_email,
        strict=strict,
        signing_secret=secrets.token_hex(32) if strict else None,
        block_style=block_style,
        plan_type=plan,
        new_accounts_per_day=new_accounts_per_day,
    )
    created = _run(lambda desk: desk.front_ends.create(order))
    typer.echo(settings_for(created, _public_url()))


@front_end.command("rotate")
def rotate_front_end(name: FrontEndName) -> None:
    """Give a chat server a new key; its users stay the same, the old key is refused from now on."""
    from solaris.cli.front_end_settings import settings_for

    typer.echo(settings_for(_run(lambda desk: desk.front_ends.rotate(name)), _public_url()))


@front_end.command("edit")
def edit_front_end(
    name: FrontEndName,
    plan: Annotated[str | None, typer.Option(help="Plan of the users it brings from now on.")] = None,
    default_plan: Annotated[bool, typer.Option("--default-plan", help="They get SOLARIS_DEFAULT_PLAN.")] = False,
    new_accounts_per_day: NewAccountsPerDay = None,
    default_new_accounts: Annotated[
        bool, typer.Option("--default-new-accounts", help="SOLARIS_NEW_ACCOUNTS_PER_DAY counts.")
    ] = False,
) -> None:
    """Change which plan a chat server's new users get, and how many accounts it may make a day; its key stays."""
    if (plan and default_plan) or (new_accounts_per_day is not None and default_new_accounts):
        raise CommandRefused("an option and its --default-… exclude each other")
    changes: dict[str, object] = {}
    if plan or default_plan:
        changes["plan_type"] = plan
    if new_accounts_per_day is not None or default_new_accounts:
        changes["new_accounts_per_day"] = new_accounts_per_day
    if not changes:
        raise CommandRefused("nothing to change; see --help")

    async def work(desk: "AuthServices") -> "FrontEnd":
        known = await desk.front_ends.find(name)
        return await desk.front_ends.edit(known.id, known.updated_at, changes)

    typer.echo(_front_end_line(_run(work)))


@front_end.command("list")
def list_front_ends() -> None:
    """List the chat servers."""
    for known in _run(lambda desk: desk.front_ends.list()):
        typer.echo(_front_end_line(known))


@front_end.command("revoke")
def revoke_front_end(name: FrontEndName) -> None:
    """Refuse a chat server's key from now on."""
    typer.echo(f"{_run(lambda desk: desk.front_ends.revoke(name)).name} is revoked")


def _run(work: "Callable[[AuthServices], Awaitable[T]]") -> T:
    async def whole() -> T:
        async with _desk() as desk:
            return await work(desk)

    try:
        return asyncio.run(whole())
    except SolarisError as error:
        raise CommandRefused(_REFUSALS.get(error.code, error.message)) from error


@asynccontextmanager
async def _desk() -> "AsyncIterator[AuthServices]":
    from solaris.cli.auth_services import open_auth_services
    from solaris.platform.settings import load_settings

    async with open_auth_services(load_settings()) as desk:
        yield desk


async def _find(desk: "AuthServices", who: str) -> "User":
    try:
        user_id = UUID(who)
    except ValueError:
        return await desk.users.find(who)
    return await desk.users.get(user_id)


def _public_url() -> str:
    from solaris.platform.settings import load_settings

    return load_settings().public_url


def _password(from_stdin: bool, generate: bool) -> str:
    if from_stdin and generate:
        raise CommandRefused("--password-stdin and --generate exclude each other")
    if generate:
        return secrets.token_urlsafe(15)
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _shown(person: "User") -> str:
    if person.email is not None:
        return person.email if person.email_verified else f"[{person.email}]"
    return f"[{person.contact_email}]" if person.contact_email else str(person.id)


def _user_line(person: "User") -> str:
    state = "active" if person.active else "suspended"
    return f"{person.id}  {_shown(person):<40} {person.role.value:<11} {person.plan_type or '-':<14} {state:<9} {person.name}"


def _front_end_line(known: "FrontEnd") -> str:
    state = "revoked" if known.revoked_at else "in force"
    notes = [note for note, on in (("link-by-email", known.link_by_email), ("strict", known.strict)) if on]
    if known.plan_type is not None:
        notes.append(f"plan={known.plan_type}")
    if known.new_accounts_per_day is not None:
        notes.append(f"new-accounts-per-day={known.new_accounts_per_day}")
    return f"{known.name:<24} {known.kind.value:<11} {known.prefix}…  {state:<9} {' '.join(notes)}".rstrip()
