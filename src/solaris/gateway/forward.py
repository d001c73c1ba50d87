"""Forwards an admitted call to LiteLLM and settles its hold (DESIGN 3, steps 5 to 8)."""

import asyncio
import time
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import Any

from solaris.domain.errors import InvalidInput, ModelServiceFailed, ModelServiceUnavailable, SolarisError, Stopping
from solaris.gateway.admission import AdmittedCall
from solaris.gateway.api.base import ApiShape
from solaris.gateway.api.fields import encoded
from solaris.gateway.api.truncation import truncation_events
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
_FINAL_EVENT_SECONDS = 1.0
# A longer response is relayed as it arrives and scanned for its usage; a vector of 4,096 numbers
# has 90 kB.
_MAX_WHOLE_BYTES = 2 * 1024 * 1024
# Scanning this many bytes blocks the event loop for up to two milliseconds.
_SCANNED_AT_ONCE_BYTES = 65_536


class Forwarder:
    """Forwards admitted calls. One per process; it keeps no state of a call."""

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
        """Forward the call, respond, and settle or release the hold in every case.

        Raises:
            ModelServiceUnavailable and subclasses, UpstreamRefused: nothing sent; hold released.
        """
        stream_usage = StreamUsage(
            call.api, lambda texts: self._tokenizer.count(texts, call.model.tokenizer), keeps_usage=call.keeps_usage
        )
        self._recorder.start(call, stream_usage)
        forward = self._forward_stream if call.is_stream else self._forward_whole
        try:
            if client.writer.gone:  # nothing was sent to LiteLLM
                await self._recorder.release(call, times, error=False)
                return
            await forward(call, caller_headers, times, client, stream_usage)
        except SolarisError as condition:
            # No response was sent: the call costs nothing.
            is_ours = not _is_caller_fault(call, condition)
            if is_ours:
                self._recorder.log_failure(call, condition)
            await self._recorder.release(call, times, error=is_ours)
            raise
        except BaseException as error:
            if not times.forwarded:  # nothing was sent to LiteLLM
                await self._recorder.release(call, times, error=False)
                raise
            # Shutdown or a defect of ours: what was delivered is charged.
            self._recorder.settle_later(call, times, outcome_of_stream(call, stream_usage, Ending.PROXY_GONE))
            if not (isinstance(error, asyncio.CancelledError) and call.is_stream and client.status):
                raise
            await _send_final_event(call, client, stream_usage)

    async def _forward_whole(
        self,
        call: AdmittedCall,
        caller_headers: Mapping[bytes, bytes],
        times: CallTimes,
        client: RequestContext,
        stream_usage: StreamUsage,
    ) -> None:
        """Forward an unstreamed call, to its end: LiteLLM charges it even if the caller leaves."""
        response = await self._call_upstream(call, caller_headers, times)
        try:
            if response.is_stream:
                hold = GrowingHold(call, stream_usage, self._ledger)
                is_broken = await self._relay_stream(call, response, times, client, hold)
                await self._end_stream(call, response, times, client, hold, is_broken=is_broken)
            else:
                await self._respond(call, response, times, client)
        finally:
            response.end()

    async def _forward_stream(
        self,
        call: AdmittedCall,
        caller_headers: Mapping[bytes, bytes],
        times: CallTimes,
        client: RequestContext,
        stream_usage: StreamUsage,
    ) -> None:
        """Forward a streamed call; if the caller leaves, read it on for a while, then stop it."""
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in a task"  # noqa: S101  says so to the type checker
        disconnect = Disconnect(self._drain, client, times, task.cancel)
        try:
            response = await self._call_until_disconnect(call, caller_headers, times, disconnect)
            if response is None:
                if times.forwarded:
                    self._recorder.settle_later(call, times, outcome_of_stream(call, stream_usage, Ending.CLIENT_GONE))
                else:
                    await self._recorder.release(call, times, error=False)
                return
            try:
                if response.is_stream:
                    disconnect.set_stop(response.end)
                    # Inline: each part of a stream would pass through a method's frame.
                    hold = GrowingHold(call, stream_usage, self._ledger)
                    is_broken = await self._relay_stream(call, response, times, client, hold)
                    await self._end_stream(call, response, times, client, hold, is_broken=is_broken)
                else:
                    disconnect.end()
                    await self._respond(call, response, times, client)
            finally:
                response.end()
        finally:
            disconnect.end()

    async def _call_until_disconnect(
        self, call: AdmittedCall, caller_headers: Mapping[bytes, bytes], times: CallTimes, disconnect: Disconnect
    ) -> UpstreamResponse | None:
        """Call LiteLLM; None if the caller left and no response came in the time that follows."""
        try:
            return await self._call_upstream(call, caller_headers, times)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not disconnect.is_expired or task is None:
                raise
            task.uncancel()
            return None

    def _call_upstream(
        self, call: AdmittedCall, caller_headers: Mapping[bytes, bytes], times: CallTimes
    ) -> Coroutine[Any, Any, UpstreamResponse]:
        payload = encoded(call.body)
        call.body.clear()
        return self._upstream.call(call.api.route, payload, caller_headers, times.on_sent)

    async def _respond(
        self, call: AdmittedCall, response: UpstreamResponse, times: CallTimes, client: RequestContext
    ) -> None:
        body, is_whole = await response.start(_MAX_WHOLE_BYTES)
        times.first_byte = times.answered = time.perf_counter()
        if not is_whole:
            await self._relay_large(call, response, body, times, client)
            return
        outcome = outcome_of_answer(call, body, response.header(_COST_HEADER), self._tokenizer)
        if client.writer.gone:
            outcome.ending = Ending.CLIENT_GONE
        self._hidden_output.record_sample(
            call.model.name, outcome.hidden_output, is_pattern_name=call.model.pattern is not None
        )
        charge = await self._recorder.settle(call, times, outcome)
        await client.answer([_JSON, *self._call_headers(call, charge)], body)

    async def _relay_large(
        self, call: AdmittedCall, response: UpstreamResponse, start: bytes, times: CallTimes, client: RequestContext
    ) -> None:
        """Relay a response of any length; only its last part waits for the charge."""
        if not start.lstrip().startswith(b"{"):
            raise ModelServiceFailed(FAILED_MESSAGE) from ValueError("a large answer that is no JSON object")
        scanner = ResponseScanner()
        ending = Ending.UPSTREAM_ERROR
        try:
            last = await self._relay(call, response, start, client, scanner)
            ending = Ending.CLIENT_GONE if client.gone else Ending.COMPLETE
        except asyncio.CancelledError as error:
            ending = Ending.PROXY_GONE
            raise Stopping(STOPPING_MESSAGE) from error
        finally:
            # Charged also if the response broke off: then the connection closes early.
            times.answered = time.perf_counter()
            outcome = outcome_of_large_answer(call, scanner, response.header(_COST_HEADER), ending)
            settlement = self._recorder.settle_later(call, times, outcome)
        if settlement is not None:
            await asyncio.wait([settlement], timeout=_FINAL_EVENT_SECONDS)
        await client.part(last, more=False)

    async def _relay(
        self,
        call: AdmittedCall,
        response: UpstreamResponse,
        start: bytes,
        client: RequestContext,
        scanner: ResponseScanner,
    ) -> bytes:
        """Relay all but the last part, which is returned."""
        length = response.length
        length_headers = [] if length is None else [(b"content-length", b"%d" % length)]
        response.on_first_byte()
        await client.begin([_JSON, *length_headers, *self._call_headers(call, None)])
        part = start
        while True:
            for offset in range(0, len(part), _SCANNED_AT_ONCE_BYTES):
                scanner.feed(part[offset : offset + _SCANNED_AT_ONCE_BYTES])
                await asyncio.sleep(0)
            next_part = await response.next_part()
            if not next_part:
                return part
            await client.part(part, more=True)
            part = next_part

    def _call_headers(self, call: AdmittedCall, charge: Charge | None) -> Headers:
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
        response: UpstreamResponse,
        times: CallTimes,
        client: RequestContext,
        hold: GrowingHold,
        *,
        is_broken: bool,
    ) -> None:
        """Charge the stream and send its end. `is_broken`: the provider broke it off."""
        stream_usage, writer = hold.stream_usage, client.writer
        times.answered = time.perf_counter()
        if hold.cut is not None:
            response.end()
            await self._end_at_limit(call, times, client, hold)
            return
        # A missing part is due to the caller if they left and we stopped it, else to the provider.
        cut = writer.gone and response.ended_here and stream_usage.error is None
        ending = ending_of_stream(stream_usage, gone=cut, failed=is_broken)
        if writer.gone and ending is not Ending.UPSTREAM_ERROR:
            ending = Ending.CLIENT_GONE
        outcome = outcome_of_stream(call, stream_usage, ending)
        self._hidden_output.record_sample(
            call.model.name, outcome.hidden_output, is_pattern_name=call.model.pattern is not None
        )
        if ending is Ending.UPSTREAM_ERROR:
            self._recorder.log_broken_stream(call, stream_usage.error)
        if ending is Ending.UPSTREAM_ERROR and outcome.counts.output == 0:
            # It broke off before any output: a failed call costs nothing.
            await self._recorder.release(call, times)
        else:
            settlement = self._recorder.settle_later(call, times, outcome)
            if settlement is not None and stream_usage.done and not writer.gone:
                # A balance read after the last event includes the charge. If PostgreSQL is slow,
                # the charge is in the WAL a tenth of a second later, before the response ends.
                await asyncio.wait([settlement], timeout=_FINAL_EVENT_SECONDS)
        if writer.gone:
            return
        if ending is Ending.UPSTREAM_ERROR:
            await client.part(_error_event(call.api, ModelServiceFailed(INTERRUPTED_MESSAGE)), more=True)
        await client.part(stream_usage.final_event, more=False)
        await response.finish()

    async def _end_at_limit(
        self, call: AdmittedCall, times: CallTimes, client: RequestContext, hold: GrowingHold
    ) -> None:
        """End the stream as one that reached its output limit: the balance does not cover more."""
        ending = Ending.CLIENT_GONE if client.gone else Ending.OUT_OF_TOKENS
        outcome = outcome_of_stream(call, hold.stream_usage, ending, end=hold.cut)
        settlement = self._recorder.settle_later(call, times, outcome)
        if settlement is not None and not client.gone:
            await asyncio.wait([settlement], timeout=_FINAL_EVENT_SECONDS)
        if client.gone:
            return
        if not client.status:
            await client.begin([*_STREAM_HEADERS, *self._call_headers(call, None)])
        last = truncation_events(
            call.api.route,
            hold.first,
            hold.recent,
            outcome.counts,
            choices=call.estimate.limit.choices,
            keeps_usage=call.keeps_usage,
        )
        await client.part(last, more=False)

    async def _relay_stream(
        self,
        call: AdmittedCall,
        response: UpstreamResponse,
        times: CallTimes,
        client: RequestContext,
        hold: GrowingHold,
    ) -> bool:
        """Relay a stream to its end; returns whether the provider broke it off.

        Raises:
            ModelServiceUnavailable and subclasses: before any response was sent.
        """
        stream_usage, writer = hold.stream_usage, client.writer
        try:
            while part := await response.next_part():
                ready = stream_usage.feed(part) if hold.covers(part) else await hold.feed(part)
                if not client.status:
                    await self._begin_stream(call, response, times, client, stream_usage)
                if ready:
                    await client.part(ready, more=True)
                if stream_usage.error is not None:
                    response.end()
                    return False
                if stream_usage.done or hold.cut is not None:
                    return False
                if writer.gone and is_beyond_hold(call, stream_usage.output_tokens_so_far(exact=False)):
                    # No caller reads it, and no tokens are held for more.
                    response.end()
                    return False
            await _relay_rest(client, stream_usage)
        except ModelServiceUnavailable:
            if not (response.ended_here or client.status):
                raise
            return not response.ended_here
        return False

    async def _begin_stream(
        self,
        call: AdmittedCall,
        response: UpstreamResponse,
        times: CallTimes,
        client: RequestContext,
        stream_usage: StreamUsage,
    ) -> None:
        times.first_byte = time.perf_counter()
        response.on_first_byte()
        if stream_usage.error is not None:
            # The first event is an error: respond with that error.
            raise condition_in_stream(stream_usage.error) from ValueError("the stream's first event is an error")
        await client.begin([*_STREAM_HEADERS, *self._call_headers(call, None)])


