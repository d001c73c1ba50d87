"""Where the proxy spends its time, sampled by py-spy (optional, installed by hand: it is no dependency of the product)."""

import asyncio
import re
import shutil
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.findings import Table

_SAMPLES_PER_SECOND = 100
_MAX_FUNCTIONS = 25
_MIN_SHARE = 0.01
_GARBAGE = "gc_collect_main"
# Threads that wait for work are no work.
_WAITING = ("WorkerThread", "Condition.wait")
# The deepest Python frame decides whose time a sample is; the first pattern that fits names it.
_OWNERS = (
    ("gateway: token counting", r"solaris/gateway/estimate/"),
    ("gateway", r"solaris/gateway/"),
    ("ledger", r"solaris/ledger/"),
    ("auth", r"solaris/(?:auth|users|models)/"),
    ("log line", r"structlog|solaris/platform/logs"),
    ("metrics", r"prometheus_client|solaris/platform/(?:fast_)?metrics"),
    ("platform", r"solaris/platform/"),
    ("solaris, other", r"solaris/"),
    ("asyncpg", r"asyncpg"),
    ("aiohttp client", r"aiohttp|yarl|multidict"),
    ("uvicorn", r"uvicorn"),
    ("starlette and fastapi", r"starlette|fastapi"),
    ("redis client", r"redis"),
    ("event loop (uvloop), sockets", r"asyncio/runners|uvloop"),
    ("asyncio", r"asyncio/"),
)


def find_tool() -> Path | None:
    """py-spy, on PATH or beside this interpreter."""
    beside = Path(sys.executable).with_name("py-spy")
    found = shutil.which("py-spy")
    return Path(found) if found else beside if beside.exists() else None


@asynccontextmanager
async def sampling(tool: Path, pid: int, folder: Path, seconds: float) -> AsyncIterator[dict[str, int]]:
    """Sample a process while the body runs; the stacks (frames joined by `;`) and their counts are there afterwards."""
    output = folder / "profile.txt"
    options = ("--duration", f"{seconds:.0f}", "--rate", str(_SAMPLES_PER_SECOND), "--format", "raw", "--native")
    process = await asyncio.create_subprocess_exec(
        *(str(tool), "record", "--pid", str(pid), *options, "--output", str(output)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    stacks: dict[str, int] = {}
    yield stacks
    await process.wait()
    if output.exists():
        for line in output.read_text().splitlines():
            stack, _, count = line.rpartition(" ")
            if not any(sign in stack for sign in _WAITING):
                stacks[stack] = stacks.get(stack, 0) + int(count)


def tables(stacks: dict[str, int], per_second: float) -> list[Table]:
    """Whose time it was, and the product's functions in which most of it was spent (their callees included)."""
    total = sum(stacks.values())
    if total == 0:
        return []
    owners: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    for stack, count in stacks.items():
        frames = stack.split(";")
        owners[_owner(frames)] += count
        for name in {_named(frame) for frame in frames if "solaris/" in frame and "solaris/cli" not in frame}:
            functions[name] += count
    us = 1e6 / per_second if per_second else 0.0
    note = f"{total:,} samples under 64 connections ({per_second:,.0f} calls/s while sampled)."
    return [
        Table(
            "Profile of the proxy: whose time it is", ("part", "share", "≈ µs per call"), _rows(owners, total, us), note
        ),
        Table(
            "Profile of the proxy: functions, callees included",
            ("function", "share", "≈ µs per call"),
            _rows(functions, total, us)[:_MAX_FUNCTIONS],
        ),
    ]


def _rows(counts: Counter[str], total: int, us: float) -> list[tuple[str, ...]]:
    return [
        (name, f"{100 * count / total:.1f} %", f"{us * count / total:,.0f}")
        for name, count in counts.most_common()
        if count / total >= _MIN_SHARE
    ]


def _owner(frames: list[str]) -> str:
    if any(_GARBAGE in frame for frame in frames[-3:]):
        return "garbage collector"
    frame = next((frame for frame in reversed(frames) if ".py" in frame), frames[-1])
    return next((name for name, pattern in _OWNERS if re.search(pattern, frame)), "standard library and other")


def _named(frame: str) -> str:
    found = re.match(r"(.+?) \(.*?(solaris/[^:)]+)", frame)
    return f"{found[2]} {found[1]}" if found else frame
