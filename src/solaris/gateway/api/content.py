"""Reads the parts of a message: texts to count, and flat token figures for parts without text.

One reader for chat completions, responses and Anthropic's messages: their part types differ in
names only. In parts of unknown types, base64 and data URLs are recognised by their form and not
counted as text. Fields that providers read as text always count as text: a text part, a tool's
arguments, a string as content.
"""

import re
from collections.abc import Mapping
from typing import Any

from solaris.gateway.api.base64_data import MIN_BASE64_CHARACTERS, is_base64
from solaris.gateway.api.fields import dumped

# A 1024 × 1024 image in high detail costs 765 with gpt-4o, about 1,400 with Claude.
TOKENS_PER_IMAGE = 1_000
# A file given by reference: the provider fetches it, its size is unknown here. About one PDF page.
TOKENS_PER_NAMED_FILE = 2_000
# Any other binary: a PDF page, or about eight seconds of video (Gemini: 258 tokens per second).
TOKENS_PER_BINARY = 2_000
# Speech costs about 10 tokens per second, which take 64,000 characters as base64 of 24 kHz PCM.
_AUDIO_CHARACTERS_PER_TOKEN = 6_400
# A PDF page costs about 2,000 tokens and takes about 80,000 characters of base64. Scanned pages
# take more characters: ten pages at most are counted.
_FILE_CHARACTERS_PER_TOKEN = 40
_MAX_TOKENS_PER_FILE = 20_000
# Base64 of plain text, which the provider decodes: three bytes in four characters, about four bytes
# per token.
_ENCODED_TEXT_CHARACTERS_PER_TOKEN = 5
# Encrypted reasoning from an earlier answer: base64 of about four bytes per token.
_ENCRYPTED_CHARACTERS_PER_TOKEN = 6
_TEXT_TYPES = ("text", "input_text", "output_text", "thinking", "reasoning_text", "summary_text")
_TEXT_KEYS = ("text", "thinking")
_FILE_DATA_KEYS = ("file_data", "data")
# Fields that a model reads as text in parts of every type, even where they look like base64.
ALWAYS_TEXT = frozenset(
    {"text", "thinking", "title", "context", "name", "arguments", "input", "content", "output", "code", "stdout"}
)
ENCRYPTED_KEYS = frozenset({"encrypted_content", "encrypted_stdout", "encrypted_index", "signature"})
_MIME_KEYS = ("mimeType", "mime_type", "media_type")
# Tool calls of the model: it reads their JSON.
_CALL_TYPES = ("tool_use", "tool_call", "function_call")
# Types that hold something other than text, or a reference to it.
_BINARY_TYPES = ("file", "document", "video", "media")
# Tool results contain parts; real ones are not nested deeper.
_MAX_DEPTH = 4
DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w.=+-]+)*,", re.A)


def read_content(content: object, texts: list[str], depth: int = 0) -> int:
    """Append the texts of a message's content to `texts`; return the flat tokens of the rest."""
    if isinstance(content, str):
        texts.append(content)
        return 0
    if content is None:
        return 0
    parts = content if isinstance(content, list) else [content]
    return sum(_read_part(part, texts, depth) for part in parts)


def read_value(value: object, texts: list[str]) -> int:
    """Append an unknown field without its binaries to `texts`; return their flat tokens."""
    text = value if isinstance(value, str) else dumped(value)
    if len(text) < MIN_BASE64_CHARACTERS:
        texts.append(text)
        return 0
    found = _Binaries()
    rest = found.strip(value, "", None)
    texts.append(rest if isinstance(rest, str) else dumped(rest))
    return found.tokens


def encrypted_tokens(encrypted: object) -> int:
    """The approximate number of tokens in an encrypted text."""
    return 1 + len(encrypted) // _ENCRYPTED_CHARACTERS_PER_TOKEN if isinstance(encrypted, str) else 0


def _read_part(part: object, texts: list[str], depth: int) -> int:
    if not isinstance(part, dict):
        texts.append(part if isinstance(part, str) else dumped(part))
        return 0
    kind = part.get("type")
    if kind in _TEXT_TYPES:
        text = next((part[key] for key in _TEXT_KEYS if isinstance(part.get(key), str)), None)
        if text is not None:
            texts.append(text)
            return 0
    kind = str(kind or "")
    if kind.endswith(_CALL_TYPES):
        texts.append(dumped(part))
        return 0
    if kind == "tool_result" and depth < _MAX_DEPTH:
        return read_content(part.get("content"), texts, depth + 1)
    return _read_other(kind, part, texts, depth)


