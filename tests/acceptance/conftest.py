"""The product itself, started by `solaris up` in an empty folder, as a new user would."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from solaris.local.ports import any_free_port

READY_SECONDS = 420
SOLARIS = (str(Path(sys.executable).with_name("solaris")),)


@dataclass
class Product:
    """A running `solaris up` and what it wrote for scripts."""

    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    run: dict[str, Any]

    def user(self, email: str) -> dict[str, str]:
        return next(user for user in self.run["users"] if user["email"] == email)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One `solaris …` in the product's folder."""
        return subprocess.run(
            [*SOLARIS, *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)


def start_product(folder: Path, environment: dict[str, str]) -> Product:
    run_file = folder / ".solaris" / "run.json"
    run_file.unlink(missing_ok=True)  # a killed product leaves its own behind
    started = time.monotonic()
    with (folder / "up.log").open("ab") as log:
        process = subprocess.Popen([*SOLARIS, "up"], cwd=folder, env=environment, stdout=log, stderr=log)
    while not run_file.exists():
        if process.poll() is not None or time.monotonic() - started > READY_SECONDS:
            process.kill()
            raise AssertionError("solaris up did not become ready:\n" + (folder / "up.log").read_text())
        time.sleep(0.1)
    return Product(folder, environment, process, json.loads(run_file.read_text()))


@pytest.fixture(scope="session")
def product_environment() -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SOLARIS_", "DATABASE_", "REDIS_"))
    }
    names = ("SOLARIS_PROXY_PORT", "SOLARIS_ADMIN_PORT", "SOLARIS_LITELLM_PORT")
    ports: set[int] = set()
    while len(ports) < len(names):
        # The system may choose the same one twice.
        ports.add(any_free_port())
    return {**kept, **dict(zip(names, map(str, ports), strict=True))}


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, product_environment: dict[str, str]) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("product")
    running = start_product(folder, product_environment)
    yield running
    if running.process.poll() is None:
        running.stop()
