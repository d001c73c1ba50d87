"""A floor under the prompt's estimate: counts the parts of a body that its API shape does not read.

A provider may pass any field of a body to its model: fields of other APIs, of templates, of its own
server. All values that the shape did not read as the prompt are found here, at any depth, and are
held as prompt too (docs/decisions/0148).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from solaris.gateway.api.base import Json
from solaris.gateway.api.base64_data import MIN_BASE64_CHARACTERS, has_base64_alphabet
from solaris.gateway.api.content import (
    ALWAYS_TEXT,
    DATA_URL,
    ENCRYPTED_KEYS,
    TOKENS_PER_IMAGE,
    encrypted_tokens,
)
from solaris.gateway.api.litellm_params import USUAL_FIELDS

# The fields around the texts of a plain call, and the frame around each text:
# `{"role":"assistant","content":""},` has 34 bytes, an item of a response 76 around two texts. A
# body within these bounds is not walked.
_FRAME_BYTES = 512
_FRAME_BYTES_PER_TEXT = 40
# Ids, types, names and addresses, unlike sentences: not counted unless they outweigh the prompt.
_MAX_WORD_CHARACTERS = 128
_MAX_ADDRESS_CHARACTERS = 2_048
_WAIVED_WORD_TOKENS = 256
# Fewer tokens are a stop sequence or a user's name.
_MIN_UNREAD_TOKENS = 32
# Texts that are counted separately; no real body has more, and the rest is joined as lines.
_MAX_TEXTS = 10_000
# The minimum of the flat figures for a binary (`content.py`): an image's, or by length a file's or
# audio's.
_AUDIO_CHARACTERS_PER_TOKEN = 6_400
_FILE_CHARACTERS_PER_TOKEN = 40
_AUDIO_KEYS = frozenset({"audio", "input_audio"})
_MIN_LONG_NUMBER = 1_000_000
_LONG_NUMBER_TOKENS = 7
_ADDRESS_KEYS = frozenset({"url", "image_url", "file_url", "video_url", "document_url"})
# The fields with a message's parts, and so with the binaries that the API shapes count.
_CONTENT_KEYS = frozenset({"content", "output"})
_CONTENT_FIELDS = frozenset({"input", "system", "instructions"})
_UNCOUNTED_KEYS = USUAL_FIELDS | {
    "role", "content", "type", "name", "id", "status", "url", "image_url", "detail", "file", "file_id", "file_data", "filename",
    "source", "data", "media_type", "format", "input_audio", "tool_calls", "tool_call_id", "tool_use_id", "call_id", "function",
    "arguments", "output", "summary", "annotations", "cache_control", "signature", "encrypted_content", "include_usage", "refusal",
}  # fmt: skip


class Unread(NamedTuple):
    """The content of a body beside the texts that its API shape read.

    `texts` may be a prompt. `words` are ids, types and names. `nodes` counts the other values, and
    the tokens of encrypted texts. `hidden` holds texts that look like binaries of message parts;
    their flat figures are at least `min_flat_tokens`. `flat_tokens`: images elsewhere.
    `serialized`: texts that the shape produced as JSON, from strings that are found here again.
    """

    texts: list[str]
    words: list[str]
    nodes: int
    hidden: list[str]
    min_flat_tokens: int
    flat_tokens: int
    serialized: list[str]


class Counts(NamedTuple):
    """The token counts of the lists in `Unread`."""

    texts: int
    words: int
    serialized: int


def has_little_unread(body_bytes: int, read: Sequence[str]) -> bool:
    """Whether a body has little beside the texts `read`; computes UTF-8 sizes if needed."""
    room = _FRAME_BYTES + _FRAME_BYTES_PER_TEXT * len(read) - body_bytes
    if room + sum(map(len, read)) >= 0:
        return True
    return room + sum(len(text) if text.isascii() else len(text.encode("utf-8", "replace")) for text in read) >= 0


def find_unread(body: Json, read: Sequence[str]) -> Unread:
    """All content of `body` except the strings `read`. Each value is visited once, at any depth."""
    return _BodyWalk(read).result(body)


def unread_tokens(unread: Unread, counts: Counts, counted: int) -> int:
    """The tokens of a prompt beyond `counted`; 0 for the content of ordinary bodies."""
    excess_words = counts.words + unread.nodes - _WAIVED_WORD_TOKENS - counted
    tokens = counts.texts + unread.flat_tokens + max(0, excess_words) - counts.serialized
    return tokens if tokens > _MIN_UNREAD_TOKENS else 0


class _BodyWalk:
    """One iterative walk through a body."""

    def __init__(self, read: Sequence[str]) -> None:
        # The JSON parser creates each string as a new object: a string that was read has the same
        # id.
        self._read = {id(text): text for text in read}
        self._texts: list[str] = []
        self._words: list[str] = []
        self._hidden: list[str] = []
        self._nodes = 0
        self._min_flat_tokens = 0
        self._flat_tokens = 0
        # Containers to visit: value, key, and whether it is inside a message's content.
        self._waiting: list[tuple[Any, str, bool]] = []

    def result(self, body: Json) -> Unread:
        for name, value in body.items():
            self._key(name)
            self._value(value, name, name in _CONTENT_FIELDS)
        while self._waiting:
            container, key, in_content = self._waiting.pop()
            if isinstance(container, list):
                for value in container:
                    self._value(value, key, in_content)
                continue
            is_plain_source = container.get("type") == "text"
            for name, value in container.items():
                self._key(name)
                place = name
                if name == "data":
                    place = "text" if is_plain_source else key if key in _AUDIO_KEYS else name
                self._value(value, place, in_content or name in _CONTENT_KEYS)
        return Unread(
            _bounded(self._texts), _bounded(self._words), self._nodes, self._hidden,
            self._min_flat_tokens, self._flat_tokens, list(self._read.values()),
        )  # fmt: skip

    def _key(self, name: str) -> None:
        if name not in _UNCOUNTED_KEYS:
            (self._words if _is_word(name) else self._texts).append(name)

    def _value(self, value: Any, key: str, in_content: bool) -> None:
        if isinstance(value, str):
            if self._read.pop(id(value), None) is None:
                self._string(value, key, in_content)
        elif isinstance(value, dict | list):
            self._nodes += 1
            self._waiting.append((value, key, in_content))
        elif isinstance(value, orjson.Fragment):
            self._texts.append(orjson.dumps(value).decode())
        elif isinstance(value, int) and not -_MIN_LONG_NUMBER < value < _MIN_LONG_NUMBER:
            self._nodes += _LONG_NUMBER_TOKENS
        else:
            self._nodes += 1

    def _string(self, value: str, key: str, in_content: bool) -> None:
        if _is_word(value):
            self._words.append(value)
        elif key in ENCRYPTED_KEYS and has_base64_alphabet(value):
            self._nodes += encrypted_tokens(value)
        elif len(value) < MIN_BASE64_CHARACTERS or key in ALWAYS_TEXT:
            self._texts.append(value)
        elif in_content and _is_binary(value):
            self._hidden.append(value)
            per_token = _AUDIO_CHARACTERS_PER_TOKEN if key in _AUDIO_KEYS else _FILE_CHARACTERS_PER_TOKEN
            self._min_flat_tokens += min(TOKENS_PER_IMAGE, 1 + len(value) // per_token)
        elif key in _ADDRESS_KEYS and _is_data_url(value):
            self._flat_tokens += TOKENS_PER_IMAGE
        else:
            self._texts.append(value)


def _bounded(texts: list[str]) -> list[str]:
    if len(texts) <= _MAX_TEXTS:
        return texts
    return [*texts[:_MAX_TEXTS], "\n".join(texts[_MAX_TEXTS:])]


def _is_word(text: str) -> bool:
    max_characters = _MAX_ADDRESS_CHARACTERS if text.startswith(("https://", "http://")) else _MAX_WORD_CHARACTERS
    return len(text) <= max_characters and text.isascii() and text.isprintable() and " " not in text


def _is_binary(text: str) -> bool:
    return has_base64_alphabet(text) or _is_data_url(text)


def _is_data_url(text: str) -> bool:
    url = DATA_URL.match(text, 0, 200)
    return url is not None and has_base64_alphabet(text[url.end() :])
