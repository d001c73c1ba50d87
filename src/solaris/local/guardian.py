"""Ends what a killed `solaris up` left behind. A program of its own, the standard library only.

It reads lines from its standard input: `+<group> <signal> <layer> <seconds>` when a process group was started, `-<group>` when it
was ended. When the input ends without that (the supervisor is gone, by kill -9 too), the groups left are ended layer by layer, the
highest first: whoever writes has written before the store he writes to ends. Each group gets its signal and, where it is still
there after the longest of its layer's `<seconds>`, SIGKILL. While it lives it holds the lock file it inherited, so the next
`solaris up` can wait.
"""

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ending:
    """How a process group is ended: with which signal, when (the highest layer first), and how long it may take."""

    signal_number: int
    layer: int
    seconds: float


def main() -> None:
    """Watch until the input ends, then end what is left."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    groups: dict[int, Ending] = {}
    for line in sys.stdin:
        words = line[1:].split()
        if line.startswith("+"):
            groups[int(words[0])] = Ending(int(words[1]), int(words[2]), float(words[3]))
        else:
            groups.pop(int(words[0]), None)
    end_all(groups)


def end_all(groups: dict[int, Ending]) -> None:
    """End every living group, layer by layer."""
    for layer in sorted({ending.layer for ending in groups.values()}, reverse=True):
        end_together({group: ending for group, ending in groups.items() if ending.layer == layer})


def end_together(groups: dict[int, Ending]) -> None:
    """Send each its signal, wait for all, and send SIGKILL to those that take too long."""
    deadline = time.monotonic() + max(ending.seconds for ending in groups.values())
    for group, ending in groups.items():
        send(group, ending.signal_number)
    while any(is_alive(group) for group in groups):
        if time.monotonic() > deadline:
            for group in groups:
                send(group, signal.SIGKILL)
            return
        time.sleep(0.05)


def send(group: int, signal_number: int) -> None:
    """Signal a whole process group; a group that is gone already is fine."""
    try:
        os.killpg(group, signal_number)
    except (ProcessLookupError, PermissionError):
        return


def is_alive(group: int) -> bool:
    """Whether a process of the group still runs. Zombies, which nobody may be there to collect, do not count."""
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
