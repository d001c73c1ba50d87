"""Usage of the demo data: model, time and size of each user's calls.

Pure; a fixed seed makes it reproducible.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from solaris.domain.periods import day_starts_at
from solaris.domain.tokens import TokenCounts
from solaris.ledger.records import Call, Ending, Usage
from solaris.local.demo.users import DemoUser, Habit

SEED = 20240115
DAYS = 60
WORKING_DAYS_PER_MONTH = 21
SUSPENDED_SINCE_DAYS = 12
_USUAL_CALL_TOKENS = 9_000
_MAX_OUTPUT_TOKENS = 1_500
_FIRST_HOUR, _LAST_HOUR = 8, 19
_HOUR_WEIGHTS = (3, 7, 10, 9, 4, 5, 9, 10, 8, 6, 3)  # per hour from 8 to 18, less at lunch
_SHARE_OF_ALLOWANCE = {Habit.LIGHT: 0.22, Habit.STEADY: 0.58, Habit.HEAVY: 0.9}
_CALLS_PER_DAY = {Habit.LIGHT: 2, Habit.STEADY: 4, Habit.HEAVY: 6}
_MAX_SHARE_WITHOUT_CREDITS = 0.76
_CREDITS_SPENT_PER_MONTH = 1_000_000
# The rest is for the last charge, which reaches the documented percentage exactly.
_SHARE_BEFORE_LAST_CHARGE = 0.96


@dataclass(frozen=True, slots=True)
class DemoModel:
    """A model, its prices in USD per million tokens, and its speed."""

    name: str
    answers_as: str
    input_usd: Decimal
    output_usd: Decimal
    first_byte_ms: int
    output_tokens_per_second: int
    share: int


MODELS = (
    DemoModel("gpt-3.5-turbo", "gpt-3.5-turbo-0125", Decimal("0.5"), Decimal("1.5"), 350, 90, 40),
    DemoModel("gpt-4", "gpt-4-0613", Decimal(30), Decimal(60), 900, 28, 28),
    DemoModel("claude-3", "claude-3-sonnet-20240229", Decimal(3), Decimal(15), 700, 60, 24),
    DemoModel("smollm2", "smollm2", Decimal(0), Decimal(0), 60, 110, 8),
)


@dataclass(frozen=True, slots=True)
class DemoClient:
    """The source of calls: a chat server, or users' own keys."""

    name: str
    front_end_key_id: UUID | None
    share: int


@dataclass(frozen=True, slots=True)
class DemoCall:
    """One past call, charged at weight 1."""

    email: str
    request_id: str
    at: datetime
    call: Call
    usage: Usage

    @property
    def tokens_charged(self) -> int:
        """The tokens it is charged with."""
        return self.call.charge_for(self.usage.counts)


