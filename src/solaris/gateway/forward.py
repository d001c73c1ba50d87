"""One admitted call, from LiteLLM's door to the settled hold: every ending is named and ended here (DESIGN 3, steps 5 to 8)."""

import asyncio
import time
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import Any

from solaris.domain.errors import InvalidInput, ModelServiceFailed, ModelServiceUnavailable, SolarisError, Stopping
from solaris.gateway.admission import AdmittedCall
from solaris.gateway.api.base import ApiShape
from solaris.gateway.api.fields import encoded
from solaris.gateway.api.truncation import cut_short
from solaris.gateway.drain import Disconnect, UpstreamDrain
from solaris.gateway.errors import ModelUnknownUpstream
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.gateway.growing_hold import GrowingHold
from solaris.gateway.response_headers import Headers, balance_headers, request_headers
from solaris.gateway.settlement.recorder import CallRecorder, CallTimes
from solaris.gateway.upstream import Upstream, UpstreamResponse
from solaris.gateway.upstream_errors import FAILED_MESSAGE, INTERRUPTED_MESSAGE, STOPPING_MESSAGE, condition_in_stream
from solaris.gateway.usage.hidden_output import HiddenOutput, is_beyond_hold
from solaris.gateway.usage.outcomes import (
    ending_of_stream,
    outcome_of_answer,
    outcome_of_large_answer,
    outcome_of_stream,
)
from solaris.gateway.usage.response_scanner import ResponseScanner
from solaris.gateway.usage.stream_usage import StreamUsage
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Charge, Ending
from solaris.platform.http.errors import error_body, status_of
from solaris.platform.http.request_context import RequestContext

_COST_HEADER = "x-litellm-response-cost"
_JSON = (b"content-type", b"application/json")
_STREAM_HEADERS: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]
_LONGEST_FAREWELL_SECONDS = 1.0
# A longer answer is passed on as it comes, and its usage looked for meanwhile; a vector of 4,096 numbers has 90 kB.
_MAX_WHOLE_BYTES = 2 * 1024 * 1024
# Looking through this much takes two milliseconds at worst, in which nothing else is done.
_SCANNED_AT_ONCE_BYTES = 65_536


