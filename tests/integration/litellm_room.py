"""The real LiteLLM for a test file, with a configuration of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from solaris.local import litellm_environment
from solaris.local.litellm_server import START_SECONDS, LocalModels, PreparedLiteLLM, prepare_litellm
from solaris.local.ports import any_free_port
from solaris.local.processes import Service
from solaris.platform.settings import load_settings


def log_of(folder: Path) -> Path:
    """The log of the LiteLLM that runs in this folder."""
    return folder / "litellm.log"


@asynccontextmanager
async def running_litellm(
    folder: Path, api_key: str, local_models: LocalModels, *, config: str | None = None
) -> AsyncIterator[PreparedLiteLLM]:
    """LiteLLM until the block ends; `config` None: the product's own configuration."""
    changed = {}
    if config is not None:
        (folder / "litellm_config.yaml").write_text(config)
        changed["solaris_litellm_config"] = folder / "litellm_config.yaml"
    prepared = prepare_litellm(
        load_settings(_env_file=None, solaris_state_dir=folder / "state", **changed),
        {"LITELLM_API_KEY": api_key, "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        environment=litellm_environment.ensure_installed(print),
        local_models=local_models,
        port=any_free_port(),
    )
    service = Service(prepared.command(log_of(folder)), prepared.is_ready, timeout_seconds=START_SECONDS)
    await service.start()
    yield prepared
    await service.stop()