async def _relay_rest(client: RequestContext, stream_usage: StreamUsage) -> None:
    """Relay what remains of a stream that the provider closed without a last event."""
    if not client.status:
        raise ModelServiceFailed(FAILED_MESSAGE) from ValueError("an empty stream")
    rest = stream_usage.close()
    if rest:
        await client.part(rest, more=True)


def _is_caller_fault(call: AdmittedCall, condition: SolarisError) -> bool:
    """Whether the caller caused the error: a bad request, or an unknown name under a pattern."""
    if isinstance(condition, ModelUnknownUpstream):
        return call.model.pattern is not None
    return isinstance(condition, InvalidInput)


async def _send_final_event(call: AdmittedCall, client: RequestContext, stream_usage: StreamUsage) -> None:
    """Send the last event when this process stops: an error if the stream is incomplete."""
    is_complete = stream_usage.done and stream_usage.error is None
    last = stream_usage.final_event if is_complete else _error_event(call.api, Stopping(STOPPING_MESSAGE))
    with suppress(TimeoutError):
        async with asyncio.timeout(_FINAL_EVENT_SECONDS):
            await client.part(last, more=False)


def _error_event(api: ApiShape, error: SolarisError) -> bytes:
    _, kind = status_of(error)
    return api.error_event(error_body(error.message, kind, error.code))
