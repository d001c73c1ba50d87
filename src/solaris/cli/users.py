"""`solaris user …`, `key …`, `front-end …`: users, their API keys, and chat servers."""

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

user = typer.Typer(help="Users: create, list, suspend, reactivate, set a password.", no_args_is_help=True)
key = typer.Typer(help="API keys of users.", no_args_is_help=True)
front_end = typer.Typer(help="Chat servers that name their users: LibreChat, Open WebUI.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The user's e-mail address.")]
Who = Annotated[str, typer.Argument(help="The user's verified e-mail address, or user id.")]
FrontEndName = Annotated[str, typer.Argument(help="The front end's name, such as librechat.")]
NewAccountsPerDay = Annotated[
    int | None,
    typer.Option(
        min=0, max=1_000_000, help="Accounts it may create a day; 0: none. SOLARIS_NEW_ACCOUNTS_PER_DAY where left out."
    ),
]
PasswordFromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
GeneratePassword = Annotated[bool, typer.Option("--generate", help="Generate a password and print it once.")]

# Messages on the terminal are English; the domain's own messages are pt-BR, for users of the
# product.
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
    """The command can't be carried out; the message is one English line."""


def register(app: typer.Typer) -> None:
    """Add the groups to the command line."""
    app.add_typer(user, name="user")
    app.add_typer(key, name="key")
    app.add_typer(front_end, name="front-end")


@user.command("create")
def create_user(
    email: Email,
    name: Annotated[str, typer.Option(help="The user's name.")] = "",
    role: Annotated[Role, typer.Option(help="The user's role.")] = Role.USER,
    plan: Annotated[str | None, typer.Option(help="Plan; SOLARIS_DEFAULT_PLAN where left out.")] = None,
    password_stdin: PasswordFromStdin = False,
    generate: GeneratePassword = False,
) -> None:
    """Create a user. Without a password they can't sign in, but their chat and API keys work."""
    from solaris.users.user_service import NewUser

    password = _password(password_stdin, generate) if password_stdin or generate else None
    created = _run(lambda services: services.users.create(NewUser(email, name, password, role, plan)))
    typer.echo(f"created {created.email} ({created.role.value}, plan {created.plan_type}), id {created.id}")
    if generate:
        typer.echo(f"password (shown once): {password}")


