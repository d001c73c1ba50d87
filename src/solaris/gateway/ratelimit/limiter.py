"""Limits calls and tokens per minute by the user's plan.

Calls beyond the limit are refused (429); every response carries OpenAI's rate limit headers.
"""

from collections import OrderedDict
from collections.abc import Iterator, MutableMapping
from typing import Any
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter

from solaris.auth.principal import Principal
from solaris.domain.errors import InsufficientTokens, RateLimited, SpendingRefused, UserSuspended
from solaris.domain.formats import tokens_text
from solaris.domain.notices import SUSPENDED_MESSAGE, quota_notice
from solaris.domain.wallet import UserState
from solaris.gateway.ratelimit.buckets import BucketState, Rates, Verdict
from solaris.gateway.ratelimit.redis_backend import SharedBuckets
from solaris.gateway.ratelimit.user_state import PendingDecision, UserLimits
from solaris.gateway.response_headers import Headers
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Balance, Charge
from solaris.platform.cache import TtlCache

_MAX_USERS = 20_000
_BALANCE_SECONDS = 1.0
_MICROSECONDS = 1_000_000


class _LateHeaders:
    """Headers of a call that did not wait for Redis.

    They use Redis's reply if it has arrived when they are written, else a prediction.
    """

    __slots__ = ("_decision",)

    def __init__(self, decision: PendingDecision) -> None:
        self._decision = decision

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        user = self._decision.user
        return iter(rate_headers(user.rates, self._decision.state or user.predicted_state()))


class RateInstruments:
    """Metrics of the limiter."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._refused = Counter(
            "solaris_rate_limited_calls_total", "Calls refused for their rate", ("reason",), registry=registry
        )
        self._fallbacks = Counter(
            "solaris_rate_limit_fallbacks_total",
            "Calls whose rate this process judged alone: Redis is away or not configured",
            registry=registry,
        )

    def count_refusal(self, verdict: Verdict) -> None:
        """Count a call refused with 429."""
        self._refused.labels("tokens" if verdict is Verdict.TOO_MANY_TOKENS else "requests").inc()

    def count_fallback(self) -> None:
        """Count a call decided without Redis."""
        self._fallbacks.inc()


class Spendable:
    """Checks whether a user has tokens to spend.

    A user without tokens is refused for that, not asked to retry later.
    """

    def __init__(self, ledger: Ledger, buy_url: str) -> None:
        self._ledger = ledger
        self._buy_url = buy_url
        # A rate-limited client retries often.
        self._balances: TtlCache[UUID, Balance] = TtlCache(lifetime_seconds=_BALANCE_SECONDS, max_entries=_MAX_USERS)

    async def refusal(self, user_id: UUID) -> SpendingRefused | None:
        """Return the error for a user without tokens; None if tokens are left."""
        balance = await self._balances.get(user_id, lambda: self._ledger.balance(user_id))
        if balance.state is UserState.SUSPENDED:
            return UserSuspended(SUSPENDED_MESSAGE)
        wallet = balance.wallet
        if wallet.left > 0:
            return None
        return InsufficientTokens(
            quota_notice(wallet.remaining, balance.renews_on, self._buy_url, allowance=wallet.allowance),
            tokens_remaining=wallet.remaining,
            usage_percent=wallet.usage_percent,
            renews_at=balance.renews_at,
        )


class RateLimiter:
    """Rate limits of every metered call.

    `start` sends the request to Redis, so that the reply arrives while the body is read. A call
    whose user was seen within two seconds and is far from the limits does not wait for the reply:
    so up to eight processes together admit no call too many, and more processes a few.
    """

    def __init__(self, buckets: SharedBuckets, spendable: Spendable, instruments: RateInstruments) -> None:
        self._buckets = buckets
        self._spendable = spendable
        self._instruments = instruments
        self._users: OrderedDict[UUID, UserLimits] = OrderedDict()

    def start(self, principal: Principal) -> PendingDecision | None:
        """Take one call from the user's bucket; None if their plan sets no limit."""
        requests, tokens = principal.requests_per_minute or 0, principal.tokens_per_minute or 0
        if not requests and not tokens:
            return None
        user = self._users.get(principal.user_id)
        if user is None or user.rates.requests != requests or user.rates.tokens != tokens:
            user = self._add_user(principal.user_id, Rates(requests, tokens))
        else:
            self._users.move_to_end(principal.user_id)
        user.in_flight += 1
        return self._buckets.take(user)

    async def admit(
        self, principal: Principal, decision: PendingDecision | None, state: MutableMapping[str, Any]
    ) -> None:
        """Return if the call is admitted; put the response's headers into the request's `state`.

        Raises:
            RateLimited: too many calls, or tokens, within a minute.
            InsufficientTokens, UserSuspended: as above, and the user could not spend anyway.
        """
        if decision is None:
            return
        if decision.state is None and decision.user.can_skip_wait():
            state["answer_headers"] = _LateHeaders(decision)
            return
        rates, bucket_state = decision.user.rates, await decision
        state["answer_headers"] = rate_headers(rates, bucket_state)
        if bucket_state.verdict is Verdict.ADMITTED:
            return
        refusal = await self._spendable.refusal(principal.user_id)
        if refusal is not None:
            raise refusal
        self._instruments.count_refusal(bucket_state.verdict)
        raise _rate_limited(rates, bucket_state)

    def on_charged(self, user_id: UUID, charge: Charge) -> None:
        """Add the charged tokens to the user's bucket if their plan limits tokens."""
        user, tokens = self._users.get(user_id), charge.tokens_charged
        if user is not None and user.rates.tokens and tokens > 0:
            user.subtract_tokens(tokens)
            self._buckets.add_tokens(user, tokens)

    async def open(self) -> None:
        """Connect to Redis if configured."""
        await self._buckets.open()

    async def close(self) -> None:
        """Send pending token charges to Redis and disconnect."""
        await self._buckets.close()

    def _add_user(self, user_id: UUID, rates: Rates) -> UserLimits:
        user = self._users[user_id] = UserLimits(user_id, rates)
        if len(self._users) > _MAX_USERS:
            self._users.popitem(last=False)
        return user


