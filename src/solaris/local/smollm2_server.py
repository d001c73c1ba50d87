"""Starts the small local model: llama.cpp's server in its own environment, on loopback."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from solaris.local.litellm_deployments import SMOLLM2_CONTEXT_TOKENS
from solaris.local.processes import Command, Layer, http_answers
from solaris.local.virtual_environment import python_of

START_SECONDS = 90.0
# The model answers one call at a time, and the probe waits behind them: a slow answer is no hang.
BUSY_SECONDS = 60.0
_START_SCRIPT = Path(__file__).with_name("smollm2_start.py")
_STOP_SECONDS = 3.0
_MAX_THREADS = 4


@dataclass(frozen=True)
class Smollm2Server:
    """Everything that is needed to start the model.

    `environment` is the folder from `smollm2_environment.ensure_installed`.
    """

    environment: Path
    port: int

    @property
    def url(self) -> str:
        """The model's base URL, without `/v1`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command line: threads for half of the machine's cores, at most four."""
        threads = max(1, min((os.cpu_count() or 2) // 2, _MAX_THREADS))
        python = str(python_of(self.environment))
        return (python, str(_START_SCRIPT), str(self.port), str(SMOLLM2_CONTEXT_TOKENS), str(threads))

    def command(self, log: Path, variables: Mapping[str, str] = os.environ) -> Command:
        """The child process. Its environment has none of our secrets."""
        environment = {name: variables[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in variables}
        return Command(
            name="smollm2",
            arguments=self.arguments,
            environment=environment,
            log=log,
            stop_seconds=_STOP_SECONDS,
            layer=Layer.MODELS,
        )

    async def is_ready(self) -> bool:
        """Whether the model is loaded and its server answers."""
        return await http_answers(f"{self.url}/health")
