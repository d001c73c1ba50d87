"""Wiring of `auth` for the proxy and the Admin Dashboard."""

from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry

from solaris.auth.api_keys import ApiKeys
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.caller import Caller
from solaris.auth.external_users import ExternalUsers
from solaris.auth.identify import Identifier
from solaris.auth.login_throttle import LoginThrottle, SourceLimit
from solaris.auth.new_account_limit import NewAccountInstruments, NewAccountLimit
from solaris.auth.page_sessions import PageService, PageSessions
from solaris.auth.passwords import Passwords
from solaris.auth.sign_in import SignIn
from solaris.auth.tokens import Tokens
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.redis import RedisClient
from solaris.platform.settings import EXAMPLES, Settings, SettingsError
from solaris.users.user_service import UserService


@dataclass(frozen=True, slots=True)
class AuthContainer:
    """Authentication of one process. Run `changes.listen()` as a task."""

    cache_invalidation: CacheInvalidation
    caller: Caller
    users: UserService
    sign_in: SignIn
    api_keys: ApiKeys
    pages: PageSessions


def build_auth(
    settings: Settings,
    database: Database,
    redis: RedisClient | None,
    log: Log,
    registry: CollectorRegistry,
    *,
    page_service: PageService,
) -> AuthContainer:
    """Build authentication for a process that serves the pages of `page_service`.

    Its metrics are added to `registry`.

    Raises:
        SettingsError: JWT_SECRET is not set.
    """
    if settings.jwt_secret is None:
        raise SettingsError(f"JWT_SECRET is not set; a right value: {EXAMPLES['JWT_SECRET']}")
    cache_invalidation = CacheInvalidation(redis, log)
    tokens = Tokens(settings.jwt_secret.get_secret_value(), lifetime_seconds=settings.jwt_lifetime_seconds)
    passwords = Passwords()
    users = UserService(database, passwords, cache_invalidation, default_plan=settings.solaris_default_plan)
    instruments = NewAccountInstruments(registry)
    new_accounts = NewAccountLimit(database, log, instruments, per_day=settings.solaris_new_accounts_per_day)
    external_users = ExternalUsers(database, log, new_accounts, default_plan=settings.solaris_default_plan)
    login_throttle = LoginThrottle(database, SourceLimit(redis), log, clock=lambda: datetime.now(UTC))
    identifier = Identifier(database, tokens, external_users, cache_invalidation)
    public_url = settings.public_url if page_service == "portal" else settings.admin_public_url
    pages = PageSessions(page_service, identifier, public_url=public_url)
    return AuthContainer(
        cache_invalidation,
        Caller(identifier, pages),
        users,
        SignIn(database, users, passwords, tokens, cache_invalidation, login_throttle),
        ApiKeys(database, cache_invalidation),
        pages,
    )
