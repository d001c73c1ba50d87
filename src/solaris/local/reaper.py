"""Ends the child processes of a killed `solaris up`. A separate program; the standard library only.

It reads lines from its standard input: `+<group> <signal> <layer> <seconds>` registers a process
group, `-<group>` removes it. At the end of the input (the supervisor has ended, by kill -9 too) it
ends the registered groups layer by layer, the highest first, so that processes end before the
stores they write to. Each group gets its signal and, if it still runs after the longest `<seconds>`
of its layer, SIGKILL. The inherited lock file stays locked until this program ends, so that the
next `solaris up` can wait for it.
"""

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class StopRule:
    """How a process group is ended: its signal, its layer (the highest first), and the seconds it may take."""

    signal_number: int
    layer: int
    seconds: float


def main() -> None:
    """Read until the input ends, then end the registered groups."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    groups: dict[int, StopRule] = {}
    for line in sys.stdin:
        words = line[1:].split()
        if line.startswith("+"):
            groups[int(words[0])] = StopRule(int(words[1]), int(words[2]), float(words[3]))
        else:
            groups.pop(int(words[0]), None)
    end_all(groups)


def end_all(groups: dict[int, StopRule]) -> None:
    """End every running group, layer by layer."""
    for layer in sorted({rule.layer for rule in groups.values()}, reverse=True):
        end_together({group: rule for group, rule in groups.items() if rule.layer == layer})


def end_together(groups: dict[int, StopRule]) -> None:
    """Send each group its signal, wait for all, and send SIGKILL to those that exceed the longest time limit."""
    deadline = time.monotonic() + max(rule.seconds for rule in groups.values())
    for group, rule in groups.items():
        send(group, rule.signal_number)
    while any(is_alive(group) for group in groups):
        if time.monotonic() > deadline:
            for group in groups:
                send(group, signal.SIGKILL)
            return
        time.sleep(0.05)


def send(group: int, signal_number: int) -> None:
    """Signal a whole process group; no error where the group has ended."""
    try:
        os.killpg(group, signal_number)
    except (ProcessLookupError, PermissionError):
        return


def is_alive(group: int) -> bool:
    """Whether a process of the group still runs.

    Zombies do not count: no parent may be left to reap them.
    """
    if not Path("/proc/self/stat").exists():
        return _answers(group)
    return any(_runs_in(group, entry) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _answers(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _runs_in(group: int, process: Path) -> bool:
    try:
        state, _parent, process_group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
    except (OSError, ValueError):
        return False
    return int(process_group) == group and state not in ("Z", "X")


if __name__ == "__main__":
    main()
