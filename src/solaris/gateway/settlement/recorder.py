"""Records a call: lease while it runs, charge or release at its end, log line and metrics."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from uuid import UUID

from solaris.domain.errors import SolarisError
from solaris.domain.tokens import TokenCounts
from solaris.gateway.admission import AdmittedCall
from solaris.gateway.instruments import Instruments, RecordsTraffic
from solaris.gateway.settlement.heartbeat import LeaseHeartbeat
from solaris.gateway.settlement.queue import SettlementQueue
from solaris.gateway.upstream_log import event_fields
from solaris.gateway.usage.hidden_output import expected_hidden_output
from solaris.gateway.usage.stream_usage import StreamUsage
from solaris.ledger.records import Charge, Ending, Hold, Usage
from solaris.platform.logs import Log

_RELEASED = "released"
_MAX_CAUSE_CHARACTERS = 500
_MAX_ALERTED_USERS = 10_000

OnCharged = Callable[[UUID, Charge], None]


@dataclass(slots=True)
class CallTimes:
    """Timestamps of a call on the performance counter; zero means not yet."""

    arrived: float = field(default_factory=time.perf_counter)
    forwarded: float = 0.0
    first_byte: float = 0.0
    answered: float = 0.0

    def on_sent(self) -> None:
        """Record that the request was sent to LiteLLM."""
        self.forwarded = time.perf_counter()


@dataclass(slots=True)
class Outcome:
    """Result of a call.

    `hidden_output` is the number of output tokens beyond the visible text that the provider
    counted; None if it did not report them.
    """

    counts: TokenCounts
    ending: Ending
    estimated: bool
    model_answered: str | None = None
    cost_usd: Decimal | None = None
    hidden_output: int | None = None


class _PendingAlerts:
    """Highest alert per user that no response has shown yet, because its headers had been sent.

    GET /api/tokens/current shows an alert in any case until it is acknowledged.
    """

    def __init__(self) -> None:
        self._percents: dict[UUID, int] = {}

    def put(self, user_id: UUID, percent: int) -> None:
        """Keep this threshold for the user's next response."""
        if len(self._percents) >= _MAX_ALERTED_USERS and user_id not in self._percents:
            self._percents.pop(next(iter(self._percents)))
        self._percents[user_id] = max(percent, self._percents.get(user_id, 0))

    def take(self, user_id: UUID) -> int | None:
        """Remove and return the threshold to show, if any."""
        return self._percents.pop(user_id, None)


