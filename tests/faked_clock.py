"""For tools/any_day.py: hands the clock that libfaketime gives this process on to the servers that the tests start.

Their commands name the whole environment of a child; nothing is inherited. Loaded by `pytest -p tests.faked_clock` alone.
"""

import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from solaris.local.processes import Command, Process

CLOCK = {name: value for name, value in os.environ.items() if name == "LD_PRELOAD" or "FAKE" in name}
_start = Process.start


def _start_with_clock(command: Command, *args: Any, output: Path | None = None) -> Process:
    return _start(replace(command, environment={**command.environment, **CLOCK}), *args, output=output)


Process.start = _start_with_clock  # type: ignore[method-assign, assignment]


def _sleep(seconds: float) -> None:
    threading.Event().wait(seconds)


# libfaketime 0.9.10 refuses the way in which Python 3.11 sleeps.
time.sleep = _sleep
