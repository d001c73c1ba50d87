"""How the small local model is started: llama.cpp's own server in its own environment, on loopback."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from solaris.local.litellm_deployments import SMOLLM2_CONTEXT_TOKENS
from solaris.local.processes import Command, Layer, http_answers
from solaris.local.virtual_environment import python_of

START_SECONDS = 90.0
# Its probe waits behind calls that are being answered, one after the other: slow is not dead.
BUSY_SECONDS = 60.0
_START_SCRIPT = Path(__file__).with_name("smollm2_start.py")
_STOP_SECONDS = 3.0
_MAX_THREADS = 4


@dataclass(frozen=True)
class Smollm2Server:
    """The model, ready to be started. `environment` is what `smollm2_environment.ensure_installed` returned."""

    environment: Path
    port: int

    @property
    def url(self) -> str:
        """Where it will answer, without `/v1`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command line: at most half the machine's cores, and no more than four."""
        threads = max(1, min((os.cpu_count() or 2) // 2, _MAX_THREADS))
        python = str(python_of(self.environment))
        return (python, str(_START_SCRIPT), str(self.port), str(SMOLLM2_CONTEXT_TOKENS), str(threads))

    def command(self, log: Path, variables: Mapping[str, str] = os.environ) -> Command:
        """The child process. Of our variables it gets the path alone: it needs none of our secrets."""
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
        """Whether the model is loaded and answers."""
        return await http_answers(f"{self.url}/health")
