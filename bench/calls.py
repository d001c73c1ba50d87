"""The requests of the load, as prepared bytes: what is sent again and again is built once."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

_SYSTEM = "Você é um assistente que responde em português, com frases curtas e sem rodeios. " * 4
_QUESTION = "Explique em um parágrafo como funciona o controle de tokens de uma empresa com muitos usuários. " * 5
_OUTPUT_LIMIT_TOKENS = 400
# More than the proxy remembers the token counts of: only the instructions are the same in every call, as with a chat.
_DIFFERENT_QUESTIONS = 10_000


@dataclass(frozen=True)
class Call:
    """One kind of call: streamed or not, and the prompt's last words (the upstream's directives stand there)."""

    stream: bool = False
    directive: str = ""

    def body(self, number: int = 0) -> bytes:
        """About 1 kB of JSON; each number's question is another."""
        content = f"{number:06} {_QUESTION}{self.directive}"
        messages = [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": content}]
        asked = {"model": "gpt-4", "messages": messages, "max_tokens": _OUTPUT_LIMIT_TOKENS, "stream": self.stream}
        return orjson.dumps(asked)


@dataclass(frozen=True)
class Target:
    """A server to be called, and with which keys; requests go round the keys in turn."""

    name: str
    port: int
    keys: Sequence[str] = ("none",)

    def with_keys(self, keys: Sequence[str]) -> "Target":
        """The same server, other callers."""
        return Target(self.name, self.port, keys)

    def requests(self, call: Call) -> list[bytes]:
        """Prepared requests, the keys in turn, each with a question of its own."""
        rounds = -(-_DIFFERENT_QUESTIONS // len(self.keys))
        keys = [key for _ in range(rounds) for key in self.keys]
        return [_post("/v1/chat/completions", self.port, key, call.body(number)) for number, key in enumerate(keys)]

    def reads(self, path: str) -> list[bytes]:
        """One prepared GET for each key."""
        return [b"GET %b HTTP/1.1\r\n%b\r\n" % (path.encode(), _head(self.port, key)) for key in self.keys]


def _head(port: int, key: str) -> bytes:
    return f"host: 127.0.0.1:{port}\r\nauthorization: Bearer {key}\r\naccept: */*\r\n".encode()


def _post(path: str, port: int, key: str, body: bytes) -> bytes:
    kind = b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    return b"POST %b HTTP/1.1\r\n%b%b%b" % (path.encode(), _head(port, key), kind, body)
