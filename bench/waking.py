"""What it costs on this machine to wake a process that sleeps: a call alone does it several times on its way.

Run as a program of its own, so that neither the load generator's threads nor its memory disturb it.
"""

import argparse
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

from bench.cores import Cores

_WAKES = 500
_SECONDS_ASLEEP = 0.002
_STAMP = struct.Struct("d")
_PATIENCE_SECONDS = 60


def wake_us(cores: Cores) -> float:
    """The median time until a process that sleeps on the measured servers' processor is woken from another one and runs."""
    command = [sys.executable, "-m", "bench.waking"]
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
    return float(told.stdout)


def _median_us(cores: Cores) -> float:
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
    """Measure, and print microseconds."""
    parser = argparse.ArgumentParser(prog="python -m bench.waking", description=__doc__)
    parser.add_argument("--measured", type=int, nargs="*", default=[])
    parser.add_argument("--others", type=int, nargs="*", default=[])
    options = parser.parse_args()
    print(_median_us(Cores(frozenset(options.measured), frozenset(options.others))))


if __name__ == "__main__":
    main()
