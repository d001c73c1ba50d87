"""The books against a judge outside of them: what the simulator, as a provider would, bills for the same calls.

The bounds are those of docs/exactness.md, "Against the provider's bill".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Literal

from solaris.local.simulator.bill import BilledCall

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
    request (`[[sim name=…]]`). `delivered_tokens`: output that callers received. `failed`: calls that were answered with an error,
    which cost nothing. Weights must all be 1.
    """
    name_of = attrgetter("name" if by == "request_id" else "trace_id")
    result = Compared()
    billed: dict[str | None, list[BilledCall]] = defaultdict(list)
    for call in bill:
        result.billed_tokens += call.total_tokens
        billed[name_of(call)].append(call)
    charged = set()
    for event in events:
        charged.add(event[by])
        result.charged_tokens += event["tokens_charged"]
        calls = billed.get(event[by], [])
        received = (delivered_tokens or {}).get(event[by], 0)
        problem = _judged(event, calls, received, result)
        if problem is not None:
            result.wrong.append(f"{problem}: {dict(event)}, billed {calls}")
    answered_with_error = set(failed)
    for name in billed.keys() - charged:
        _uncharged(name, billed[name], result, has_failed=name in answered_with_error)
    return result


def _judged(event: Mapping[str, Any], calls: Sequence[BilledCall], received: int, result: Compared) -> str | None:
    """What is wrong with one charge; None where nothing is."""
    ending = event["ending"]
    if not calls:
        if ending not in _MAY_BE_UNASKED or event["output_tokens"]:
            return "charged, and never billed"
        result.unasked += 1
        return None
    if len(calls) > 1:
        return f"charged once, billed {len(calls)} times"
    call = calls[0]
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


def _uncharged(name: str | None, calls: Sequence[BilledCall], result: Compared, *, has_failed: bool) -> None:
    """A call that was billed and not charged must have failed, here or at the provider."""
    if not has_failed and any(call.ending == "complete" for call in calls):
        result.wrong.append(f"billed, and never charged: {name} {calls}")
        return
    result.failed_calls += 1
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
