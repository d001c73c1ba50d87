"""One admitted call, from LiteLLM's door to the settled hold: every ending is named and ended here (DESIGN 3, steps 5 to 8)."""

import asyncio
import time
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import Any

from solaris.domain.errors import ModelServiceFailed, ModelServiceUnavailable, SolarisError, Stopping
from solaris.gateway.admission import AdmittedCall
from solaris.gateway.answers import Headers, balance_headers, request_header
from solaris.gateway.bookkeeping import Bookkeeping, CallTimes
from solaris.gateway.dialect import Dialect
from solaris.gateway.errors import UpstreamRefused
from solaris.gateway.fields import encoded
from solaris.gateway.outcomes import ending_of_stream, outcome_of_answer, outcome_of_stream
from solaris.gateway.stream_meter import StreamMeter
from solaris.gateway.tokenizer import Tokenizer
from solaris.gateway.upstream import Answer, Upstream
from solaris.gateway.upstream_errors import FAILED_MESSAGE, INTERRUPTED_MESSAGE, STOPPING_MESSAGE, condition_in_stream
from solaris.ledger.records import Charge, Ending
from solaris.platform.errors import error_body, status_of
from solaris.platform.exchange import Exchange

_JSON = (b"content-type", b"application/json")
_STREAM_HEADERS: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]
_LONGEST_FAREWELL_SECONDS = 1.0