def _read_other(kind: str, part: Mapping[str, Any], texts: list[str], depth: int) -> int:
    # A text beside an image is counted too; servers differ in whether they read it.
    texts.extend(part[key] for key in _TEXT_KEYS if isinstance(part.get(key), str))
    if "image" in kind or "screenshot" in kind:
        return TOKENS_PER_IMAGE
    if "audio" in kind:
        return 1 + _audio_characters(part) // _AUDIO_CHARACTERS_PER_TOKEN
    if kind == "redacted_thinking":
        return encrypted_tokens(part.get("data"))
    if "file" in kind or kind == "document":
        return _read_file(part, texts, depth)
    rest = {key: value for key, value in part.items() if key not in _TEXT_KEYS or not isinstance(value, str)}
    if rest.keys() <= {"type"}:
        return 0
    flat = read_value(rest, texts)
    return flat or (TOKENS_PER_NAMED_FILE if any(name in kind for name in _BINARY_TYPES) else 0)


def _read_file(part: Mapping[str, Any], texts: list[str], depth: int) -> int:
    texts.extend(part[key] for key in ("title", "context") if isinstance(part.get(key), str))
    inner = next((part[key] for key in ("file", "source") if isinstance(part.get(key), dict)), part)
    if inner.get("type") == "content" and depth < _MAX_DEPTH:
        return read_content(inner.get("content"), texts, depth + 1)
    data = next((inner[key] for key in _FILE_DATA_KEYS if isinstance(inner.get(key), str)), None)
    if data is None:
        return TOKENS_PER_NAMED_FILE
    if inner.get("type") == "text":
        texts.append(data)
        return 0
    if str(inner.get("media_type", "")).startswith("text/") or data.startswith("data:text/"):
        return 1 + len(data) // _ENCODED_TEXT_CHARACTERS_PER_TOKEN
    return min(1 + len(data) // _FILE_CHARACTERS_PER_TOKEN, _MAX_TOKENS_PER_FILE)


def _audio_characters(part: Mapping[str, Any]) -> int:
    """The length of an audio part's data, in an inner object or, as in MCP, beside the type."""
    holders = [part, *(value for value in part.values() if isinstance(value, dict))]
    return sum(
        len(text)
        for holder in holders
        for key, text in holder.items()
        if isinstance(text, str) and key not in _TEXT_KEYS
    )


class _Binaries:
    """Removes the binaries from a value and sums up their flat tokens."""

    def __init__(self) -> None:
        self.tokens = 0

    def strip(self, value: Any, key: str, mime: str | None) -> Any:
        """Return the value without binaries.

        `key`: its field; `mime`: the MIME type given beside it.
        """
        if isinstance(value, dict):
            mime_of_data = next((value[name] for name in _MIME_KEYS if isinstance(value.get(name), str)), None)
            return {name: self.strip(inner, self._place(value, name), mime_of_data) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.strip(inner, key, mime) for inner in value]
        if not isinstance(value, str) or len(value) < MIN_BASE64_CHARACTERS or key in ALWAYS_TEXT:
            return value
        return self._string(value, key, mime)

    def _place(self, holder: Mapping[str, Any], name: str) -> str:
        # Anthropic's plain text sources: `{"type": "text", "data": …}`.
        return "text" if name == "data" and holder.get("type") == "text" else name

    def _string(self, value: str, key: str, mime: str | None) -> str:
        if key in ENCRYPTED_KEYS:
            self.tokens += encrypted_tokens(value)
            return ""
        url = DATA_URL.match(value, 0, 200)
        if url is not None:
            mime = url[1]
        elif not is_base64(value):
            return value
        if mime is not None and mime.startswith("text/"):
            # The provider decodes and reads it.
            self.tokens += 1 + len(value) // _ENCODED_TEXT_CHARACTERS_PER_TOKEN
        elif mime is not None and mime.startswith("image/"):
            self.tokens += TOKENS_PER_IMAGE
        elif mime is not None and mime.startswith("audio/"):
            self.tokens += 1 + len(value) // _AUDIO_CHARACTERS_PER_TOKEN
        else:
            self.tokens += TOKENS_PER_BINARY
        return ""