class Forwarder:
    """Forwards admitted calls. One per process; each call's state lives in its own arguments."""

    def __init__(
        self,
        upstream: Upstream,
        recorder: CallRecorder,
        tokenizer: Tokenizer,
        drain: UpstreamDrain,
        hidden_output: HiddenOutput,
        ledger: Ledger,
    ) -> None:
        self._upstream = upstream
        self._recorder = recorder
        self._tokenizer = tokenizer
        self._drain = drain
        self._hidden_output = hidden_output
        self._ledger = ledger

    async def run(
        self, call: AdmittedCall, caller_headers: Mapping[bytes, bytes], times: CallTimes, client: RequestContext
    ) -> None:
        """Forward, answer, and end the hold, whatever happens.

        Raises:
            ModelServiceUnavailable and its kinds, UpstreamRefused: before anything was answered; the hold is released.
        """
        stream_usage = StreamUsage(
            call.api,
            lambda texts: self._tokenizer.count(texts, call.model.tokenizer),
            keeps_usage=call.keeps_usage,
        )
        self._recorder.start(call, stream_usage)
        forward = self._forward_stream if call.is_stream else self._forward_whole
        try:
            if client.writer.gone:
                # Nobody waits for it any more, and nothing was asked yet.
                await self._recorder.release(call, times, error=False)
                return
            await forward(call, caller_headers, times, client, stream_usage)
        except SolarisError as condition:
            # Nothing was answered: the call costs nothing.
            is_ours = not _is_callers(call, condition)
            if is_ours:
                self._recorder.log_failure(call, condition)
            await self._recorder.release(call, times, error=is_ours)
            raise
        except BaseException as error:
            if not times.forwarded:
                # Nothing was asked yet either.
                await self._recorder.release(call, times, error=False)
                raise
            # We are being stopped, or have made a mistake: what was delivered is charged all the same.
            self._recorder.settle_later(call, times, outcome_of_stream(call, stream_usage, Ending.PROXY_GONE))
            if not (isinstance(error, asyncio.CancelledError) and call.is_stream and client.status):
                raise
            await _say_goodbye(call, client, stream_usage)

    async def _forward_whole(
        self,
        call: AdmittedCall,
        caller_headers: Mapping[bytes, bytes],
        times: CallTimes,
        client: RequestContext,
        stream_usage: StreamUsage,
    ) -> None:
        """An unstreamed call goes on when its caller leaves: LiteLLM would finish, and charge, it anyway."""
        answer = await self._asked(call, caller_headers, times)
        try:
            if answer.is_stream:
                watch = GrowingHold(call, stream_usage, self._ledger)
                broke = await self._pump(call, answer, times, client, watch)
                await self._end_stream(call, answer, times, client, watch, broke=broke)
            else:
                await self._whole(call, answer, times, client)
        finally:
            answer.end()

    async def _forward_stream(
        self,
        call: AdmittedCall,
        caller_headers: Mapping[bytes, bytes],
        times: CallTimes,
        client: RequestContext,
        stream_usage: StreamUsage,
    ) -> None:
        """A streamed call is read on for a while where its caller leaves, and then stopped at LiteLLM."""
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in a task"  # noqa: S101  says so to the type checker
        departure = Disconnect(self._drain, client, times, task.cancel)
        try:
            answer = await self._asked_in_time(call, caller_headers, times, departure)
            if answer is None:
                if times.forwarded:
                    self._recorder.settle_later(call, times, outcome_of_stream(call, stream_usage, Ending.CLIENT_GONE))
                else:
                    await self._recorder.release(call, times, error=False)
                return
            try:
                if answer.is_stream:
                    departure.stops_with(answer.end)
                    # No method around the two: each part of a stream would pass through its frame.
                    watch = GrowingHold(call, stream_usage, self._ledger)
                    broke = await self._pump(call, answer, times, client, watch)
                    await self._end_stream(call, answer, times, client, watch, broke=broke)
                else:
                    departure.end()
                    await self._whole(call, answer, times, client)
            finally:
                answer.end()
        finally:
            departure.end()

    async def _asked_in_time(
        self, call: AdmittedCall, caller_headers: Mapping[bytes, bytes], times: CallTimes, departure: Disconnect
    ) -> UpstreamResponse | None:
        """None where the caller left, and LiteLLM has not answered in the time that follows."""
        try:
            return await self._asked(call, caller_headers, times)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not departure.is_over or task is None:
                raise
            task.uncancel()
            return None

    def _asked(
        self, call: AdmittedCall, caller_headers: Mapping[bytes, bytes], times: CallTimes
    ) -> Coroutine[Any, Any, UpstreamResponse]:
        payload = encoded(call.body)
        call.body.clear()
        return self._upstream.call(call.api.route, payload, caller_headers, times.on_sent)

    async def _whole(
        self, call: AdmittedCall, answer: UpstreamResponse, times: CallTimes, client: RequestContext
    ) -> None:
        body, is_whole = await answer.start(_MAX_WHOLE_BYTES)
        times.first_byte = times.answered = time.perf_counter()
        if not is_whole:
            await self._large(call, answer, body, times, client)
            return
        outcome = outcome_of_answer(call, body, answer.header(_COST_HEADER), self._tokenizer)
        if client.writer.gone:
            outcome.ending = Ending.CLIENT_GONE
        self._hidden_output.note(call.model.name, outcome.hidden_output, is_made_up=call.model.pattern is not None)
        charge = await self._recorder.settle(call, times, outcome)
        await client.answer([_JSON, *self._told(call, charge)], body)

    async def _large(
        self, call: AdmittedCall, answer: UpstreamResponse, start: bytes, times: CallTimes, client: RequestContext
    ) -> None:
        """Passes on an answer of any length. Its last part waits for the charge; its headers can't tell it."""
        if not start.lstrip().startswith(b"{"):
            raise ModelServiceFailed(FAILED_MESSAGE) from ValueError("a large answer that is no JSON object")
        scanner = ResponseScanner()
        ending = Ending.UPSTREAM_ERROR
        try:
            last = await self._pass_on(call, answer, start, client, scanner)
            ending = Ending.CLIENT_GONE if client.gone else Ending.COMPLETE
        except asyncio.CancelledError as error:
            ending = Ending.PROXY_GONE
            raise Stopping(STOPPING_MESSAGE) from error
        finally:
            # What came of it is charged, also where it broke off: then the connection ends before the answer does.
            times.answered = time.perf_counter()
            outcome = outcome_of_large_answer(call, scanner, answer.header(_COST_HEADER), ending)
            charging = self._recorder.settle_later(call, times, outcome)
        if charging is not None:
            await asyncio.wait([charging], timeout=_LONGEST_FAREWELL_SECONDS)
        await client.part(last, more=False)

    async def _pass_on(
        self,
        call: AdmittedCall,
        answer: UpstreamResponse,
        start: bytes,
        client: RequestContext,
        scanner: ResponseScanner,
    ) -> bytes:
        """Returns the last part, which is not passed on yet."""
        length = answer.length
        told = [] if length is None else [(b"content-length", b"%d" % length)]
        answer.begun()
        await client.begin([_JSON, *told, *self._told(call, None)])
        part = start
        while True:
            for place in range(0, len(part), _SCANNED_AT_ONCE_BYTES):
                scanner.feed(part[place : place + _SCANNED_AT_ONCE_BYTES])
                await asyncio.sleep(0)
            following = await answer.next_part()
            if not following:
                return part
            await client.part(part, more=True)
            part = following

    def _told(self, call: AdmittedCall, charge: Charge | None) -> Headers:
        alert = self._recorder.take_alert(call, charge)
        wallet = call.hold.wallet if charge is None else charge.wallet
        charged = None if charge is None else charge.tokens_charged
        return [
            *request_headers(call.hold.request_id),
            *balance_headers(wallet, alert_percent=alert, charged=charged),
        ]

    async def _end_stream(
        self,
        call: AdmittedCall,
        answer: UpstreamResponse,
        times: CallTimes,
        client: RequestContext,
        watch: GrowingHold,
        *,
        broke: bool,
    ) -> None:
        """Nothing more comes of a stream: charge it, and send its end. `broke`: it broke off at the provider's side."""
        stream_usage, writer = watch.stream_usage, client.writer
        times.answered = time.perf_counter()
        if watch.cut is not None:
            answer.end()
            await self._cut(call, times, client, watch)
            return
        # Where its caller has gone and we have ended it, what is missing is the caller's doing; else the provider's.
        cut = writer.gone and answer.ended_here and stream_usage.error is None
        ending = ending_of_stream(stream_usage, gone=cut, failed=broke)
        if writer.gone and ending is not Ending.UPSTREAM_ERROR:
            ending = Ending.CLIENT_GONE
        outcome = outcome_of_stream(call, stream_usage, ending)
        self._hidden_output.note(call.model.name, outcome.hidden_output, is_made_up=call.model.pattern is not None)
        if ending is Ending.UPSTREAM_ERROR:
            self._recorder.log_broken_stream(call, stream_usage.error)
        if ending is Ending.UPSTREAM_ERROR and outcome.counts.output == 0:
            # It broke before the first word: a failed call costs nothing.
            await self._recorder.release(call, times)
        else:
            charging = self._recorder.settle_later(call, times, outcome)
            if charging is not None and stream_usage.done and not writer.gone:
                # Whoever asks for the balance right after the last event finds the call charged; where PostgreSQL is slow, the
                # charge is on the disk a tenth of a second later, before anybody takes the answer for complete.
                await asyncio.wait([charging], timeout=_LONGEST_FAREWELL_SECONDS)
        if writer.gone:
            return
        if ending is Ending.UPSTREAM_ERROR:
            await client.part(_error_event(call.api, ModelServiceFailed(INTERRUPTED_MESSAGE)), more=True)
        await client.part(stream_usage.final_event, more=False)
        await answer.finish()

    async def _cut(self, call: AdmittedCall, times: CallTimes, client: RequestContext, watch: GrowingHold) -> None:
        """The wallet can't follow the stream: it ends as one that reached its output limit."""
        ending = Ending.CLIENT_GONE if client.gone else Ending.OUT_OF_TOKENS
        outcome = outcome_of_stream(call, watch.stream_usage, ending, end=watch.cut)
        charging = self._recorder.settle_later(call, times, outcome)
        if charging is not None and not client.gone:
            await asyncio.wait([charging], timeout=_LONGEST_FAREWELL_SECONDS)
        if client.gone:
            return
        if not client.status:
            await client.begin([*_STREAM_HEADERS, *self._told(call, None)])
        last = cut_short(
            call.api.route,
            watch.first,
            watch.recent,
            outcome.counts,
            choices=call.estimate.wish.choices,
            keeps_usage=call.keeps_usage,
        )
        await client.part(last, more=False)

    async def _pump(
        self, call: AdmittedCall, answer: UpstreamResponse, times: CallTimes, client: RequestContext, watch: GrowingHold
    ) -> bool:
        """Pass a stream on until nothing more comes of it; returns whether it broke off at the provider's side.

        Raises:
            ModelServiceUnavailable and its kinds: before anything was answered.
        """
        stream_usage, writer = watch.stream_usage, client.writer
        try:
            while part := await answer.next_part():
                ready = stream_usage.feed(part) if watch.covers(part) else await watch.feed(part)
                if not client.status:
                    await self._begin_stream(call, answer, times, client, stream_usage)
                if ready:
                    await client.part(ready, more=True)
                if stream_usage.error is not None:
                    answer.end()
                    return False
                if stream_usage.done or watch.cut is not None:
                    return False
                if writer.gone and is_beyond_hold(call, stream_usage.output_tokens_so_far(exact=False)):
                    # It has no reader, and nothing is set aside for more.
                    answer.end()
                    return False
            await _pass_on_rest(client, stream_usage)
        except ModelServiceUnavailable:
            if not (answer.ended_here or client.status):
                raise
            return not answer.ended_here
        return False

    async def _begin_stream(
        self,
        call: AdmittedCall,
        answer: UpstreamResponse,
        times: CallTimes,
        client: RequestContext,
        stream_usage: StreamUsage,
    ) -> None:
        times.first_byte = time.perf_counter()
        answer.begun()
        if stream_usage.error is not None:
            # The stream's first word is an error: it is answered as one.
            raise condition_in_stream(stream_usage.error) from ValueError("the stream's first event is an error")
        await client.begin([*_STREAM_HEADERS, *self._told(call, None)])


async def _pass_on_rest(client: RequestContext, stream_usage: StreamUsage) -> None:
    """The provider has closed the stream without a last event."""
    if not client.status:
        raise ModelServiceFailed(FAILED_MESSAGE) from ValueError("an empty stream")
    rest = stream_usage.close()
    if rest:
        await client.part(rest, more=True)


def _is_callers(call: AdmittedCall, condition: SolarisError) -> bool:
    """Whether the caller is to blame: for what they sent, or for a name of theirs that a pattern admits and no provider knows."""
    if isinstance(condition, ModelUnknownUpstream):
        return call.model.pattern is not None
    return isinstance(condition, InvalidInput)


async def _say_goodbye(call: AdmittedCall, client: RequestContext, stream_usage: StreamUsage) -> None:
    """The stream's last event, from a process that ends: what is complete is told to be, the rest ends in an error."""
    is_complete = stream_usage.done and stream_usage.error is None
    last = stream_usage.final_event if is_complete else _error_event(call.api, Stopping(STOPPING_MESSAGE))
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_FAREWELL_SECONDS):
            await client.part(last, more=False)


def _error_event(api: ApiShape, error: SolarisError) -> bytes:
    _, kind = status_of(error)
    return api.error_event(error_body(error.message, kind, error.code))
