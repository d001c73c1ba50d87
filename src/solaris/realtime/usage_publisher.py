"""Publishes one proxy's usage for the live chart: one message per second under any load."""

import asyncio
import heapq
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID, uuid4

import orjson

from solaris.ledger.records import Charge
from solaris.realtime.redis_channel import RedisChannel

PUBLISH_EVERY_SECONDS = 1.0
MAX_MODELS = 100
MAX_USERS = 20
OTHER_MODEL = "(other)"


class RecordsTraffic(Protocol):
    """Another recorder of model calls (`reporting.traffic.TrafficRecorder`)."""

    def note(self, model: str, front_end: str, *, error: bool, proxy_ms: float, litellm_ms: float) -> None:
        """Record the end of one model call."""


@dataclass(slots=True)
class Consumption:
    """Usage in a time span. `models`: requests, tokens and errors of each."""

    tokens: int = 0
    requests: int = 0
    errors: int = 0
    models: dict[str, list[int]] = field(default_factory=dict)
    users: Counter[UUID] = field(default_factory=Counter)

    def model(self, name: str) -> list[int]:
        """Return the model's mutable [requests, tokens, errors].

        Of `OTHER_MODEL` above the limit.
        """
        figures = self.models.get(name)
        if figures is None:
            if len(self.models) >= MAX_MODELS:
                name = OTHER_MODEL
            figures = self.models.setdefault(name, [0, 0, 0])
        return figures

    def add(self, other: "Consumption") -> None:
        """Add the usage of another time span or process."""
        self.tokens += other.tokens
        self.requests += other.requests
        self.errors += other.errors
        for name, figures in other.models.items():
            mine = self.model(name)
            for place, figure in enumerate(figures):
                mine[place] += figure
        self.users.update(other.users)

    @property
    def is_empty(self) -> bool:
        """Whether there were no requests and no tokens."""
        return not (self.tokens or self.requests)


class UsagePublisher:
    """Counts this process's calls and charges, and publishes them once a second.

    Run `run()` as a task of the process.
    """

    def __init__(self, traffic: RecordsTraffic, channel: RedisChannel) -> None:
        self._traffic = traffic
        self._channel = channel
        self._process = uuid4().hex[:12]
        self._present = Consumption()

    def note(self, model: str, front_end: str, *, error: bool, proxy_ms: float, litellm_ms: float) -> None:
        """Record the end of one model call, and forward it to `traffic`."""
        self._traffic.note(model, front_end, error=error, proxy_ms=proxy_ms, litellm_ms=litellm_ms)
        present = self._present
        present.requests += 1
        present.errors += error
        figures = present.model(model)
        figures[0] += 1
        figures[2] += error

    def on_charged(self, user_id: UUID, charge: Charge) -> None:
        """Record a charge."""
        tokens = charge.tokens_charged
        present = self._present
        present.tokens += tokens
        present.model(charge.model_asked)[1] += tokens
        present.users[user_id] += tokens

    async def run(self) -> None:
        """Publish each second's usage, until cancelled; empty seconds are not published."""
        while True:
            await asyncio.sleep(PUBLISH_EVERY_SECONDS - time.time() % PUBLISH_EVERY_SECONDS)
            consumed, self._present = self._present, Consumption()
            if not consumed.is_empty:
                await self._channel.publish(encode(self._process, consumed))


def encode(process: str, consumed: Consumption) -> bytes:
    """Encode the message, with the `MAX_USERS` users with the most tokens."""
    top = heapq.nlargest(MAX_USERS, consumed.users.items(), key=lambda item: item[1])
    return orjson.dumps(
        {
            "process": process,
            "tokens": consumed.tokens,
            "requests": consumed.requests,
            "errors": consumed.errors,
            "models": consumed.models,
            "users": {user_id.hex: tokens for user_id, tokens in top},
        }
    )


def decode(message: bytes) -> tuple[str, Consumption] | None:
    """Return the process and its usage; None for an invalid message."""
    try:
        fields: dict[str, Any] = orjson.loads(message)
        users = Counter({UUID(hex=user): int(tokens) for user, tokens in fields["users"].items()})
        models = {str(name): [int(figure) for figure in figures] for name, figures in fields["models"].items()}
        return str(fields["process"]), Consumption(
            fields["tokens"], fields["requests"], fields["errors"], models, users
        )
    except (orjson.JSONDecodeError, ValueError, TypeError, KeyError, AttributeError):
        return None
