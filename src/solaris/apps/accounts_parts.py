"""The parts of `accounts`, wired once for the proxy and for the Admin Dashboard."""

from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry

from solaris.accounts.api_keys import ApiKeys
from solaris.accounts.arrivals import Arrivals
from solaris.accounts.attempts import Attempts, SourceLimit
from solaris.accounts.caller import Caller
from solaris.accounts.changes import CallerChanges
from solaris.accounts.identify import Identifier
from solaris.accounts.new_accounts import NewAccountInstruments, NewAccounts
from solaris.accounts.page_sessions import PageService, PageSessions
from solaris.accounts.passwords import Passwords
from solaris.accounts.people import People
from solaris.accounts.sign_in import SignIn
from solaris.accounts.tokens import Tokens
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.redis import RedisLink
from solaris.platform.settings import EXAMPLES, Settings, SettingsError


@dataclass(frozen=True, slots=True)
class AccountsParts:
    """Who may call. `changes.listen()` is to run as a task of the process."""

    changes: CallerChanges
    caller: Caller
    people: People
    sign_in: SignIn
    api_keys: ApiKeys
    pages: PageSessions


def build_accounts(
    settings: Settings,
    database: Database,
    redis: RedisLink | None,
    log: Log,
    registry: CollectorRegistry,
    *,
    pages_of: PageService,
) -> AccountsParts:
    """The accounts of one process, which serves the pages `pages_of`; its instruments are in `registry` from now on.

    Raises:
        SettingsError: JWT_SECRET is not set.
    """
    if settings.jwt_secret is None:
        raise SettingsError(f"JWT_SECRET is not set; a right value: {EXAMPLES['JWT_SECRET']}")
    changes = CallerChanges(redis, log)
    tokens = Tokens(settings.jwt_secret.get_secret_value(), lifetime_seconds=settings.jwt_lifetime_seconds)
    passwords = Passwords()
    people = People(database, passwords, changes, default_plan=settings.solaris_default_plan)
    instruments = NewAccountInstruments(registry)
    new_accounts = NewAccounts(database, log, instruments, per_day=settings.solaris_new_accounts_per_day)
    arrivals = Arrivals(database, log, new_accounts, default_plan=settings.solaris_default_plan)
    attempts = Attempts(database, SourceLimit(redis), log, clock=lambda: datetime.now(UTC))
    identifier = Identifier(database, tokens, arrivals, changes)
    public_url = settings.public_url if pages_of == "portal" else settings.admin_public_url
    pages = PageSessions(pages_of, identifier, public_url=public_url)
    return AccountsParts(
        changes,
        Caller(identifier, pages),
        people,
        SignIn(database, people, passwords, tokens, changes, attempts),
        ApiKeys(database, changes),
        pages,
    )