def rate_headers(rates: Rates, state: BucketState) -> Headers:
    """OpenAI's `x-ratelimit-…` headers, only for the limits that the plan sets."""
    headers: Headers = []
    if rates.requests:
        headers += (
            (b"x-ratelimit-limit-requests", b"%d" % rates.requests),
            (b"x-ratelimit-remaining-requests", b"%d" % state.requests_remaining(rates)),
            (b"x-ratelimit-reset-requests", duration(state.requests_full_in)),
        )
    if rates.tokens:
        headers += (
            (b"x-ratelimit-limit-tokens", b"%d" % rates.tokens),
            (b"x-ratelimit-remaining-tokens", b"%d" % state.tokens_remaining(rates)),
            (b"x-ratelimit-reset-tokens", duration(state.tokens_full_in)),
        )
    return headers


def duration(microseconds: int) -> bytes:
    """Format a duration as OpenAI does: `0s`, `120ms`, `8.64s`, `6m0s`."""
    if microseconds < _MICROSECONDS:
        return b"%dms" % -(-microseconds // 1000) if microseconds > 0 else b"0s"
    minutes, rest = divmod(microseconds, 60 * _MICROSECONDS)
    seconds = f"{rest / _MICROSECONDS:.3f}".rstrip("0").rstrip(".")
    return (f"{minutes}m{seconds}s" if minutes else f"{seconds}s").encode()


def _rate_limited(rates: Rates, state: BucketState) -> RateLimited:
    seconds = state.retry_after_seconds(rates)
    wait = f"Aguarde {seconds} segundo{'s' if seconds > 1 else ''} e tente de novo."
    if state.verdict is Verdict.TOO_MANY_REQUESTS:
        plural = "s" if rates.requests > 1 else ""
        cause = f"Muitas chamadas em pouco tempo: seu plano permite {rates.requests} chamada{plural} por minuto."
    else:
        cause = f"Muitos tokens em pouco tempo: seu plano permite {tokens_text(rates.tokens)} por minuto."
    return RateLimited(f"{cause} {wait}", retry_after_seconds=seconds)
