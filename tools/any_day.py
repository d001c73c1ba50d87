"""Runs the tests at instants at which a calendar is unlike itself, with Debian's libfaketime (`apt install libfaketime`).

    .venv/bin/python tools/any_day.py                                  tests that read a clock or name a day, at every instant
    .venv/bin/python tools/any_day.py --at "2028-02-29 23:59" -- tests/unit tests/property tests/integration
    .venv/bin/python tools/any_day.py --all --at "2026-12-31 23:59"    every test file, in batches that each begin at the instant

Python, PostgreSQL, Valkey, LiteLLM, the browser and whatever else the tests start have the same clock, which goes on from the
instant (in SOLARIS_TIMEZONE). Clocks that only measure (time-outs) are left alone. Ends with 1 where a run failed; each
run's output is in artifacts/any-day/, and files.tsv there has a line for each file and instant.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / "artifacts" / "any-day"
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
# Their files need seconds to start what they test: few share one beginning, so that midnight comes to many of them.
SLOW_FOLDERS = ("tests/integration", "tests/acceptance", "tests/browser")
SLOW_FILES_IN_A_BATCH = 5
LEANS = re.compile(
    r"datetime\.now|date\.today|time\.time\(|CURRENT_DATE|now\(\)|usage_date|timedelta\(days|first_day|period_of|local_day"
    r"|renews_at|starts_at|ends_at|run_out|_today|_month\b"
)
# They last for minutes, and what they say of days others say too.
LONG = frozenset({"test_chaos.py", "test_openapi_documents.py", "test_bench_smoke.py"})
# Under libfaketime 0.9.10 PostgreSQL's own time-outs (lock_timeout, statement_timeout) never fire; these tests wait for one.
WAITS_FOR_LOCK_TIMEOUT = (
    "tests/integration/test_migrations_beside_traffic.py::"
    "test_a_migration_that_waits_for_a_lock_keeps_no_charge_waiting_behind_it",
    "tests/integration/test_worker_jobs.py::test_a_partition_that_can_not_be_made_now_is_left_for_the_next_round",
)


@dataclass
class FileResult:
    """What became of the tests of one file."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0


def files_of(folder: str) -> list[str]:
    """The folder's test files, relative to the repository."""
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / folder).glob("test_*.py"))]


def leaning_files() -> list[str]:
    """The test files that read a clock or name a day, but for those that take minutes."""
    files = [path for folder in FOLDERS for path in files_of(folder) if Path(path).name not in LONG]
    return [path for path in files if LEANS.search((ROOT / path).read_text())]


def all_batches() -> Iterator[list[str]]:
    """Every test file, in the groups that begin together."""
    yield files_of("tests/unit")
    yield files_of("tests/property")
    for folder in SLOW_FOLDERS:
        files = files_of(folder)
        for first in range(0, len(files), SLOW_FILES_IN_A_BATCH):
            yield files[first : first + SLOW_FILES_IN_A_BATCH]


def library() -> Path:
    """libfaketime for programs of several threads."""
    found = [path for pattern in LIBRARIES for path in sorted(Path("/").glob(pattern.lstrip("/")))]
    if not found:
        raise SystemExit("any_day: libfaketime is not installed (Debian, Ubuntu: apt install libfaketime)")
    return found[0]


def run_at(instant: datetime, arguments: list[str], log: Path) -> int:
    """Run pytest from that instant on; returns its exit code. Beside `log`, its results lie in a file that ends in `.xml`."""
    offset = round(instant.timestamp() - time.time())
    environment = {
        **os.environ,
        "LD_PRELOAD": str(library()),
        # An offset: processes that start later have the same clock.
        "FAKETIME": f"{offset:+d}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DISABLE_SHM": "1",
        "PYTHONPATH": str(ROOT / "tests" / "clock"),
    }
    report = log.with_suffix(".xml")
    report.unlink(missing_ok=True)
    plugin = ("-p", "faked_pages")
    # libfaketime slows every look at a clock: LiteLLM needs longer to start.
    options = (f"--junitxml={report}", "-o", "junit_family=xunit1", "--timeout=300")
    without = [f"--deselect={test}" for test in WAITS_FOR_LOCK_TIMEOUT]
    command = [sys.executable, "-m", "pytest", *plugin, *options, *without, *arguments]
    with log.open("wb") as output:
        return subprocess.run(command, cwd=ROOT, env=environment, stdout=output, stderr=output, check=False).returncode


def results_in(report: Path) -> dict[str, FileResult]:
    """The results by file that pytest wrote to `report`; none where it was ended before."""
    results: dict[str, FileResult] = {}
    if not report.exists():
        return results
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - our own file
        result = results.setdefault(case.get("file", "?"), FileResult())
        result.seconds += float(case.get("time", 0))
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            result.failed += 1
        elif "skipped" in kinds:
            result.skipped += 1
        else:
            result.passed += 1
    return results


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _keep(text: str, results: dict[str, FileResult]) -> None:
    with (LOGS / "files.tsv").open("a") as table:
        for path, result in results.items():
            counts = f"{result.passed} passed\t{result.failed} failed\t{result.skipped} skipped"
            table.write(f"{text}\t{path}\t{counts}\t{result.seconds:.0f} s\n")


def run_and_say(text: str, name: str, arguments: list[str]) -> bool:
    """Run pytest at the instant `text`, print how it went, and return whether it passed; `name` tells its log from others."""
    instant = datetime.fromisoformat(text).replace(tzinfo=ZONE)
    log = LOGS / f"{instant:%Y-%m-%d_%H%M%S}{name}.log"
    began = time.monotonic()
    code = run_at(instant, arguments, log)
    results = results_in(log.with_suffix(".xml"))
    _keep(text, results)
    outcome = "passed" if code == 0 else f"FAILED ({code})"
    count = sum(result.passed for result in results.values())
    files = f"{len(results)} file{'' if len(results) == 1 else 's'}"
    _say(f"{text}  {outcome}  {count} tests in {files}  {time.monotonic() - began:.0f} s  {log.relative_to(ROOT)}")
    if code != 0:
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith(("FAILED", "ERROR")):
                _say(f"    {line}")
    return code == 0


def main() -> int:
    """Run what was asked for; print a line for each run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--at", action="append", help="an instant, such as '2028-02-29 23:59:00'; all of them without it"
    )
    parser.add_argument("--all", action="store_true", help="every test file, in batches that each begin at the instant")
    parser.add_argument(
        "pytest",
        nargs="*",
        help="arguments for pytest, of each batch with --all; the files that lean on a clock without any",
    )
    asked = parser.parse_args()
    LOGS.mkdir(parents=True, exist_ok=True)
    (LOGS / "files.tsv").unlink(missing_ok=True)
    passed = True
    for text in asked.at or INSTANTS:
        if asked.all:
            for number, files in enumerate(all_batches(), start=1):
                passed = run_and_say(text, f"-{number:02}", [*asked.pytest, *files]) and passed
        else:
            passed = run_and_say(text, "", asked.pytest or leaning_files()) and passed
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
