"""For tools/any_day.py, which puts this folder on PYTHONPATH: every Python that the tests start loads it at its start.

It hands the clock that libfaketime gives this process on to the children whose environment is named in whole, and mends sleeping.
"""

import os
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

_FOLDER = str(Path(__file__).parent)
_CLOCK = {name: value for name, value in os.environ.items() if name == "LD_PRELOAD" or "FAKE" in name}
_start = subprocess.Popen.__init__


def _keeps_the_machines_clock(arguments: Any) -> bool:
    if not isinstance(arguments, list | tuple):
        return False
    # An isolated Python does not load this file and could not sleep; the reaper and pip read no wall clock. Node, which starts
    # Chromium for Playwright: see faked_pages.
    return "-I" in arguments[1:3] or Path(os.fspath(arguments[0])).name == "node"


def _environment(arguments: Any, given: dict[str, str] | None) -> dict[str, str]:
    environment = dict(os.environ if given is None else given)
    if _keeps_the_machines_clock(arguments):
        return {name: value for name, value in environment.items() if name not in _CLOCK}
    path = [folder for folder in environment.get("PYTHONPATH", "").split(os.pathsep) if folder and folder != _FOLDER]
    return {**environment, **_CLOCK, "PYTHONPATH": os.pathsep.join([_FOLDER, *path])}


def _start_with_clock(self: Any, args: Any, *more: Any, **named: Any) -> None:
    named["env"] = _environment(args, named.get("env"))
    _start(self, args, *more, **named)


def _sleep(seconds: Any) -> None:
    threading.Event().wait(seconds)


if "FAKETIME" in os.environ:
    subprocess.Popen.__init__ = _start_with_clock  # type: ignore[method-assign]
    # libfaketime 0.9.10 refuses the way in which Python 3.11 sleeps (EINVAL), where it leaves the monotonic clock alone.
    time.sleep = _sleep
