"""The books against a judge outside of them: what the simulator, as a provider would, bills for the same calls.

The bounds are those of docs/exactness.md, "Against the provider's bill".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from solaris.local.simulator.bill import BilledCall

_Key = tuple[str | None, str | None, str | None]
# Endings under which the proxy may have charged a prompt that never reached the provider.
_MAY_BE_UNASKED = {"client_gone", "proxy_gone"}
# Endings whose charge covers at least what the caller received.
_COVERS_DELIVERED = {"no_usage", "upstream_error", "client_gone"}


@dataclass
class Compared:
    """The outcome of a comparison. `wrong` is empty where the books agree with the bill."""

    billed_tokens: int = 0
    charged_tokens: int = 0
    exact: Counter[str] = field(default_factory=Counter)
    within: Counter[str] = field(default_factory=Counter)
    short_tokens: Counter[str] = field(default_factory=Counter)
    failed_calls: int = 0
    failed_tokens: int = 0
    unasked: int = 0
    wrong: list[str] = field(default_factory=list)

    def text(self) -> str:
        """What was found, as sentences to paste."""
        return (
            f"The upstream's own bill: {self.billed_tokens:,} tokens; charged: {self.charged_tokens:,}. Charged exactly as billed: "
            f"{_listed(self.exact)}; estimated, within the bounds: {_listed(self.within)} (billed beyond the charge: "
            f"{_listed(self.short_tokens)} tokens). Billed and not charged, as the call failed: {self.failed_calls} calls, "
            f"{self.failed_tokens:,} tokens; prompts charged that never reached the model: {self.unasked}. Disagreement with the "
            f"upstream's own bill: {len(self.wrong)}."
        )


def compared(
    events: Iterable[Mapping[str, Any]],
    bill: Iterable[BilledCall],
    *,
    by: Literal["request_id", "trace_id"],
    delivered_tokens: Mapping[str, int] | None = None,
    failed: Iterable[str] = (),
) -> Compared:
    """Every charge beside its bill.

    `by`: how calls are matched. The proxy sends the trace id, which LiteLLM does not pass on; behind it the prompt has to name the
    request (`[[sim name=…]]`). A caller may choose the trace id, and use it for several calls: those of one user on one route are
    matched by their figures. `delivered_tokens`: output that callers received, by the id. `failed`: ids of calls that were answered
    with an error, which cost nothing. Weights must all be 1.
    """
    result = Compared()
    billed: dict[_Key, list[BilledCall]] = defaultdict(list)
    for call in bill:
        result.billed_tokens += call.total_tokens
        billed[_key_of_call(call, by)].append(call)
    charged = set()
    for event in events:
        result.charged_tokens += event["tokens_charged"]
        key = _key_of_event(event, by)
        charged.add(key)
        call = _taken(billed[key], event)
        problem = _judged(event, call, (delivered_tokens or {}).get(event[by], 0), result)
        if problem is not None:
            result.wrong.append(f"{problem}: {dict(event)}, billed {call}")
    answered_with_error = set(failed)
    for key, calls in billed.items():
        if calls and by == "request_id" and key in charged:
            result.wrong.append(f"charged once, and billed more often: {key} {calls}")
        elif calls:
            _uncharged(calls, result, has_failed=key[0] in answered_with_error)
    return result


def _key_of_call(call: BilledCall, by: str) -> _Key:
    return (call.name, None, None) if by == "request_id" else (call.trace_id, call.user, call.path)


def _key_of_event(event: Mapping[str, Any], by: str) -> _Key:
    return (event[by], None, None) if by == "request_id" else (event[by], str(event["user_id"]), event["route"])


def _taken(calls: list[BilledCall], event: Mapping[str, Any]) -> BilledCall | None:
    """The call that this charge is for, taken from its likes: the one that agrees, else the first."""
    if not calls:
        return None
    taken = next((call for call in calls if _is_exact(event, call)), calls[0])
    calls.remove(taken)
    return taken


def _judged(event: Mapping[str, Any], call: BilledCall | None, received: int, result: Compared) -> str | None:
    """What is wrong with one charge; None where nothing is."""
    ending = event["ending"]
    if call is None:
        if ending not in _MAY_BE_UNASKED or event["output_tokens"]:
            return "charged, and never billed"
        result.unasked += 1
        return None
    if _is_exact(event, call):
        result.exact[ending] += 1
        return None
    if ending == "complete" or not event["estimated"]:
        return "charged by the provider's count, and otherwise than billed"
    result.within[ending] += 1
    result.short_tokens[ending] += call.output_tokens - event["output_tokens"]
    return _out_of_bounds(event, call, received)


def _out_of_bounds(event: Mapping[str, Any], call: BilledCall, received: int) -> str | None:
    """Which bound an estimated charge breaks. Prompts are texts here, in a vocabulary that we have: their estimate is exact.

    Of an estimate's output, reasoning is what the model hides on average: a guess about one call, which may lie beyond its bill.
    """
    text = event["output_tokens"] - event["reasoning_tokens"]
    if event["input_tokens"] != call.input_tokens:
        return "the prompt's estimate is not what was billed"
    if text > call.output_tokens:
        return "charged more than was generated"
    if event["ending"] in _COVERS_DELIVERED and text < received:
        return f"charged less than the {received} tokens that its caller received"
    if event["ending"] == "no_usage" and text != call.output_tokens - call.reasoning_tokens:
        return "a whole answer was delivered, and its text charged otherwise"
    return None


def _uncharged(calls: Sequence[BilledCall], result: Compared, *, has_failed: bool) -> None:
    """A call that was billed and not charged must have failed, here or at the provider."""
    if not has_failed and any(call.ending == "complete" for call in calls):
        result.wrong.append(f"billed, and never charged: {calls}")
        return
    result.failed_calls += len(calls)
    result.failed_tokens += sum(call.total_tokens for call in calls)


def _is_exact(event: Mapping[str, Any], call: BilledCall) -> bool:
    booked = (event["input_tokens"], event["cached_input_tokens"], event["output_tokens"])
    if booked != (call.input_tokens, call.cached_tokens, call.output_tokens):
        return False
    # Anthropic's usage does not tell how much of the output was thought, at the provider or on the caller's side.
    is_told = "/v1/messages" not in {call.path, event.get("route")}
    return event["reasoning_tokens"] == (call.reasoning_tokens if is_told else 0)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())) or "none"