class Relay:
    """Forwards admitted calls. One per process; each call's state lives in its own arguments."""

    def __init__(self, upstream: Upstream, bookkeeping: Bookkeeping, tokenizer: Tokenizer) -> None:
        self._upstream = upstream
        self._books = bookkeeping
        self._tokenizer = tokenizer

    async def run(
        self, call: AdmittedCall, caller_headers: Mapping[bytes, bytes], times: CallTimes, client: Exchange
    ) -> None:
        """Forward, answer, and end the hold, whatever happens.

        Raises:
            ModelServiceUnavailable and its kinds, UpstreamRefused: before anything was answered; the hold is released.
        """
        meter = StreamMeter(
            call.dialect,
            lambda texts: self._tokenizer.count(texts, call.model.tokenizer),
            keeps_usage=call.keeps_usage,
        )
        self._books.opened(call, meter)
        forward = self._forward_stream if call.is_stream else self._forward_whole
        try:
            if client.gone:
                # Nobody waits for it any more, and nothing was asked yet.
                await self._books.released(call, times, error=False)
                return
            await forward(call, caller_headers, times, client, meter)
        except SolarisError as condition:
            # Nothing was answered: the call costs nothing.
            await self._books.released(call, times, error=not isinstance(condition, UpstreamRefused))
            raise
        except BaseException as error:
            # We are being stopped, or have made a mistake: what was delivered is charged all the same.
            self._books.settle_later(call, times, outcome_of_stream(call, meter, Ending.PROXY_GONE))
            if not (isinstance(error, asyncio.CancelledError) and call.is_stream and client.status):
                raise
            await _say_goodbye(call, client, meter)

    async def _forward_whole(
        self,
        call: AdmittedCall,
        caller_headers: Mapping[bytes, bytes],
        times: CallTimes,
        client: Exchange,
        meter: StreamMeter,
    ) -> None:
        """An unstreamed call goes on when its caller leaves: LiteLLM would finish, and charge, it anyway."""
        answer = await self._asked(call, caller_headers, times)
        try:
            if answer.is_stream:
                await self._stream(call, answer, times, client, meter)
            else:
                await self._whole(call, answer, times, client)
        finally:
            answer.end()

    async def _forward_stream(
        self,
        call: AdmittedCall,
        caller_headers: Mapping[bytes, bytes],
        times: CallTimes,
        client: Exchange,
        meter: StreamMeter,
    ) -> None:
        """A streamed call is stopped at LiteLLM as soon as its caller leaves."""
        answer = await self._asked_while_there(call, caller_headers, times, client)
        if answer is None:
            if times.forwarded:
                self._books.settle_later(call, times, outcome_of_stream(call, meter, Ending.CLIENT_GONE))
            else:
                await self._books.released(call, times, error=False)
            return
        try:
            if answer.is_stream:
                client.when_gone(answer.end)
                await self._stream(call, answer, times, client, meter)
            else:
                await self._whole(call, answer, times, client)
        finally:
            client.when_gone(None)
            answer.end()

    async def _asked_while_there(
        self, call: AdmittedCall, caller_headers: Mapping[bytes, bytes], times: CallTimes, client: Exchange
    ) -> Answer | None:
        """None where the caller left before LiteLLM answered."""
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in a task"  # noqa: S101  says so to the type checker
        client.when_gone(task.cancel)
        try:
            return await self._asked(call, caller_headers, times)
        except asyncio.CancelledError:
            if not client.gone:
                raise
            task.uncancel()
            return None
        finally:
            client.when_gone(None)

    def _asked(
        self, call: AdmittedCall, caller_headers: Mapping[bytes, bytes], times: CallTimes
    ) -> Coroutine[Any, Any, Answer]:
        payload = encoded(call.body)
        call.body.clear()
        return self._upstream.call(call.dialect.route, payload, caller_headers, times.sent)

    async def _whole(self, call: AdmittedCall, answer: Answer, times: CallTimes, client: Exchange) -> None:
        body = await answer.whole()
        times.first_byte = times.answered = time.perf_counter()
        outcome = outcome_of_answer(call, body, answer.header("x-litellm-response-cost"), self._tokenizer)
        if client.gone:
            outcome.ending = Ending.CLIENT_GONE
        charge = await self._books.settle(call, times, outcome)
        await client.answer([_JSON, *self._told(call, charge)], body)

    def _told(self, call: AdmittedCall, charge: Charge | None) -> Headers:
        alert = self._books.alert_to_tell(call, charge)
        wallet = call.hold.wallet if charge is None else charge.wallet
        charged = None if charge is None else charge.tokens_charged
        return [
            request_header(call.hold.request_id),
            *balance_headers(wallet, alert_percent=alert, charged=charged),
        ]

    async def _stream(
        self, call: AdmittedCall, answer: Answer, times: CallTimes, client: Exchange, meter: StreamMeter
    ) -> None:
        failed = False
        try:
            await self._pump(call, answer, times, client, meter)
        except ModelServiceUnavailable:
            if not (client.gone or client.status):
                raise
            failed = True
        times.answered = time.perf_counter()
        ending = ending_of_stream(meter, gone=client.gone, failed=failed)
        outcome = outcome_of_stream(call, meter, ending)
        if ending is Ending.UPSTREAM_ERROR and outcome.counts.output == 0:
            # It broke before the first word: a failed call costs nothing.
            await self._books.released(call, times)
        else:
            charging = self._books.settle_later(call, times, outcome)
            if charging is not None and meter.done and not client.gone:
                # Whoever asks for the balance right after the last event finds the call charged; where PostgreSQL is slow, the
                # charge is on the disk a tenth of a second later, before anybody takes the answer for complete.
                await asyncio.wait([charging], timeout=_LONGEST_FAREWELL_SECONDS)
        if client.gone:
            return
        if ending is Ending.UPSTREAM_ERROR:
            self._books.broken(call, meter.error)
            await client.part(_error_event(call.dialect, ModelServiceFailed(INTERRUPTED_MESSAGE)), more=True)
        await client.part(meter.farewell, more=False)
        await answer.finish()

    async def _pump(
        self, call: AdmittedCall, answer: Answer, times: CallTimes, client: Exchange, meter: StreamMeter
    ) -> None:
        while part := await answer.next_part():
            ready = meter.feed(part)
            if not client.status:
                times.first_byte = time.perf_counter()
                answer.begun()
                if meter.error is not None:
                    # The stream's first word is an error: it is answered as one.
                    raise condition_in_stream(meter.error)
                await client.begin([*_STREAM_HEADERS, *self._told(call, None)])
            if ready:
                await client.part(ready, more=True)
            if meter.error is not None:
                answer.end()
                return
            if meter.done:
                return
        if client.gone:
            return
        if not client.status:
            raise ModelServiceFailed(FAILED_MESSAGE)
        rest = meter.close()
        if rest:
            await client.part(rest, more=True)


async def _say_goodbye(call: AdmittedCall, client: Exchange, meter: StreamMeter) -> None:
    """The stream's last event, from a process that ends: what is complete is told to be, the rest ends in an error."""
    is_complete = meter.done and meter.error is None
    last = meter.farewell if is_complete else _error_event(call.dialect, Stopping(STOPPING_MESSAGE))
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_FAREWELL_SECONDS):
            await client.part(last, more=False)


def _error_event(dialect: Dialect, error: SolarisError) -> bytes:
    _, kind = status_of(error)
    return dialect.error_event(error_body(error.message, kind, error.code))
