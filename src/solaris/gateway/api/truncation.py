"""Ends a stream whose tokens are used up, in its API's form for a reached output limit."""

from collections.abc import Callable

from solaris.domain.tokens import TokenCounts
from solaris.gateway.api.base import Json
from solaris.gateway.api.fields import nested
from solaris.gateway.api.sse import events, named_event, object_of, plain_event

_DONE = b"data: [DONE]\n\n"


def truncation_events(
    route: str, first: bytes, recent: bytes, counts: TokenCounts, *, choices: int, keeps_usage: bool
) -> bytes:
    """The events that end a stream of `route`, given its first and its most recent delivered bytes.

    Sources: OpenAI's "chat completion chunk object" (`finish_reason: length`) and
    "response.incomplete" event; Anthropic's "Streaming messages" (`stop_reason: max_tokens`).
    """
    opening = next((value for event in events(first) if (value := object_of(event)) is not None), {})
    write = _WRITERS.get(route)
    if write is not None:
        return write(opening, recent, counts)
    return _choices(route, opening, counts, choices=choices, keeps_usage=keeps_usage)


def _choices(route: str, opening: Json, counts: TokenCounts, *, choices: int, keeps_usage: bool) -> bytes:
    frame: Json = {
        key: opening[key] for key in ("id", "object", "created", "model", "system_fingerprint") if key in opening
    }
    content: Json = {"delta": {}} if route.endswith("chat/completions") else {"text": ""}
    ends = [
        {"index": index, **content, "logprobs": None, "finish_reason": "length"} for index in range(max(1, choices))
    ]
    closing: list[Json] = [{**frame, "choices": ends}]
    if keeps_usage:
        usage = {
            "prompt_tokens": counts.input,
            "completion_tokens": counts.output,
            "total_tokens": counts.input + counts.output,
        }
        closing.append({**frame, "choices": [], "usage": usage})
    return b"".join(map(plain_event, closing)) + _DONE


def _message(_opening: Json, recent: bytes, counts: TokenCounts) -> bytes:
    closing = []
    for value in reversed([object_of(event) or {} for event in events(recent)]):
        kind = value.get("type")
        if kind in ("content_block_start", "content_block_delta"):
            closing.append({"type": "content_block_stop", "index": value.get("index", 0)})
        if kind in ("content_block_start", "content_block_delta", "content_block_stop", "message_start"):
            break
    closing += [
        {
            "type": "message_delta",
            "delta": {"stop_reason": "max_tokens", "stop_sequence": None},
            "usage": {"output_tokens": counts.output},
        },
        {"type": "message_stop"},
    ]
    return b"".join(named_event(event["type"], event) for event in closing)


def _response(opening: Json, recent: bytes, counts: TokenCounts) -> bytes:
    numbers = [(object_of(event) or {}).get("sequence_number") for event in events(recent)]
    number = max((number for number in numbers if isinstance(number, int)), default=0) + 1
    response: Json = {
        **nested(opening, "response"),
        "status": "incomplete",
        "incomplete_details": {"reason": "max_output_tokens"},
        "usage": {
            "input_tokens": counts.input,
            "input_tokens_details": {"cached_tokens": counts.cached_input},
            "output_tokens": counts.output,
            "output_tokens_details": {"reasoning_tokens": counts.reasoning},
            "total_tokens": counts.input + counts.output,
        },
    }
    kind = "response.incomplete"
    return named_event(kind, {"type": kind, "sequence_number": number, "response": response})


_WRITERS: dict[str, Callable[[Json, bytes, TokenCounts], bytes]] = {
    "/v1/messages": _message,
    "/v1/responses": _response,
}
