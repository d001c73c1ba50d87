"""The account book against a model of the wallet, on a real PostgreSQL: whatever happens in whatever order, they agree."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.expired_holds import expire_due

from solaris.domain.errors import Conflict, IdempotencyConflict, InsufficientTokens, TokensHeld, TooManyCalls
from solaris.domain.tokens import TokenCounts
from solaris.ledger.ledger import LEASE_SECONDS, Ledger
from solaris.ledger.records import (
    Call,
    Charge,
    Ending,
    Extension,
    GrantCreate,
    Hold,
    HoldCreate,
    TransactionType,
    Usage,
)
from solaris.ledger.statements import EXTENSION_SHARE
from solaris.platform.postgres import Database

ZONE = ZoneInfo("America/Sao_Paulo")
ALLOWANCE = 1000
MAX_CALLS = 4
SHARE = EXTENSION_SHARE
CALL = Call("/v1/chat/completions", "gpt-4")
tokens = st.integers(1, 400)


@dataclass
class Model:
    """What a careful accountant with paper and pencil would keep."""

    allowance_used: int = 0
    credits: int = 0
    used: int = 0
    overage: int = 0
    refused: int = 0
    holds: dict[str, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        return ALLOWANCE - self.allowance_used + self.credits

    @property
    def remaining(self) -> int:
        return self.left - sum(self.holds.values())

    def charge(self, amount: int) -> tuple[int, int, int]:
        from_allowance = min(amount, ALLOWANCE - self.allowance_used)
        from_credits = min(amount - from_allowance, self.credits)
        over = amount - from_allowance - from_credits
        self.allowance_used += from_allowance
        self.credits -= from_credits
        self.overage += over
        self.used += amount
        return from_allowance, from_credits, over

    def grant(self, amount: int) -> None:
        repaid = min(self.overage, amount)
        self.overage -= repaid
        self.credits += amount - repaid

    def take_back(self, amount: int) -> None:
        taken = min(self.credits, amount)
        self.credits -= taken
        self.overage += amount - taken

    def renew(self) -> None:
        self.allowance_used = min(self.overage, ALLOWANCE)
        self.overage -= self.allowance_used
        self.used = 0
        self.refused = 0


def usage_of(amount: int) -> Usage:
    return Usage(TokenCounts(input=amount), Ending.COMPLETE, estimated=False)


class Parts:
    """One event loop and one pool for all examples; each example has a user of its own."""

    def __init__(self, database_url: str) -> None:
        self.runner = asyncio.Runner()
        self.database = Database(database_url, timezone=ZONE.key, service="test")
        self.runner.run(self.database.open())

    def close(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()


class LedgerMachine(RuleBasedStateMachine):
    holds = Bundle("holds")
    ended = Bundle("ended")
    grants = Bundle("grants")
    parts: Parts

    @initialize()
    def open_account(self) -> None:
        self.now = datetime(2026, 1, 10, 12, tzinfo=UTC)
        self.model = Model()
        self.ledger = Ledger(
            self.parts.database, zone=ZONE, buy_url="http://localhost/creditos", clock=lambda: self.now
        )
        self.user_id: UUID = self._run(
            self.parts.database.fetchval("INSERT INTO users (name) VALUES ('x') RETURNING id")
        )
        self._run(
            self.parts.database.execute(
                "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', $2)",
                self.user_id,
                ALLOWANCE,
            )
        )

    def _run(self, awaitable):
        return self.parts.runner.run(awaitable)

    def _new_id(self) -> str:
        return f"{self.user_id} {uuid4()}"

    def _order(self, least: int, most: int, request_id: str, share: int = 1) -> HoldCreate:
        return HoldCreate(self.user_id, request_id, f"{least}-{most}", least, most, least, CALL, share, MAX_CALLS)

    @rule(target=holds, least=tokens, more=tokens, share=st.sampled_from([1, 2, 8]))
    def reserve(self, least: int, more: int, share: int):
        order = self._order(least, least + more, self._new_id(), share)
        remaining = self.model.remaining
        if self.model.left < least:
            with pytest.raises(InsufficientTokens) as refused:
                self._run(self.ledger.reserve(order))
            assert refused.value.tokens_remaining == max(0, remaining)
            self.model.refused = least
            return None
        if len(self.model.holds) >= MAX_CALLS or remaining < least:
            condition = TooManyCalls if len(self.model.holds) >= MAX_CALLS else TokensHeld
            with pytest.raises(condition):
                self._run(self.ledger.reserve(order))
            return None
        hold: Hold = self._run(self.ledger.reserve(order))
        self.model.refused = 0
        assert hold.tokens == min(least + more, least + (remaining - least) // share)
        request_id = order.request_id
        self.model.holds[request_id] = hold.tokens
        repeat = self._run(self.ledger.reserve(order))
        assert (repeat.tokens, repeat.repeated) == (hold.tokens, True)
        with pytest.raises(IdempotencyConflict):
            self._run(self.ledger.reserve(self._order(least, least + more + 1, request_id)))
        return hold

    @rule(target=ended, hold=consumes(holds), amount=st.integers(0, 900))
    def settle(self, hold: Hold | None, amount: int):
        if hold is None:
            return None
        charge: Charge = self._run(self.ledger.settle(hold, usage_of(amount)))
        if self.model.holds.pop(hold.request_id, None) is None:
            assert charge.repeated
        else:
            assert (charge.allowance_part, charge.credits_part, charge.overage) == self.model.charge(amount)
        return hold, charge

    @rule(settled=ended)
    def settle_again(self, settled) -> None:
        if settled is None:
            return
        hold, first = settled
        again = self._run(self.ledger.settle(hold, usage_of(777)))
        assert (again.event_id, again.tokens_charged, again.repeated) == (first.event_id, first.tokens_charged, True)
        assert self._run(self.ledger.release(hold)) is False

    @rule(hold=consumes(holds))
    def release(self, hold: Hold | None) -> None:
        if hold is None:
            return
        was_open = self.model.holds.pop(hold.request_id, None) is not None
        assert self._run(self.ledger.release(hold)) is was_open
        if was_open:
            with pytest.raises(Conflict):
                self._run(self.ledger.settle(hold, usage_of(5)))

    @rule(hold=holds, least=tokens, more=tokens)
    def extend(self, hold: Hold | None, least: int, more: int) -> None:
        if hold is None:
            return
        has = self.model.holds.get(hold.request_id)
        before = self.model.remaining
        free = max(0, before)
        grown = self._run(self.ledger.extend(Extension(hold.user_id, hold.request_id, least, least + more)))
        if has is None:
            assert grown == 0
            return
        # What the call has used comes first; beyond it no more than a share of what is free, and never more than is free.
        needed = max(0, least - has)
        wanted = min(free, max(0, least + more - has))
        assert grown - has == (wanted if wanted <= needed else min(wanted, needed + max((free - needed) // SHARE, 32)))
        self.model.holds[hold.request_id] = grown
        assert self.model.remaining >= min(0, before)

    @rule(hold=holds, seen=tokens)
    def renew(self, hold: Hold | None, seen: int) -> None:
        if hold is None:
            return
        still_open = self._run(self.ledger.renew([(hold.user_id, hold.request_id, seen)]))
        assert bool(still_open) is (hold.request_id in self.model.holds)

    @rule()
    def every_proxy_dies(self) -> None:
        self.now += timedelta(seconds=LEASE_SECONDS + 1)
        # Holds that earlier examples left open are due as well; only ours are compared.
        charges = [
            charge for charge in self._run(expire_due(self.ledger)) if charge.request_id.startswith(str(self.user_id))
        ]
        assert {charge.request_id for charge in charges} == set(self.model.holds)
        for charge in charges:
            del self.model.holds[charge.request_id]
            assert (charge.allowance_part, charge.credits_part, charge.overage) == self.model.charge(
                charge.tokens_charged
            )
        assert self._run(expire_due(self.ledger)) == []

    @rule(amount=tokens, times=st.integers(1, 3))
    def consume(self, amount: int, times: int) -> None:
        order = self._order(amount, amount, self._new_id())
        if self.model.remaining < amount:
            is_spent = self.model.left < amount
            with pytest.raises(InsufficientTokens if is_spent else TokensHeld):
                self._run(self.ledger.consume(order, usage_of(amount)))
            self.model.refused = amount if is_spent else self.model.refused
            return
        self.model.refused = 0
        parts = self.model.charge(amount)
        for attempt in range(times):
            charge = self._run(self.ledger.consume(order, usage_of(amount)))
            assert (charge.allowance_part, charge.credits_part, charge.overage) == parts
            assert charge.repeated is (attempt > 0)

    @rule(amount=tokens, times=st.integers(1, 3))
    def grant(self, amount: int, times: int) -> None:
        order = GrantCreate(self.user_id, amount, TransactionType.BONUS, self._new_id())
        self.model.grant(amount)
        self.model.refused = 0
        for attempt in range(times):
            assert self._run(self.ledger.grant(order)).repeated is (attempt > 0)

    @rule(amount=tokens)
    def refund(self, amount: int) -> None:
        self._run(self.ledger.grant(GrantCreate(self.user_id, -amount, TransactionType.REFUND, self._new_id())))
        self.model.take_back(amount)

    @rule()
    def next_month(self) -> None:
        self.now = (self.now.replace(day=1) + timedelta(days=40)).replace(day=10)
        self.model.renew()

    @invariant()
    def balance_agrees(self) -> None:
        if not hasattr(self, "user_id"):
            return
        wallet = self._run(self.ledger.balance(self.user_id)).wallet
        assert wallet.allowance_used == self.model.allowance_used
        assert wallet.credits == self.model.credits
        assert wallet.used == self.model.used
        assert wallet.overage == self.model.overage
        assert wallet.held == sum(self.model.holds.values())
        assert wallet.remaining == max(0, self.model.remaining)
        assert wallet.refused_tokens == self.model.refused

    def teardown(self) -> None:
        differences = self._run(self.ledger.audit())
        self._run(self.ledger.close())
        assert [difference for difference in differences if difference.user_id == self.user_id] == []


@pytest.fixture
def parts(module_database_url: str) -> Iterator[Parts]:
    opened = Parts(module_database_url)
    yield opened
    opened.close()


@pytest.mark.timeout(300)
def test_the_book_agrees_with_the_model_whatever_happens(parts: Parts):
    machine = type("Machine", (LedgerMachine,), {"parts": parts})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=False,
        ),
    )
