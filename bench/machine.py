"""The machine and the versions that a run was made on. Nothing here names the machine itself."""

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

from solaris.local.litellm_environment import litellm_environment

_FLUSHES = 200
_PAGE_BYTES = 8192


def describe(database_version: str, folder: Path, pinning: str, woken_after_us: float) -> list[tuple[str, str]]:
    """Name and value, in the order of the report."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("uvicorn", "uvloop", "httptools", "aiohttp", "asyncpg"))
    return [
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("memory", f"{_memory_bytes() / 2**30:.0f} GiB"),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("disk", f"{flush_ms(folder):.2f} ms for 8 kB written and flushed (fdatasync, median)"),
        (
            "waking",
            f"{woken_after_us:.0f} µs until a process that sleeps is woken from another processor and runs (median)",
        ),
        ("load before the run", " ".join(f"{load:.2f}" for load in os.getloadavg())),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("packages", versions),
        ("PostgreSQL", database_version),
        ("LiteLLM", f"{litellm_environment().pinned()['litellm']}, one worker"),
        ("who runs where", pinning),
    ]


def flush_ms(folder: Path) -> float:
    """How long the disk takes to keep 8 kB for certain; every commit waits for this."""
    path = folder / "flush"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        os.write(descriptor, b"\0" * _PAGE_BYTES * _FLUSHES)
        os.fsync(descriptor)
        times = [_flush(descriptor, number) for number in range(_FLUSHES)]
    finally:
        os.close(descriptor)
        path.unlink()
    return 1000 * sorted(times)[len(times) // 2]


def _flush(descriptor: int, number: int) -> float:
    begun = time.perf_counter()
    os.pwrite(descriptor, b"\1" * _PAGE_BYTES, number * _PAGE_BYTES)
    os.fsync(descriptor) if not hasattr(os, "fdatasync") else os.fdatasync(descriptor)
    return time.perf_counter() - begun


def _processor() -> str:
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_bytes() -> int:
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) * 1024
    return 0


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
