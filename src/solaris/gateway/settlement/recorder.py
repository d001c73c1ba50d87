"""What the gateway writes down of a call: its lease while it runs, its charge or release at the end, log line and metrics."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from uuid import UUID

from solaris.domain.errors import SolarisError
from solaris.domain.tokens import TokenCounts
from solaris.gateway.admission import AdmittedCall
from solaris.gateway.instruments import Instruments, RecordsTraffic
from solaris.gateway.settlement.heartbeat import LeaseHeartbeat
from solaris.gateway.settlement.pending_alerts import PendingAlerts
from solaris.gateway.settlement.queue import SettlementQueue
from solaris.gateway.upstream_log import event_fields
from solaris.gateway.usage.hidden_output import expected_hidden_output
from solaris.gateway.usage.stream_usage import StreamUsage
from solaris.ledger.records import Charge, Ending, Hold, Usage
from solaris.platform.logs import Log

_RELEASED = "released"
_MAX_CAUSE_CHARACTERS = 500


@dataclass(slots=True)
class CallTimes:
    """When what happened, on the performance counter; zero: not yet."""

    arrived: float = field(default_factory=time.perf_counter)
    forwarded: float = 0.0
    first_byte: float = 0.0
    answered: float = 0.0

    def sent(self) -> None:
        """The call is on its way to LiteLLM."""
        self.forwarded = time.perf_counter()


@dataclass(slots=True)
class Outcome:
    """What is known of a call when it ends.

    `hidden_output`: what the provider counted beyond the text, where it reported both.
    """

    counts: TokenCounts
    ending: Ending
    estimated: bool
    model_answered: str | None = None
    cost_usd: Decimal | None = None
    hidden_output: int | None = None


class CallRecorder:
    """Opens and ends the calls of this process in the account book, and tells everybody who watches."""

    def __init__(
        self,
        settlement_queue: SettlementQueue,
        heartbeat: LeaseHeartbeat,
        instruments: Instruments,
        traffic: RecordsTraffic,
        log: Log,
        on_charged: Callable[[UUID, Charge], None],
    ) -> None:
        self._queue = settlement_queue
        self._heartbeat = heartbeat
        self._instruments = instruments
        self._traffic = traffic
        self._log = log
        self._on_charged = on_charged
        self._alerts = PendingAlerts()
        self._running: set[tuple[UUID, str]] = set()

    def opened(self, call: AdmittedCall, stream_usage: StreamUsage) -> None:
        """The call runs: its hold is kept alive from now on."""
        self._running.add(_key(call))
        hidden = partial(_hidden_so_far, call, stream_usage) if call.model.hidden_output_tokens else None
        self._heartbeat.add(
            call.hold, stream_usage, prompt_echo_tokens=call.prompt_echo_tokens, expected_hidden_output=hidden
        )

    async def released(self, call: AdmittedCall, times: CallTimes, *, error: bool = True) -> None:
        """The call came to nothing and costs nothing; `error`: it was not the caller's own mistake."""
        if not self._ends(call):
            return
        self._instruments.charged(call.model.label, _RELEASED, 0)
        # Nothing answered to the name: it may be one of many that a caller made up.
        self._note(call, times, call.model.label, error=error)
        await self._queue.release(call.hold)

    def settle(self, call: AdmittedCall, times: CallTimes, outcome: Outcome) -> "asyncio.Future[Charge | None]":
        """Charge the call, to be waited for; None where PostgreSQL is away and it is charged later."""
        self._running.discard(_key(call))
        self._note(call, times, call.model.name, error=False)
        return self._queue.settle(call.hold, _usage(outcome, times), partial(self._charged, call.model.label))

    def settle_later(
        self, call: AdmittedCall, times: CallTimes, outcome: Outcome
    ) -> "asyncio.Future[Charge | None] | None":
        """Charge the call without waiting; the thresholds it crosses are told with the user's next answer.

        Returns the first try's result; None where the call had ended before.
        """
        if not self._ends(call):
            return None
        self._note(call, times, call.model.name, error=outcome.ending is Ending.UPSTREAM_ERROR)

        def charged(hold: Hold, usage: Usage, charge: Charge) -> None:
            self._charged(call.model.label, hold, usage, charge)
            if charge.crossed_percent:
                self._alerts.put(hold.user_id, max(charge.crossed_percent))

        return self._queue.start_settle(call.hold, _usage(outcome, times), charged)

    def failed(self, call: AdmittedCall, error: SolarisError) -> None:
        """A call came to nothing by no fault of its caller's; the line names the cause."""
        cause = error.__cause__ or error
        self._log.warning(
            "model_call_failed",
            user_id=call.hold.user_id,
            request_id=call.hold.request_id,
            model=call.model.name,
            route=call.api.route,
            code=error.code,
            cause=f"{type(cause).__name__}: {cause}"[:_MAX_CAUSE_CHARACTERS],
        )

    def broken(self, call: AdmittedCall, error: object) -> None:
        """A stream broke off at LiteLLM's side, with the error event `error` or without one. Its text is logged at debug alone."""
        cause = "the connection broke off" if error is None else "an error event"
        self._log.debug("model_stream_said", user_id=call.hold.user_id, model=call.model.name, error=error)
        self._log.warning(
            "model_stream_broken", user_id=call.hold.user_id, model=call.model.name, cause=cause, **event_fields(error)
        )

    def _ends(self, call: AdmittedCall) -> bool:
        """True for the first ending of a call; a later one, of a request that is cancelled while it ends, changes nothing."""
        key = _key(call)
        if key not in self._running:
            return False
        self._running.discard(key)
        return True

    def alert_to_tell(self, call: AdmittedCall, charge: Charge | None) -> int | None:
        """The highest threshold to tell on this answer: one that its charge crossed, or one that waited."""
        crossed = () if charge is None else charge.crossed_percent
        waiting = self._alerts.take(call.hold.user_id)
        if not crossed:
            return waiting
        return max(*crossed, waiting or 0)

    def _charged(self, label: str, hold: Hold, usage: Usage, charge: Charge) -> None:
        self._instruments.charged(label, usage.ending.value, charge.tokens_charged)
        self._on_charged(hold.user_id, charge)
        self._log.info(
            "token_consumption",
            user_id=hold.user_id,
            tokens_consumed=charge.tokens_charged,
            tokens_remaining=charge.wallet.remaining,
            model=hold.call.model_asked,
            response_time=usage.duration_ms,
        )

    def _note(self, call: AdmittedCall, times: CallTimes, model: str, *, error: bool) -> None:
        now = time.perf_counter()
        answered, first_byte = times.answered or now, times.first_byte or now
        # To LiteLLM's first byte; for an unstreamed answer, to its end.
        litellm = max(0.0, first_byte - (times.forwarded or times.arrived))
        streamed = answered - first_byte
        overhead = max(0.0, answered - times.arrived - litellm - streamed)
        self._instruments.timed(overhead, litellm)
        self._traffic.note(model, call.front_end, error=error, proxy_ms=overhead * 1000, litellm_ms=litellm * 1000)


def _hidden_so_far(call: AdmittedCall, stream_usage: StreamUsage, seen: int) -> int:
    """Nothing is hidden once the provider has reported its counts."""
    return 0 if stream_usage.has_usage else expected_hidden_output(call, seen)


def _key(call: AdmittedCall) -> tuple[UUID, str]:
    return call.hold[:2]


def _usage(outcome: Outcome, times: CallTimes) -> Usage:
    arrived, first_byte = times.arrived, times.first_byte
    return Usage(
        outcome.counts,
        outcome.ending,
        outcome.estimated,
        outcome.model_answered,
        outcome.cost_usd,
        round(max(0.0, first_byte - arrived) * 1000) if first_byte else None,
        round(((times.answered or time.perf_counter()) - arrived) * 1000),
    )
