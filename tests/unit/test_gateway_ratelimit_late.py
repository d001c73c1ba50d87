"""Calls that do not wait for Redis: they carry the usual headers all the same, by its answer or by what is known."""

import asyncio
import time
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import uuid4

from prometheus_client import CollectorRegistry

from solaris.auth.principal import Principal, Via
from solaris.domain.roles import Role
from solaris.domain.wallet import Wallet
from solaris.gateway.ratelimit.buckets import BucketState, Verdict
from solaris.gateway.ratelimit.limiter import RateInstruments, RateLimiter, Spendable
from solaris.gateway.ratelimit.redis_backend import SharedBuckets
from solaris.gateway.ratelimit.user_state import PendingDecision, UserLimits
from solaris.ledger.records import Charge

_WALLET = Wallet(date(2026, 11, 1), 1000, 0, 0, 0, 0, 0)
CALLER = Principal(uuid4(), Role.USER, True, Via.API_KEY, "test", requests_per_minute=60, tokens_per_minute=6_000)


class SlowBuckets:
    """Redis, which answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[PendingDecision] = []

    def take(self, user: UserLimits) -> PendingDecision:
        self.asked.append(PendingDecision(user))
        return self.asked[-1]

    def answer(self, place: int, standing: BucketState) -> None:
        self.asked[place].resolve(standing, time.monotonic())

    def add_tokens(self, _user: UserLimits, _tokens: int) -> None:
        return


def charge_of(tokens: int) -> Charge:
    return Charge("r", uuid4(), tokens, tokens, 0, 0, 0, datetime.now(UTC), "gpt-4", (), False, _WALLET)


async def started() -> tuple[RateLimiter, SlowBuckets]:
    """A limiter that has just heard of the caller: one of 60 calls is taken, and no token."""
    buckets = SlowBuckets()
    limiter = RateLimiter(cast(SharedBuckets, buckets), cast(Spendable, None), RateInstruments(CollectorRegistry()))
    check = limiter.start(CALLER)
    buckets.answer(0, BucketState(Verdict.ADMITTED, 1_000_000, 0))
    await limiter.admit(CALLER, check, {})
    return limiter, buckets


async def test_an_answer_that_overtakes_redis_tells_what_is_known() -> None:
    limiter, _ = await started()
    limiter.on_charged(CALLER.user_id, charge_of(600))
    state: dict[str, Any] = {}
    await limiter.admit(CALLER, limiter.start(CALLER), state)
    told = {name: int(value) for name, value in state["answer_headers"] if b"-reset-" not in name}
    assert told == {
        b"x-ratelimit-limit-requests": 60,
        b"x-ratelimit-remaining-requests": 58,
        b"x-ratelimit-limit-tokens": 6_000,
        b"x-ratelimit-remaining-tokens": 5_400,
    }


async def test_what_redis_said_meanwhile_is_what_is_told() -> None:
    limiter, buckets = await started()
    state: dict[str, Any] = {}
    await limiter.admit(CALLER, limiter.start(CALLER), state)
    buckets.answer(1, BucketState(Verdict.ADMITTED, 20_000_000, 30_000_000))
    told = dict(state["answer_headers"])
    assert told[b"x-ratelimit-remaining-requests"] == b"40"
    assert told[b"x-ratelimit-remaining-tokens"] == b"3000"
    assert told[b"x-ratelimit-reset-requests"] == b"20s"


async def test_a_call_whose_client_has_gone_is_counted_as_answered() -> None:
    limiter, buckets = await started()
    waiting = [asyncio.ensure_future(_standing_of(limiter.start(CALLER))) for _ in range(2)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    for place in (1, 2):
        buckets.answer(place, BucketState(Verdict.ADMITTED, 3_000_000, 0))
    assert (await waiting[1]).requests_full_in == 3_000_000
    assert waiting[0].cancelled()
    assert buckets.asked[0].user.in_flight == 0


async def _standing_of(check: PendingDecision | None) -> BucketState:
    assert check is not None
    return await check