@user.command("list")
def list_users(
    search: Annotated[str, typer.Argument(help="Part of a name or address.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 50,
) -> None:
    """List users, the newest first. An address in brackets is unverified: a chat server sent it."""
    for listed in _run(lambda services: services.users.list(search=search, limit=limit)):
        typer.echo(_user_line(listed))


@user.command("password")
def set_password(who: Who, password_stdin: PasswordFromStdin = False, generate: GeneratePassword = False) -> None:
    """Set a user's password; all their sessions end."""
    password = _password(password_stdin, generate)

    async def work(services: "AuthServices") -> None:
        await services.users.set_password((await _find(services, who)).id, password)

    _run(work)
    typer.echo(f"password of {who} set" + (f" (shown once): {password}" if generate else ""))


@user.command("suspend")
def suspend(who: Who) -> None:
    """Suspend a user: they can't spend, but still see their balance."""

    async def work(services: "AuthServices") -> "User":
        return await services.users.suspend((await _find(services, who)).id)

    typer.echo(f"{_shown(_run(work))} is suspended")


@user.command("reactivate")
def reactivate(who: Who) -> None:
    """End a user's suspension."""

    async def work(services: "AuthServices") -> "User":
        return await services.users.reactivate((await _find(services, who)).id)

    typer.echo(f"{_shown(_run(work))} is active")


@key.command("create")
def create_key(who: Who, name: Annotated[str, typer.Option(help="What the key is for.")] = "command line") -> None:
    """Create an API key for a user and print it once."""

    async def work(services: "AuthServices") -> str:
        return (await services.api_keys.create((await _find(services, who)).id, name)).key

    typer.echo(_run(work))


@front_end.command("create")
def create_front_end(  # noqa: PLR0913, PLR0917  each is an option of the command line
    name: FrontEndName,
    kind: Annotated[FrontEndKind, typer.Option(help="Which chat server it is.")] = FrontEndKind.LIBRECHAT,
    link_by_email: Annotated[
        bool, typer.Option("--link-by-email", help="Its users' addresses are verified: link them to existing users.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Open WebUI: accept only its signed identity; a secret is generated.")
    ] = False,
    block_style: Annotated[BlockStyle, typer.Option(help="How blocked users are notified.")] = BlockStyle.ERROR,
    plan: Annotated[str | None, typer.Option(help="Plan of the users it brings.")] = None,
    new_accounts_per_day: NewAccountsPerDay = None,
) -> None:
    """Create a chat server's key and print it once, with the settings for the chat server."""
    from solaris.auth.front_ends import NewFrontEnd
    from solaris.cli.front_end_settings import settings_for

    new_front_end = NewFrontEnd(
        name,
        kind,
        link_by_email=link_by_email,
        strict=strict,
        signing_secret=secrets.token_hex(32) if strict else None,
        block_style=block_style,
        plan_type=plan,
        new_accounts_per_day=new_accounts_per_day,
    )
    created = _run(lambda services: services.front_ends.create(new_front_end))
    typer.echo(settings_for(created, _public_url()))


@front_end.command("rotate")
def rotate_front_end(name: FrontEndName) -> None:
    """Give a chat server a new key; its users stay the same, the old key is refused from now on."""
    from solaris.cli.front_end_settings import settings_for

    typer.echo(settings_for(_run(lambda services: services.front_ends.rotate(name)), _public_url()))


@front_end.command("edit")
def edit_front_end(
    name: FrontEndName,
    plan: Annotated[str | None, typer.Option(help="Plan of the users it brings from now on.")] = None,
    default_plan: Annotated[bool, typer.Option("--default-plan", help="They get SOLARIS_DEFAULT_PLAN.")] = False,
    new_accounts_per_day: NewAccountsPerDay = None,
    default_new_accounts: Annotated[
        bool, typer.Option("--default-new-accounts", help="Use SOLARIS_NEW_ACCOUNTS_PER_DAY.")
    ] = False,
) -> None:
    """Change the plan of a chat server's new users, and how many accounts it may create a day; its key stays."""
    if (plan and default_plan) or (new_accounts_per_day is not None and default_new_accounts):
        raise CommandRefused("an option and its --default-… exclude each other")
    changes: dict[str, object] = {}
    if plan or default_plan:
        changes["plan_type"] = plan
    if new_accounts_per_day is not None or default_new_accounts:
        changes["new_accounts_per_day"] = new_accounts_per_day
    if not changes:
        raise CommandRefused("nothing to change; see --help")

    async def work(services: "AuthServices") -> "FrontEnd":
        known = await services.front_ends.find(name)
        return await services.front_ends.edit(known.id, known.updated_at, changes)

    typer.echo(_front_end_line(_run(work)))


@front_end.command("list")
def list_front_ends() -> None:
    """List the chat servers."""
    for known in _run(lambda services: services.front_ends.list()):
        typer.echo(_front_end_line(known))


@front_end.command("revoke")
def revoke_front_end(name: FrontEndName) -> None:
    """Refuse a chat server's key from now on."""
    typer.echo(f"{_run(lambda services: services.front_ends.revoke(name)).name} is revoked")


def _run(work: "Callable[[AuthServices], Awaitable[T]]") -> T:
    async def whole() -> T:
        async with _services() as services:
            return await work(services)

    try:
        return asyncio.run(whole())
    except SolarisError as error:
        raise CommandRefused(_REFUSALS.get(error.code, error.message)) from error


@asynccontextmanager
async def _services() -> "AsyncIterator[AuthServices]":
    from solaris.cli.auth_services import open_auth_services
    from solaris.platform.settings import load_settings

    async with open_auth_services(load_settings()) as services:
        yield services


async def _find(services: "AuthServices", who: str) -> "User":
    try:
        user_id = UUID(who)
    except ValueError:
        return await services.users.find(who)
    return await services.users.get(user_id)


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


def _shown(found: "User") -> str:
    if found.email is not None:
        return found.email if found.email_verified else f"[{found.email}]"
    return f"[{found.contact_email}]" if found.contact_email else str(found.id)


def _user_line(found: "User") -> str:
    state = "active" if found.active else "suspended"
    return (
        f"{found.id}  {_shown(found):<40} {found.role.value:<11} {found.plan_type or '-':<14} {state:<9} {found.name}"
    )


def _front_end_line(known: "FrontEnd") -> str:
    state = "revoked" if known.revoked_at else "in force"
    notes = [note for note, on in (("link-by-email", known.link_by_email), ("strict", known.strict)) if on]
    if known.plan_type is not None:
        notes.append(f"plan={known.plan_type}")
    if known.new_accounts_per_day is not None:
        notes.append(f"new-accounts-per-day={known.new_accounts_per_day}")
    return f"{known.name:<24} {known.kind.value:<11} {known.prefix}…  {state:<9} {' '.join(notes)}".rstrip()
