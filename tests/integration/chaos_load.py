"""Users who chat without a pause, leave in the middle, and note down what they saw; and what the books must say of it."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import orjson

CHAT = "/v1/chat/completions"


@dataclass
class Chatter:
    """A user and his key."""

    user_id: UUID
    key: str
    tokens: int


@dataclass
class Seen:
    """One call as its caller saw it. `saw`: complete, refused (an error answer, whole), unreached (nobody listened), broken (ours
    or his own doing)."""

    user_id: UUID
    request_id: str
    is_stream: bool
    saw: str = "broken"
    status: int = 0
    usage: dict[str, int] | None = None
    charged: int | None = None
    received: bytearray = field(default_factory=bytearray, repr=False)

    def delivered(self) -> str:
        """The text that its caller received of a stream, whole or not."""
        text = ""
        # Without its end, the last line may be half an event.
        for line in self.received.split(b"\n")[:-1]:
            if line.startswith(b"data: {"):
                choices = orjson.loads(line[6:]).get("choices")
                text += (choices[0]["delta"].get("content") or "") if choices else ""
        return text


@dataclass
class Load:
    """All calls of all users against all proxies."""

    proxies: Sequence[str]
    chance: random.Random
    seen: list[Seen] = field(default_factory=list)
    ending: bool = False

    async def chat(self, chatter: Chatter, http: aiohttp.ClientSession) -> None:
        """One user, one call after the other, until the end."""
        while not self.ending:
            seen = Seen(chatter.user_id, f"c-{uuid4().hex[:12]}", is_stream=self.chance.random() < 0.6)
            self.seen.append(seen)
            try:
                await self._call(chatter, seen, http)
            except aiohttp.ClientConnectorError:
                seen.saw = "unreached"
            except (aiohttp.ClientError, OSError, TimeoutError):
                seen.saw = "broken"
            # A refusal comes at once: whoever asks again without a pause measures the test's own processor.
            await asyncio.sleep(self.chance.uniform(0.01, 0.05) if seen.saw == "complete" else 0.2)

    async def _call(self, chatter: Chatter, seen: Seen, http: aiohttp.ClientSession) -> None:
        body: dict[str, Any] = {
            "model": "gpt-4",
            "messages": [{"role": "user", "content": self._text(seen.request_id)}],
            "stream": seen.is_stream,
            "max_tokens": 80,
        }
        if seen.is_stream:
            body["stream_options"] = {"include_usage": True}
        headers = {"Authorization": f"Bearer {chatter.key}", "Idempotency-Key": seen.request_id}
        leaves = self.chance.random() < 0.12
        timeouts = aiohttp.ClientTimeout(total=self.chance.uniform(0.02, 0.4) if leaves else 60)
        url = self.chance.choice(self.proxies) + CHAT
        async with http.post(url, json=body, headers=headers, timeout=timeouts) as response:
            seen.status = response.status
            async for part in response.content.iter_any():
                seen.received += part
            answer = bytes(seen.received)
            if response.status != 200:
                seen.saw = "refused"
            elif seen.is_stream:
                _note_stream(seen, answer)
            else:
                seen.saw, seen.usage = "complete", orjson.loads(answer).get("usage")
                charged = response.headers.get("X-Solaris-Tokens-Charged")
                seen.charged = None if charged is None else int(charged)

    def _text(self, name: str) -> str:
        words = " ".join(["palavra"] * self.chance.randrange(1, 20))
        tokens, pause = self.chance.randrange(3, 50), self.chance.choice([0, 0.005, 0.03])
        fault = self.chance.choices(
            ["", "reasoning_tokens=30", "error=500", "no_usage=1", f"fail_after_chunks={self.chance.randrange(0, 6)}"],
            [76, 12, 4, 4, 4],
        )[0]
        return f"{words} [[sim name={name} output_tokens={tokens} chunk_delay_seconds={pause} {fault}]]"


def _note_stream(seen: Seen, answer: bytes) -> None:
    events = [line[6:] for line in answer.splitlines() if line.startswith(b"data: ")]
    if not events or events[-1] != b"[DONE]":
        return
    parts = [orjson.loads(event) for event in events[:-1]]
    if any("error" in part for part in parts):
        return
    seen.saw = "complete"
    seen.usage = next((part["usage"] for part in parts if part.get("usage")), None)


def disagreements(seen: Sequence[Seen], events: Sequence[dict[str, Any]]) -> list[str]:
    """Where the books say something else than the callers saw; empty is what must be."""
    told: list[str] = []
    by_request: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        by_request.setdefault(event["request_id"], []).append(event)
    known = {one.request_id for one in seen}
    told += [f"{name} was never asked" for name in by_request if name not in known]
    told += [f"{name} was charged {len(rows)} times" for name, rows in by_request.items() if len(rows) > 1]
    for one in seen:
        told += _of_one(one, by_request.get(one.request_id, []))
    for event in events:
        # The excess over the hold is the prompt's estimation error, and the only reason for overage.
        if event["overage"] > max(0, event["tokens_charged"] - event["held"]):
            told.append(f"{event['request_id']} overdrew by {event['overage']}, held {event['held']}: {event}")
    return told


def _of_one(one: Seen, rows: list[dict[str, Any]]) -> list[str]:
    if one.saw == "refused":
        # Its hold may have been made without anybody learning of it, and its proxy killed in the same moment.
        may_be_lost = one.status == HTTPStatus.SERVICE_UNAVAILABLE
        return [
            f"{one} was refused, yet charged: {row}"
            for row in rows
            if not (may_be_lost and row["ending"] == "proxy_gone" and row["output_tokens"] == 0)
        ]
    if one.saw == "unreached":
        return [f"{one} reached nobody, yet was charged: {row}" for row in rows]
    if one.saw != "complete":
        return []
    if not rows:
        return [f"{one} was received completely, and never charged"]
    row = rows[0]
    # LiteLLM tells zeros where the provider told nothing; nobody is charged by those.
    if one.usage is not None and any(one.usage.get(name) for name in ("prompt_tokens", "completion_tokens")):
        counted = {"prompt_tokens": row["input_tokens"], "completion_tokens": row["output_tokens"]}
        is_told = not row["estimated"] or row["ending"] == "out_of_tokens"
        if not is_told or any(one.usage[name] != tokens for name, tokens in counted.items()):
            return [f"{one} was charged otherwise: {row}"]
    if one.charged is not None and one.charged != row["tokens_charged"]:
        return [f"{one} was told another charge than {row['tokens_charged']}"]
    return []


def summary_of(seen: Sequence[Seen], events: Sequence[dict[str, Any]], kills: Counter[str]) -> str:
    """What happened, as sentences to paste."""
    refused = {one.request_id for one in seen if one.saw == "refused"}
    statuses = Counter(str(one.status) for one in seen if one.status)
    lost = sum(event["request_id"] in refused for event in events)
    overage = sum(event["overage"] for event in events)
    return (
        f"{len(seen):,} calls ({sum(one.is_stream for one in seen):,} streamed) while {sum(kills.values())} kill -9 hit "
        f"{_listed(kills)}. Callers saw: {_listed(Counter(one.saw for one in seen))}; statuses: {_listed(statuses)}. Books: "
        f"{len(events):,} calls charged, {sum(event['tokens_charged'] for event in events):,} tokens; endings: "
        f"{_listed(Counter(event['ending'] for event in events))}; {sum(event['estimated'] for event in events)} estimated; "
        f"overage {overage} tokens (prompts that were longer than expected); {lost} refused calls whose hold was lost with "
        f"their proxy."
    )


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())) or "none"
