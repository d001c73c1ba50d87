"""The simulator as a separate process: its command, and its main function."""

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
    """Everything that is needed to start the simulator as a child: `solaris simulator`."""

    port: int
    options: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The simulator's base URL, without `/v1`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command line."""
        return (sys.executable, "-m", "solaris.cli.main", "simulator", "--port", str(self.port), *self.options)

    def command(self, log: Path, variables: Mapping[str, str] = os.environ) -> Command:
        """The child process.

        Its environment has the path and the simulator's own variables only.
        """
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
    """Serve until a signal ends it.

    Raises OSError where the port is taken, or the bill's journal can't be written.
    """
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
