"""What the parts of a message cost before anybody counts them: texts as they are, and flat figures for what has no text.

One reader for the parts of chat completions, responses and Anthropic's messages: their kinds differ in names only.
"""

from collections.abc import Mapping
from typing import Any

from solaris.gateway.fields import dumped

# A 1024 × 1024 image in high detail costs 765 with gpt-4o, about 1,400 with Claude.
TOKENS_PER_IMAGE = 1_000
# A file that is only named: the provider fetches it, and its size is not seen here. About one page of a PDF.
TOKENS_PER_NAMED_FILE = 2_000
# Speech costs some 10 tokens a second, which base64 of 24 kHz PCM writes in 64,000 characters.
_AUDIO_CHARACTERS_PER_TOKEN = 6_400
# A page of a PDF costs some 2,000 tokens and takes about 80,000 characters of base64.
_FILE_CHARACTERS_PER_TOKEN = 40
# Reasoning that comes back encrypted: base64 of some four bytes a token.
_SEALED_CHARACTERS_PER_TOKEN = 6
_TEXT_KEYS = ("text", "thinking")
_FILE_DATA_KEYS = ("file_data", "data")
# A tool's result holds parts of its own; nothing real goes deeper.
_DEEPEST = 4


def read_content(content: object, texts: list[str], depth: int = 0) -> int:
    """Adds the texts of a message's content to `texts`; returns the flat tokens of its other parts."""
    if isinstance(content, str):
        texts.append(content)
        return 0
    if content is None:
        return 0
    parts = content if isinstance(content, list) else [content]
    return sum(_read_part(part, texts, depth) for part in parts)


def sealed_tokens(sealed: object) -> int:
    """About how many tokens an encrypted text holds."""
    return 1 + len(sealed) // _SEALED_CHARACTERS_PER_TOKEN if isinstance(sealed, str) else 0


def _read_part(part: object, texts: list[str], depth: int) -> int:
    if not isinstance(part, dict):
        texts.append(part if isinstance(part, str) else dumped(part))
        return 0
    text = next((part[key] for key in _TEXT_KEYS if isinstance(part.get(key), str)), None)
    if text is not None:
        texts.append(text)
        return 0
    kind = str(part.get("type", ""))
    if kind == "tool_result" and depth < _DEEPEST:
        return read_content(part.get("content"), texts, depth + 1)
    if "file" in kind or kind == "document":
        return _read_file(part, texts, depth)
    flat = _flat_tokens(kind, part)
    if flat == 0:
        texts.append(dumped(part))
    return flat


def _flat_tokens(kind: str, part: Mapping[str, Any]) -> int:
    if "image" in kind or "screenshot" in kind:
        return TOKENS_PER_IMAGE
    if "audio" in kind:
        return 1 + _inner_characters(part) // _AUDIO_CHARACTERS_PER_TOKEN
    return sealed_tokens(part.get("data")) if kind == "redacted_thinking" else 0


def _read_file(part: Mapping[str, Any], texts: list[str], depth: int) -> int:
    inner = next((part[key] for key in ("file", "source") if isinstance(part.get(key), dict)), part)
    if inner.get("type") == "content" and depth < _DEEPEST:
        return read_content(inner.get("content"), texts, depth + 1)
    data = next((inner[key] for key in _FILE_DATA_KEYS if isinstance(inner.get(key), str)), None)
    if data is None:
        return TOKENS_PER_NAMED_FILE
    if inner.get("type") == "text":
        texts.append(data)
        return 0
    return 1 + len(data) // _FILE_CHARACTERS_PER_TOKEN


def _inner_characters(part: Mapping[str, Any]) -> int:
    inner = [value for value in part.values() if isinstance(value, dict)]
    return sum(len(text) for value in inner for text in value.values() if isinstance(text, str))
