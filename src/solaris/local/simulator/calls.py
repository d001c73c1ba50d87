"""What arrived at the simulator, for tests: how many calls, the last of them, and how they ended."""

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

_KEPT_CALLS = 50
_KEPT_BODY_BYTES = 65_536


@dataclass
class Call:
    """One call. `outcome`: running, complete, refused (an error was asked for or deserved), cut (the fault), aborted
    (the client left)."""

    path: str
    headers: dict[str, str]
    body: object
    outcome: str = "running"
    chunks: int = 0
    seconds: float = 0.0
    started: float = field(default_factory=time.monotonic, repr=False)

    def end(self, outcome: str) -> None:
        """Write down how the call ended, once."""
        if self.outcome == "running":
            self.outcome = outcome
            self.seconds = round(time.monotonic() - self.started, 4)


class CallLog:
    """The count of all calls, and the latest fifty."""

    def __init__(self) -> None:
        self.count = 0
        self.latest: deque[Call] = deque(maxlen=_KEPT_CALLS)

    def begin(self, path: str, headers: Mapping[str, str], body: object, size_bytes: int) -> Call:
        """Write down a call; of a large body only its size."""
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
        """Forget everything."""
        self.count = 0
        self.latest.clear()

    def as_json(self) -> dict[str, object]:
        """Everything that is kept, for `GET /simulator/calls`."""
        calls = [asdict(call) for call in self.latest]
        for call in calls:
            del call["started"]
        aborted = sum(call.outcome == "aborted" for call in self.latest)
        return {"count": self.count, "aborted": aborted, "last": calls[-1] if calls else None, "calls": calls}
