"""Which process runs on which processor: the measured server alone on one, everything else on the others."""

import os
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Cores:
    """The division. Both are empty where the system can't pin, or has one processor only."""

    measured: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset()

    @property
    def divided(self) -> bool:
        """Whether processes are pinned."""
        return bool(self.measured)

    def pin_others(self) -> None:
        """This process, and every child it starts from now on, leave the measured server's processor alone."""
        if self.divided:
            os.sched_setaffinity(0, self.others)

    def pin_measured(self, pid: int) -> None:
        """A child that has just been started is to be measured; its threads follow it."""
        if self.divided:
            # It may have ended already; the code that waits for it reports that.
            with suppress(ProcessLookupError):
                os.sched_setaffinity(pid, self.measured)


def divide() -> Cores:
    """The first processor for the measured server, the rest for the others."""
    if not hasattr(os, "sched_getaffinity"):
        return Cores()
    available = sorted(os.sched_getaffinity(0))
    if len(available) < 2:
        return Cores()
    return Cores(frozenset(available[:1]), frozenset(available[1:]))
