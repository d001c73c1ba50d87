"""Runs the tests at instants at which a calendar is unlike itself, with Debian's libfaketime (`apt install libfaketime`).

    .venv/bin/python tools/any_day.py                                  tests that read a clock or name a day, at every instant
    .venv/bin/python tools/any_day.py --at "2028-02-29 23:59" -- tests/unit tests/property tests/integration

Python, PostgreSQL, Valkey and whatever else the tests start have the same clock, which goes on from the instant (in
SOLARIS_TIMEZONE). Clocks that only measure (time-outs) are left alone. Ends with 1 where a run failed; each run's output is in
artifacts/any-day/.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
ZONE = ZoneInfo(os.environ.get("SOLARIS_TIMEZONE", "America/Sao_Paulo"))
INSTANTS = (
    "2027-01-01 00:00:30",
    "2027-03-01 12:00:00",
    "2027-02-28 12:00:00",
    "2028-02-28 22:30:00",
    "2028-02-29 12:00:00",
    "2027-01-29 12:00:00",
    "2027-04-30 22:30:00",  # the next month by UTC
    "2027-05-31 12:00:00",
    "2026-12-31 12:00:00",
    "2026-12-31 23:59:00",
    "2028-02-29 23:59:00",
    "2027-06-14 23:59:00",
)
LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib*/faketime/libfaketimeMT.so.1")
FOLDERS = ("tests/unit", "tests/property", "tests/integration")
LEANS = re.compile(
    r"datetime\.now|date\.today|time\.time\(|CURRENT_DATE|now\(\)|usage_date|timedelta\(days|first_day|period_of|local_day"
    r"|renews_at|starts_at|ends_at|run_out|_today|_month\b"
)
# They last for minutes, and what they say of days others say too.
LONG = frozenset({"test_chaos.py", "test_openapi_documents.py", "test_bench_smoke.py"})


def leaning_files() -> list[str]:
    """The test files that read a clock or name a day, but for those that take minutes."""
    files = (path for folder in FOLDERS for path in sorted((ROOT / folder).glob("test_*.py")))
    return [str(path.relative_to(ROOT)) for path in files if path.name not in LONG and LEANS.search(path.read_text())]


def library() -> Path:
    """libfaketime for programs of several threads."""
    found = [path for pattern in LIBRARIES for path in sorted(Path("/").glob(pattern.lstrip("/")))]
    if not found:
        raise SystemExit("any_day: libfaketime is not installed (Debian, Ubuntu: apt install libfaketime)")
    return found[0]


def run_at(instant: datetime, arguments: list[str], log: Path) -> int:
    """Run pytest from that instant on; returns its exit code."""
    offset = round(instant.timestamp() - time.time())
    environment = {
        **os.environ,
        "LD_PRELOAD": str(library()),
        # An offset: processes that start later have the same clock.
        "FAKETIME": f"{offset:+d}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DISABLE_SHM": "1",
    }
    command = [sys.executable, "-m", "pytest", "-p", "tests.faked_clock", *arguments]
    with log.open("wb") as output:
        return subprocess.run(command, cwd=ROOT, env=environment, stdout=output, stderr=output, check=False).returncode


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run what was asked for; print a line for each instant."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--at", action="append", help="an instant, such as '2028-02-29 23:59:00'; all of them without it"
    )
    parser.add_argument("pytest", nargs="*", help="arguments for pytest; the files that lean on a clock without any")
    asked = parser.parse_args()
    arguments = asked.pytest or leaning_files()
    logs = ROOT / "artifacts" / "any-day"
    logs.mkdir(parents=True, exist_ok=True)
    failed = False
    for text in asked.at or INSTANTS:
        instant = datetime.fromisoformat(text).replace(tzinfo=ZONE)
        log = logs / f"{instant:%Y-%m-%d_%H%M%S}.log"
        began = time.monotonic()
        code = run_at(instant, arguments, log)
        failed = failed or code != 0
        outcome = "passed" if code == 0 else f"FAILED ({code})"
        _say(f"{text}  {outcome}  {time.monotonic() - began:.0f} s  {log.relative_to(ROOT)}")
        if code != 0:
            lines = log.read_text(errors="replace").splitlines()
            for line in lines:
                if line.startswith(("FAILED", "ERROR")):
                    _say(f"    {line}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
