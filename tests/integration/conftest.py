"""The real LiteLLM, once per session, with the simulator and the small real model behind it.

`litellm_url` and `litellm_api_key` reach it; `simulator` is what answers gpt-4, gpt-3.5-turbo, claude-3, gpt-3.5 and claude.
"""

import asyncio
import secrets
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from solaris.local import litellm_environment, smollm2_environment
from solaris.local.litellm_server import START_SECONDS, LocalModels, PreparedLiteLLM, prepare_litellm
from solaris.local.ports import any_free_port
from solaris.local.processes import Service
from solaris.local.simulator import Behaviour, ModelSimulator
from solaris.local.smollm2_server import Smollm2Server
from solaris.platform.settings import load_settings


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[ModelSimulator]:
    """The simulator in a thread of its own, so that it answers while a test blocks."""
    simulator = ModelSimulator()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(simulator.start(), loop).result(10)
    yield simulator
    asyncio.run_coroutine_threadsafe(simulator.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture
def simulator(running_simulator: ModelSimulator) -> ModelSimulator:
    """The simulator with its plain behaviour, and no call counted or billed yet."""
    running_simulator.behaviour = Behaviour()
    running_simulator.calls.clear()
    running_simulator.bill.clear()
    return running_simulator


@pytest.fixture(scope="session")
async def smollm2_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The small real model on llama.cpp's server, without `/v1`."""
    server = Smollm2Server(smollm2_environment.ensure_installed(print), any_free_port())
    service = Service(server.command(tmp_path_factory.mktemp("smollm2") / "log"), server.is_ready)
    await service.start()
    yield server.url
    await service.stop()


@pytest.fixture(scope="session")
def litellm_api_key() -> str:
    """The one key that LiteLLM lets in."""
    return f"sk-{secrets.token_hex(16)}"


@pytest.fixture(scope="session")
async def running_litellm(
    tmp_path_factory: pytest.TempPathFactory, running_simulator: ModelSimulator, smollm2_url: str, litellm_api_key: str
) -> AsyncIterator[PreparedLiteLLM]:
    """LiteLLM on the customer's own file and no provider key."""
    folder = tmp_path_factory.mktemp("litellm")
    settings = load_settings(_env_file=None, solaris_state_dir=folder / "state")
    prepared = prepare_litellm(
        settings,
        {"LITELLM_API_KEY": litellm_api_key, "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        environment=litellm_environment.ensure_installed(print),
        local_models=LocalModels(running_simulator.url, smollm2_url),
        port=any_free_port(),
    )
    log = folder / "log"
    service = Service(prepared.command(log), prepared.is_ready, timeout_seconds=START_SECONDS)
    await service.start()
    yield prepared
    await service.stop()
    with suppress(OSError):
        print(_tail(log))


@pytest.fixture
def litellm_url(running_litellm: PreparedLiteLLM, simulator: ModelSimulator) -> str:
    """LiteLLM's address, without `/v1`; its simulator has its plain behaviour."""
    return running_litellm.url


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])
