"""The calls that the simulator received, for tests: their number, the latest ones, and how they ended."""

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

_KEPT_CALLS = 50
_KEPT_BODY_BYTES = 65_536


@dataclass
class Call:
    """One call. `outcome`: running, complete, refused (by a directive or for a wrong request), cut (by the fault), aborted
    (the client disconnected)."""

    path: str
    headers: dict[str, str]
    body: object
    outcome: str = "running"
    chunks: int = 0
    seconds: float = 0.0
    started: float = field(default_factory=time.monotonic, repr=False)

    def end(self, outcome: str) -> None:
        """Record how the call ended; only the first time counts."""
        if self.outcome == "running":
            self.outcome = outcome
            self.seconds = round(time.monotonic() - self.started, 4)


class CallLog:
    """The number of all calls, and the latest fifty."""

    def __init__(self) -> None:
        self.count = 0
        self.latest: deque[Call] = deque(maxlen=_KEPT_CALLS)

    def begin(self, path: str, headers: Mapping[str, str], body: object, size_bytes: int) -> Call:
        """Record a call; of a large body only its size."""
        kept = body if size_bytes <= _KEPT_BODY_BYTES else {"left_out_bytes": size_bytes}
        call = Call(path, {name.lower(): value for name, value in headers.items()}, kept)
        self.count += 1
        self.latest.append(call)
        return call

    @property
    def last(self) -> Call:
        """The latest call.

        Raises:
            LookupError: none has arrived.
        """
        if not self.latest:
            raise LookupError("no call has arrived")
        return self.latest[-1]

    def clear(self) -> None:
        """Delete all records."""
        self.count = 0
        self.latest.clear()

    def as_json(self) -> dict[str, object]:
        """All records, for `GET /simulator/calls`."""
        calls = [asdict(call) for call in self.latest]
        for call in calls:
            del call["started"]
        aborted = sum(call.outcome == "aborted" for call in self.latest)
        return {"count": self.count, "aborted": aborted, "last": calls[-1] if calls else None, "calls": calls}