class DemoUsage:
    """Generates the calls of the `DAYS` days before `now`.

    The same seed and instant give the same calls.
    """

    def __init__(self, now: datetime, zone: ZoneInfo, clients: Sequence[DemoClient]) -> None:
        self._now = now
        self._zone = zone
        self._clients = clients
        self._today = now.astimezone(zone).date()
        self._random = random.Random(SEED)  # noqa: S311  # a reproducible sequence, no secret

    def calls(self, users: Sequence[DemoUser], monthly_tokens: dict[str, int]) -> list[DemoCall]:
        """All users' calls, the oldest first.

        `monthly_tokens` is each user's allowance by e-mail.
        """
        made = [call for user in users for call in self._calls_of(user, monthly_tokens[user.email])]
        return sorted(made, key=lambda call: (call.at, call.request_id))

    def exact_calls(self, user: DemoUser, tokens: int, since: datetime, label: str) -> list[DemoCall]:
        """Calls that cost exactly `tokens` together, spread between `since` and now."""
        count = max(1, min(12, tokens // 2_000))
        step = (self._now - since) / (count + 1)
        sizes = [tokens // count + (1 if index < tokens % count else 0) for index in range(count)]
        return [
            self._call(user, f"demo-{label}-{index}", since + step * (index + 1), size)
            for index, size in enumerate(sizes)
            if size > 0
        ]

    def _calls_of(self, user: DemoUser, allowance: int) -> Iterator[DemoCall]:
        days = self._days_of(user)
        months = sorted({day.replace(day=1) for day in days})
        number = 0
        for month in months:
            of_month = [day for day in days if day.replace(day=1) == month]
            weights = [self._weight(day) for day in of_month]
            budget = self._budget(user, month, allowance, sum(weights))
            for day, weight in zip(of_month, weights, strict=True):
                for at, size in self._calls_on(day, user, round(budget * weight / max(sum(weights), 0.01))):
                    number += 1
                    yield self._call(user, f"demo-{user.account}-{number:05}", at, size)

    def _days_of(self, user: DemoUser) -> list[date]:
        if user.habit is Habit.NONE:
            # Usage in earlier months only: a full balance, and a statement that is not empty.
            last = self._today.replace(day=1) - timedelta(days=1)
        else:
            last = self._today - timedelta(days=SUSPENDED_SINCE_DAYS if user.suspended else 0)
        first = self._today - timedelta(days=min(DAYS, user.known_for_days))
        return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]

    def _weight(self, day: date) -> float:
        """The weight of a day's usage; a working day has about 1."""
        if day == self._today:
            return max(self._share_of_today(), 0.15)
        if day.weekday() >= 5:
            return self._random.choice((0.0, 0.0, 0.05, 0.15))
        return self._random.uniform(0.5, 1.5) if self._random.random() < 0.9 else 0.0

    def _share_of_today(self) -> float:
        local = self._now.astimezone(self._zone)
        if local.weekday() >= 5:
            return 0.15
        hours = local.hour + local.minute / 60
        return min(max((hours - _FIRST_HOUR) / (_LAST_HOUR - _FIRST_HOUR), 0.0), 1.0)

    def _budget(self, user: DemoUser, month: date, allowance: int, weight: float) -> float:
        if user.percent is not None and month == self._today.replace(day=1):
            return allowance * user.percent / 100 * _SHARE_BEFORE_LAST_CHARGE
        share = _SHARE_OF_ALLOWANCE.get(user.habit, 0.3) * self._random.uniform(0.75, 1.2)
        if user.habit is Habit.HEAVY:
            tokens = allowance * share + _CREDITS_SPENT_PER_MONTH
        else:
            tokens = allowance * min(share, _MAX_SHARE_WITHOUT_CREDITS)
        # A month that lies only partly in the period gets a proportional part of the usage.
        return tokens * min(weight / WORKING_DAYS_PER_MONTH, 1.0)

    def _calls_on(self, day: date, user: DemoUser, tokens: int) -> Iterator[tuple[datetime, int]]:
        if tokens < 40:
            return
        usual = _CALLS_PER_DAY.get(user.habit, 3)
        count = round(self._random.gauss(usual, usual / 3))
        # More usage means more calls, not longer ones.
        count = max(1, min(max(count, tokens // _USUAL_CALL_TOKENS), tokens // 40))
        parts = [math.exp(self._random.gauss(0, 0.45)) for _ in range(count)]
        for part in parts:
            size = int(tokens * part / sum(parts))
            if size >= 20:
                yield self._instant(day), size

    def _instant(self, day: date) -> datetime:
        starts_at = day_starts_at(day, self._zone)
        hour = self._random.choices(range(_FIRST_HOUR, _LAST_HOUR), _HOUR_WEIGHTS)[0]
        at = starts_at + timedelta(hours=hour, milliseconds=self._random.randrange(3_600_000))
        if at < self._now:
            return at
        # In the future: use a random instant between midnight and now.
        return starts_at + (self._now - starts_at) * self._random.random()

    def _call(self, user: DemoUser, request_id: str, at: datetime, tokens: int) -> DemoCall:
        dice = self._random
        model = dice.choices(MODELS, [model.share for model in MODELS])[0]
        client = dice.choices(self._clients, [client.share for client in self._clients])[0]
        output = max(1, min(round(tokens * dice.uniform(0.15, 0.45)), tokens, _MAX_OUTPUT_TOKENS))
        input_tokens = tokens - output
        ending = dice.choices((Ending.COMPLETE, Ending.CLIENT_GONE, Ending.NO_USAGE), (965, 25, 10))[0]
        first_byte_ms = round(model.first_byte_ms * math.exp(dice.gauss(0, 0.35)))
        cost = (input_tokens * model.input_usd + output * model.output_usd) / 1_000_000
        call = Call(
            route="/v1/chat/completions",
            model_asked=model.name,
            client=client.name,
            front_end_key_id=client.front_end_key_id,
            conversation_id=str(UUID(int=dice.getrandbits(128), version=4)),
            trace_id=f"{dice.getrandbits(128):032x}",
        )
        usage = Usage(
            TokenCounts(input_tokens, input_tokens // 3 if dice.random() < 0.2 else 0, output, 0),
            ending,
            estimated=ending is not Ending.COMPLETE,
            model_answered=model.answers_as,
            cost_usd=cost.quantize(Decimal("0.00000001")),
            first_byte_ms=first_byte_ms,
            duration_ms=first_byte_ms + round(1000 * output / model.output_tokens_per_second),
        )
        return DemoCall(user.email, request_id, at, call, usage)
