"""The simulator's bill, as a provider writes it: for every call, the tokens generated until it ended or was aborted."""

import os
import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from solaris.local.simulator.answers import Usage

_KEPT_CALLS = 20_000
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass
class BilledCall:
    """One call and its tokens so far: input includes cached, output includes reasoning.

    `name` comes from the prompt's directive; `trace_id` from its `traceparent`, which LiteLLM does
    not forward; `user` from `user` or `metadata.user_id`. `ending`: running, complete, aborted (the
    client disconnected), cut (by the fault), killed (the simulator's process ended). Refused calls
    are not billed.
    """

    number: int
    path: str
    model: str
    name: str | None
    trace_id: str | None
    user: str | None
    input_tokens: int
    cached_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    ending: str = "running"

    @property
    def total_tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens


class Bill:
    """The latest 20,000 billed calls.

    With `journal`, each change is appended to that file, and all calls survive a kill.
    """

    def __init__(self, journal: Path | None = None) -> None:
        self.calls: deque[BilledCall] = deque(maxlen=_KEPT_CALLS)
        self._count = 0
        self._file: int | None = None
        if journal is not None:
            self._reopen(journal)

    def open(
        self,
        headers: Mapping[str, str],
        body: Mapping[str, object],
        path: str,
        usage: Usage,
        *,
        name: str | None = None,
    ) -> BilledCall:
        """Add an accepted call; its prompt is billed from here on.

        `usage` is that of the whole answer.
        """
        self._count += 1
        call = BilledCall(
            number=self._count, path=path, model=str(body.get("model")), name=name, trace_id=_trace_id_of(headers),
            user=_user_of(body), input_tokens=usage.input_tokens, cached_tokens=usage.cached_tokens,
        )  # fmt: skip
        self.calls.append(call)
        self._write(asdict(call))
        return call

    def generated(self, call: BilledCall, output_tokens: int, reasoning_tokens: int) -> None:
        """Set the totals that were generated so far."""
        call.output_tokens, call.reasoning_tokens = output_tokens, reasoning_tokens
        self._write({"number": call.number, "output_tokens": output_tokens, "reasoning_tokens": reasoning_tokens})

    def end(self, call: BilledCall, ending: str) -> None:
        """Set how the call ended; only the first time counts."""
        if call.ending == "running":
            call.ending = ending
            self._write({"number": call.number, "ending": ending})

    def clear(self) -> None:
        """Delete the calls in memory."""
        self.calls.clear()

    def close(self) -> None:
        """Close the journal."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def as_json(self) -> dict[str, object]:
        """The kept calls and their sum, for `GET /simulator/bill`."""
        total = sum(call.total_tokens for call in self.calls)
        return {"calls": [asdict(call) for call in self.calls], "total_tokens": total}

    def _reopen(self, journal: Path) -> None:
        kept = read_journal(journal) if journal.exists() else []
        self.calls.extend(kept)
        self._count = max((call.number for call in kept), default=0)
        # Unbuffered: what was written survives the end of this process.
        self._file = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        # Ends a line that a kill left incomplete.
        os.write(self._file, b"\n")
        for call in kept:
            self.end(call, "killed")

    def _write(self, change: Mapping[str, object]) -> None:
        if self._file is not None:
            os.write(self._file, orjson.dumps(change) + b"\n")


def read_journal(journal: Path) -> list[BilledCall]:
    """Every call of a journal, in the order of arrival; incomplete lines are skipped."""
    calls: dict[int, BilledCall] = {}
    for change in _changes(journal.read_bytes().split(b"\n")):
        number = change["number"]
        if number in calls:
            for name, value in change.items():
                setattr(calls[number], name, value)
        elif "path" in change:
            calls[number] = BilledCall(**change)
    return list(calls.values())


def _changes(lines: Iterable[bytes]) -> Iterable[dict[str, Any]]:
    for line in lines:
        try:
            change = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        yield change


def _trace_id_of(headers: Mapping[str, str]) -> str | None:
    traced = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    return traced[1] if traced else None


def _user_of(body: Mapping[str, object]) -> str | None:
    metadata = body.get("metadata")
    named = body.get("user") or (metadata.get("user_id") if isinstance(metadata, dict) else None)
    return named if isinstance(named, str) else None
