"""How still the machine itself stands, without any of our servers: what every figure of a run contains.

Run as a program of its own, so that neither the load generator's threads nor its memory disturb it.
"""

import argparse
import json
import os
import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.cores import Cores

_SECONDS = 3.0
_LEAST_PAUSE_MS = 1.0
_WAKES = 300
_SECONDS_ASLEEP = 0.002
_STAMP = struct.Struct("d")
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Stillness:
    """`pauses_ms`: how long a busy process on the measured servers' processor stood still, each time over 1 ms, within
    `watched_seconds`. `wake_us`: the median time until a process that sleeps there is woken from another processor and runs."""

    pauses_ms: list[float]
    watched_seconds: float
    wake_us: float

    def __str__(self) -> str:
        often = len(self.pauses_ms) / self.watched_seconds
        longest = f", the longest {max(self.pauses_ms):.1f} ms" if self.pauses_ms else ""
        return (
            f"a process that only reads the clock is kept from it {often:.1f} times a second for over {_LEAST_PAUSE_MS:.0f} ms"
            f"{longest}; one that sleeps runs {self.wake_us:.0f} µs after it is woken (median)"
        )


def stillness(cores: Cores) -> Stillness:
    """Look for three seconds. Nothing else of the run may be busy meanwhile."""
    command = [sys.executable, "-m", "bench.pauses"]
    for option, processors in (("--measured", cores.measured), ("--others", cores.others)):
        command += [option, *map(str, sorted(processors))] if processors else []
    told = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    found = json.loads(told.stdout)
    return Stillness(found["pauses_ms"], _SECONDS, found["wake_us"])


def _pauses_ms() -> list[float]:
    pauses = []
    before = begun = time.perf_counter()
    while before - begun < _SECONDS:
        now = time.perf_counter()
        if (now - before) * 1000 > _LEAST_PAUSE_MS:
            pauses.append((now - before) * 1000)
        before = now
    return pauses


def _wake_us(cores: Cores) -> float:
    call_in, call_out = os.pipe()
    answer_in, answer_out = os.pipe()
    child = os.fork()
    if child == 0:
        cores.pin_measured(0)
        for _ in range(_WAKES):
            (sent,) = _STAMP.unpack(os.read(call_in, _STAMP.size))
            os.write(answer_out, _STAMP.pack(time.monotonic() - sent))
        os._exit(0)
    cores.pin_others()
    waits = []
    for _ in range(_WAKES):
        time.sleep(_SECONDS_ASLEEP)
        os.write(call_out, _STAMP.pack(time.monotonic()))
        waits.append(_STAMP.unpack(os.read(answer_in, _STAMP.size))[0])
    os.waitpid(child, 0)
    return 1e6 * sorted(waits)[len(waits) // 2]


def main() -> None:
    """Look, and print what was found as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.pauses", description=__doc__)
    parser.add_argument("--measured", type=int, nargs="*", default=[])
    parser.add_argument("--others", type=int, nargs="*", default=[])
    options = parser.parse_args()
    cores = Cores(frozenset(options.measured), frozenset(options.others))
    wake_us = _wake_us(cores)
    cores.pin_measured(0)
    print(json.dumps({"pauses_ms": _pauses_ms(), "wake_us": wake_us}))


if __name__ == "__main__":
    main()
