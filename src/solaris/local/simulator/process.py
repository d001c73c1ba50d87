"""The simulator as a process of its own: how it is started, and what runs in it."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from solaris.local.processes import Command, Layer, http_answers
from solaris.local.simulator.behaviour import Behaviour
from solaris.local.simulator.server import ModelSimulator

START_SECONDS = 90.0
_STOP_SECONDS = 3.0


@dataclass(frozen=True)
class SimulatorProcess:
    """The simulator, ready to be started as a child: `solaris simulator`."""

    port: int
    options: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Where it will answer, without `/v1`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command line."""
        return (sys.executable, "-m", "solaris.cli.main", "simulator", "--port", str(self.port), *self.options)

    def command(self, log: Path, variables: Mapping[str, str] = os.environ) -> Command:
        """The child process. Of our variables it gets the path and its own defaults alone."""
        kept = {name: value for name, value in variables.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
        own = {name: value for name, value in variables.items() if name.startswith("SOLARIS_SIMULATOR_")}
        return Command(
            name="simulator",
            arguments=self.arguments,
            environment={**kept, **own},
            log=log,
            stop_seconds=_STOP_SECONDS,
            layer=Layer.MODELS,
        )

    async def is_ready(self) -> bool:
        """Whether it answers."""
        return await http_answers(f"{self.url}/health")


def run_simulator(behaviour: Behaviour, host: str, port: int, journal: Path | None = None) -> None:
    """Serve until a signal ends it. Raises OSError where the port is taken, or the bill's journal can't be written."""
    import uvloop

    uvloop.run(_serve(behaviour, host, port, journal))


async def _serve(behaviour: Behaviour, host: str, port: int, journal: Path | None) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    async with ModelSimulator(behaviour, host=host, port=port, journal=journal) as simulator:
        sys.stdout.write(f"model simulator on {simulator.url}/v1\n")
        sys.stdout.flush()
        await ended.wait()
