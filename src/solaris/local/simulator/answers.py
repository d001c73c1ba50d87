"""The simulator's answers and token counts: texts of an exact number of tokens, counted by the real tokenizer."""

import re
from dataclasses import dataclass

import orjson

_SENTENCE = (
    " esta resposta foi feita para testar o sistema sem chamar nenhum modelo real e sem custo para a sua empresa,"
    " pois cada palavra conta como um token de texto;"
)
_HEAD = "[simulador] Resposta de teste:"
_DIRECTIVE = re.compile(r"\s*\[\[sim\b[^\]]*\]\]\s*")
_ECHO_CHARACTERS = 120
_PIECE = re.compile(r"\s*\S+|\s+$")
_TOKENS_PER_MESSAGE = 3
_TOKENS_PER_IMAGE = 85
_NEWER, _OLDER = "o200k_base", "cl100k_base"
_OLDER_MODEL = re.compile(r"gpt-4(?![.\do])|gpt-3\.5-turbo|text-embedding-")


@dataclass(frozen=True)
class Usage:
    """The token counts of one call as a provider bills them: input includes cached, output includes reasoning."""

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    reasoning_tokens: int = 0

    @property
    def total_tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens


class Words:
    """Texts of any length and their token counts.

    One instance per vocabulary and process: loading takes 50 ms.

    Uses the bindings without their Python wrapper, which refuses long texts and needs another 80
    MB.
    """

    def __init__(self, vocabulary: str = "o200k_base") -> None:
        # Imported here: the supervisor imports this package and needs no vocabulary.
        from bpe_openai import _bindings

        self._encoding = _bindings.tokenizer_for_encoding(vocabulary)
        self._head = self._encoding.encode(_HEAD)
        self._sentence = self._encoding.encode(_SENTENCE)

    def count(self, text: str) -> int:
        """Tokens of `text`."""
        return int(self._encoding.count(text)) if text else 0

    def greeting(self, model: str, question: str) -> str:
        """The default answer: says that it is simulated, and quotes the question."""
        asked = " ".join(_DIRECTIVE.sub(" ", question).split())
        quoted = (
            f" Você disse: “{asked[:_ECHO_CHARACTERS]}{'…' if len(asked) > _ECHO_CHARACTERS else ''}”" if asked else ""
        )
        return (
            f"[simulador] Esta é uma resposta simulada no lugar do modelo {model}: "
            f"nenhum provedor de IA foi chamado, porque não há chave configurada.{quoted}"
        )

    def filler(self, tokens: int) -> str:
        """A text of exactly `tokens` tokens."""
        rest = tokens - len(self._head)
        if rest <= 0:
            return str(self._encoding.decode(self._head[:tokens]))
        full, part = divmod(rest, len(self._sentence))
        return _HEAD + _SENTENCE * full + str(self._encoding.decode(self._sentence[:part]))

    def cut(self, text: str, tokens: int) -> str:
        """The first `tokens` tokens of `text`."""
        return str(self._encoding.decode(self._encoding.encode(text)[:tokens]))

    def thought(self, tokens: int) -> str:
        """A reasoning text of exactly `tokens` tokens."""
        full, part = divmod(tokens, len(self._sentence))
        return _SENTENCE * full + str(self._encoding.decode(self._sentence[:part]))

    def content_tokens(self, content: object) -> int:
        """Tokens of a message's content, which is a text or a list of parts."""
        if isinstance(content, str):
            return self.count(content)
        if not isinstance(content, list):
            return 0
        return sum(self._part_tokens(part) for part in content)

    def _part_tokens(self, part: object) -> int:
        if not isinstance(part, dict):
            return self.count(part) if isinstance(part, str) else 0
        if isinstance(part.get("text"), str):
            return self.count(part["text"])
        return _TOKENS_PER_IMAGE if "image" in str(part.get("type")) else self.count(orjson.dumps(part).decode())

    def messages_tokens(self, messages: list[dict[str, object]], tools: object = None) -> int:
        """Tokens of a conversation by OpenAI's rule: role, content and three per message, and three for the answer."""
        total = _TOKENS_PER_MESSAGE
        for message in messages:
            total += (
                _TOKENS_PER_MESSAGE
                + self.count(str(message.get("role", "")))
                + self.content_tokens(message.get("content"))
            )
        return total + (self.count(orjson.dumps(tools).decode()) if tools else 0)


class Vocabularies:
    """One `Words` per vocabulary: the one that OpenAI's tiktoken uses for a model.

    O200k for other providers' models.
    """

    def __init__(self) -> None:
        self._words = {_NEWER: Words(_NEWER)}

    def of(self, model: object) -> Words:
        """The `Words` of `model`; the older vocabulary is loaded at its first use."""
        name = _OLDER if _OLDER_MODEL.match(str(model)) else _NEWER
        if name not in self._words:
            self._words[name] = Words(name)
        return self._words[name]


def pieces(text: str) -> list[str]:
    """The chunks that a stream of the text has: one per word."""
    return _PIECE.findall(text)


def plain_text(content: object) -> str:
    """The text of a content, without its other parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return " ".join(
            str(part["text"]) for part in content if isinstance(part, dict) and isinstance(part.get("text"), str)
        )
    return ""
