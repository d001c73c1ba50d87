"""What a provider quotes of a prompt is in no log at info and above: ours, LiteLLM's, the simulator's, PostgreSQL's."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from tests.integration.gateway_room import GatewayRoom, User, running_gateway
from tests.integration.litellm_room import log_of, running_litellm
from tests.integration.quoting_provider import WAYS, running_quoting_provider

from solaris.gateway.upstream import UpstreamLimits
from solaris.local.litellm_server import LocalModels

_KEY = f"sk-{secrets.token_hex(16)}"
_HASTE = UpstreamLimits(first_byte_seconds=2.0, idle_seconds=2.0)


@dataclass
class Chain:
    """Proxy, real LiteLLM and a provider that quotes; and what LiteLLM has printed.

    The `hasty` proxy waits two seconds for a provider that hangs, the other as long as a busy machine needs for its answer.
    """

    room: GatewayRoom
    hasty: GatewayRoom
    litellm_log: Path

    def logs(self) -> dict[str, str]:
        """Every log, ours without its debug lines."""
        written = self.room.log.getvalue() + self.hasty.log.getvalue()
        lines = [json.loads(line) for line in written.splitlines()]
        ours = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines if line["level"] != "debug")
        return {"proxy": ours, "litellm": self.litellm_log.read_text(errors="replace")}


def config_for(provider_url: str) -> str:
    def deployment(name: str, model: str, base: str) -> dict[str, object]:
        return {"model_name": name, "litellm_params": {"model": model, "api_base": base, "api_key": "sk-quoting"}}

    models = [
        deployment("quoting", "openai/quoting", provider_url + "/v1"),
        deployment("quoting-claude", "anthropic/claude-quoting", provider_url),
    ]
    return yaml.safe_dump({"model_list": models})


@pytest.fixture(scope="module")
async def provider_url() -> AsyncIterator[str]:
    async with running_quoting_provider() as url:
        yield url


@pytest.fixture(scope="module")
async def litellm(provider_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("litellm")
    async with running_litellm(folder, _KEY, LocalModels(), config=config_for(provider_url)) as running:
        yield running.url, log_of(folder)


@asynccontextmanager
async def chain(database_url: str, litellm: tuple[str, Path]) -> AsyncIterator[Chain]:
    url, log = litellm
    async with (
        running_gateway(database_url, url, limits=_HASTE, litellm_api_key=_KEY) as hasty,
        running_gateway(database_url, url, litellm_api_key=_KEY) as room,
    ):
        yield Chain(room, hasty, log)


def body_for(route: str, model: str, text: str, stream: bool) -> dict[str, object]:
    said = [{"role": "user", "content": text}]
    match route:
        case "/v1/chat/completions":
            return {"model": model, "messages": said, "stream": stream}
        case "/v1/messages":
            return {"model": model, "messages": said, "stream": stream, "max_tokens": 20}
        case "/v1/responses":
            return {"model": model, "input": text, "stream": stream}
        case "/v1/completions":
            return {"model": model, "prompt": text, "stream": stream}
        case _:
            return {"model": model, "input": text}


ROUTES = [
    ("/v1/chat/completions", "quoting", False), ("/v1/chat/completions", "quoting", True),
    ("/v1/chat/completions", "quoting-claude", False), ("/v1/chat/completions", "quoting-claude", True),
    ("/v1/messages", "quoting-claude", False), ("/v1/messages", "quoting-claude", True),
    ("/v1/messages", "quoting", True), ("/v1/responses", "quoting", False), ("/v1/responses", "quoting", True),
    ("/v1/completions", "quoting", False), ("/v1/completions", "quoting", True), ("/v1/embeddings", "quoting", False),
]  # fmt: skip


async def fail(room: GatewayRoom, user: User, route: str, model: str, way: str, word: str, stream: bool) -> str:
    """One call that fails that way; returns what the caller got."""
    text = f"way={way}; Minha senha é {word} e ninguém pode saber."
    async with room.http.post(
        room.url + route, json=body_for(route, model, text, stream), headers=user.headers
    ) as answer:
        got = await answer.text()
    return f"{answer.status} {got[:300]}"


@pytest.mark.parametrize(("route", "model", "stream"), ROUTES)
async def test_a_prompt_that_a_provider_quotes_in_its_error_is_in_no_log(
    database_url: str, litellm: tuple[str, Path], route: str, model: str, stream: bool
) -> None:
    word = f"segredo{secrets.token_hex(8)}"
    async with chain(database_url, litellm) as parts:
        user = await parts.room.user(10_000_000)
        answers = await asyncio.gather(
            *(
                fail(parts.hasty if way == "hang" else parts.room, user, route, model, way, word, stream)
                for way in WAYS
            ),
            return_exceptions=True,
        )
        failures = [answer for answer in answers if isinstance(answer, str) and not answer.startswith("200")]
        assert len(failures) >= len(WAYS) // 2, answers
        assert parts.room.logged("model_call_refused"), answers
    for name, text in parts.logs().items():
        found = [line[:400] for line in text.splitlines() if word in line]
        assert found == [], f"{name}: {len(found)} lines"