class CallRecorder:
    """Starts and ends the calls of this process in the ledger, and reports each charge.

    A charge is counted in the metrics, passed to each callback of `on_charged` in order, and
    logged. The callbacks return at once.
    """

    def __init__(
        self,
        settlement_queue: SettlementQueue,
        heartbeat: LeaseHeartbeat,
        instruments: Instruments,
        traffic: RecordsTraffic,
        log: Log,
        on_charged: Sequence[OnCharged],
    ) -> None:
        self._queue = settlement_queue
        self._heartbeat = heartbeat
        self._instruments = instruments
        self._traffic = traffic
        self._log = log
        self._on_charged = tuple(on_charged)
        self._alerts = _PendingAlerts()
        self._running: set[tuple[UUID, str]] = set()

    def start(self, call: AdmittedCall, stream_usage: StreamUsage) -> None:
        """Start renewing the call's hold."""
        self._running.add(_key(call))
        hidden = partial(_hidden_so_far, call, stream_usage) if call.model.hidden_output_tokens else None
        self._heartbeat.add(
            call.hold, stream_usage, prompt_echo_tokens=call.prompt_echo_tokens, expected_hidden_output=hidden
        )

    async def release(self, call: AdmittedCall, times: CallTimes, *, error: bool = True) -> None:
        """Release the hold: the call costs nothing.

        `error` is False if the caller caused the failure or left.
        """
        if not self._finish(call):
            return
        self._instruments.count_charge(call.model.label, _RELEASED, 0)
        # The label, not the name: a failed call may carry any name that a caller made up.
        self._observe(call, times, call.model.label, error=error)
        await self._queue.release(call.hold)

    def settle(self, call: AdmittedCall, times: CallTimes, outcome: Outcome) -> "asyncio.Future[Charge | None]":
        """Charge the call.

        The future's result is None if the ledger has not committed it in two seconds (it is then
        retried), or refuses it.
        """
        self._running.discard(_key(call))
        self._observe(call, times, call.model.name, error=False)
        return self._queue.settle(call.hold, _usage(outcome, times), partial(self._on_charge, call.model.label))

    def settle_later(
        self, call: AdmittedCall, times: CallTimes, outcome: Outcome
    ) -> "asyncio.Future[Charge | None] | None":
        """Charge the call in the background.

        The alerts it raises are shown with the user's next response. Returns the future of the
        first try, or None if the call has already ended.
        """
        if not self._finish(call):
            return None
        self._observe(call, times, call.model.name, error=outcome.ending is Ending.UPSTREAM_ERROR)

        def on_charge(hold: Hold, usage: Usage, charge: Charge) -> None:
            self.report_charge(call.model.label, hold.user_id, usage, charge)
            if charge.crossed_percent:
                self._alerts.put(hold.user_id, max(charge.crossed_percent))

        return self._queue.start_settle(call.hold, _usage(outcome, times), on_charge)

    def log_failure(self, call: AdmittedCall, error: SolarisError) -> None:
        """Log a call that failed for a reason other than the caller, with its cause."""
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

    def log_broken_stream(self, call: AdmittedCall, error: object) -> None:
        """Log a stream that broke off at LiteLLM, with the error event or None.

        The event's text is logged at debug level only.
        """
        cause = "the connection broke off" if error is None else "an error event"
        self._log.debug("model_stream_said", user_id=call.hold.user_id, model=call.model.name, error=error)
        self._log.warning(
            "model_stream_broken", user_id=call.hold.user_id, model=call.model.name, cause=cause, **event_fields(error)
        )

    def _finish(self, call: AdmittedCall) -> bool:
        """Return True for the first ending of a call.

        A request that is cancelled while it ends tries to end the call again; that changes nothing.
        """
        key = _key(call)
        if key not in self._running:
            return False
        self._running.discard(key)
        return True

    def take_alert(self, call: AdmittedCall, charge: Charge | None) -> int | None:
        """Return the highest alert to show in this response, from its charge or an earlier call."""
        crossed = () if charge is None else charge.crossed_percent
        pending = self._alerts.take(call.hold.user_id)
        if not crossed:
            return pending
        return max(*crossed, pending or 0)

    def _on_charge(self, label: str, hold: Hold, usage: Usage, charge: Charge) -> None:
        self.report_charge(label, hold.user_id, usage, charge)

    def report_charge(self, label: str, user_id: UUID, usage: Usage, charge: Charge) -> None:
        """Count the charge under the model's `label`, invoke `on_charged` and log it."""
        self._instruments.count_charge(label, usage.ending.value, charge.tokens_charged)
        for on_charged in self._on_charged:
            on_charged(user_id, charge)
        self._log.info(
            "token_consumption",
            user_id=user_id,
            tokens_consumed=charge.tokens_charged,
            tokens_remaining=charge.wallet.remaining,
            model=charge.model_asked,
            response_time=usage.duration_ms,
        )

    def _observe(self, call: AdmittedCall, times: CallTimes, model: str, *, error: bool) -> None:
        now = time.perf_counter()
        answered, first_byte = times.answered or now, times.first_byte or now
        # Time to LiteLLM's first byte; for an unstreamed response, to its end.
        litellm = max(0.0, first_byte - (times.forwarded or times.arrived))
        streamed = answered - first_byte
        overhead = max(0.0, answered - times.arrived - litellm - streamed)
        self._instruments.observe_latency(overhead, litellm)
        self._traffic.note(model, call.front_end, error=error, proxy_ms=overhead * 1000, litellm_ms=litellm * 1000)


def _hidden_so_far(call: AdmittedCall, stream_usage: StreamUsage, seen: int) -> int:
    """Expected hidden output; zero once the provider has reported its counts."""
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
