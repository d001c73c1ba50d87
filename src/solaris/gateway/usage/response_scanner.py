"""Reads usage and errors from a passing unstreamed answer without keeping or parsing it."""

import re
from typing import Any

import orjson

from solaris.gateway.api.base import Json
from solaris.gateway.api.base64_data import MIN_BASE64_CHARACTERS, Base64Runs

# A string (1: its closing quote, 2: the colon of a key), or a bracket. Possessive: no backtracking.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+("?)(\s*+:)?|[{}\[\]]', re.S)
_REST_OF_STRING = re.compile(rb"(?:[^\"\\]++|\\.)*+", re.S)
_BLANK_TO_THE_END = re.compile(rb"\s*+\Z")
_MAX_CARRIED_BYTES = 1_024
_MAX_VALUE_BYTES = 65_536
_OPENING = b"{["
# The small values to capture at an answer's top level.
_CAPTURED_KEYS = frozenset((b'"usage"', b'"error"', b'"model"', b'"x_groq"', b'"status"', b'"object"', b'"type"'))
_USAGE = b'"usage"'
_DEPTH_OF_CHOICE = 3
# Keys whose strings are model output, in any API shape.
_TEXT_KEYS = frozenset(
    (b'"content"', b'"text"', b'"reasoning_content"', b'"reasoning"', b'"thinking"', b'"refusal"', b'"arguments"')
)
# Encrypted reasoning: hidden output is estimated separately.
_ENCRYPTED_KEYS = frozenset((b'"encrypted_content"', b'"signature"'))


class ResponseScanner:
    """Scans an answer's bytes as they arrive. Assumes JSON; other input is scanned without errors.

    Memory is bounded: the start of an incomplete token, and captured values of up to 64 kB.
    """

    def __init__(self) -> None:
        self._texts = Base64Runs()
        self._others = Base64Runs()
        self._depth = 0
        self._in_string = False
        self._carried = b""
        self._top_key = b""
        self._key = b""
        self._captured: list[bytes] | None = None
        self._captured_bytes = 0
        self._capture_key = b""
        self._capture_depth = 0
        self._found: Json = {}
        self._usage_of_choice: Any = None

    @property
    def text_bytes(self) -> int:
        """The bytes of model output as text."""
        return self._texts.plain_bytes

    @property
    def images(self) -> int:
        """The number of base64 runs; each counts as one image, whatever its length."""
        return self._texts.runs + self._others.runs

    def feed(self, piece: bytes) -> None:
        """Scan the next bytes."""
        piece = self._carried + piece
        self._carried = b""
        place = 0
        if self._in_string:
            place = self._rest_of_string(piece)
        captured_from = 0
        for token in _TOKEN.finditer(piece, place):
            if token.lastindex is None:
                captured_from = self._bracket(token.start(), piece, captured_from)
            elif self._is_incomplete(token, piece):
                piece = piece[: len(piece) - len(self._carried)]
                break
            else:
                self._string(token)
        if self._captured is not None:
            self._keep(piece[captured_from:])

    def found(self) -> Json:
        """The small top-level values of the answer: `usage`, `error`, `model` and others."""
        if "usage" not in self._found and self._usage_of_choice is not None:
            return {**self._found, "choices": [{"usage": self._usage_of_choice}]}
        return self._found

    def _is_incomplete(self, token: re.Match[bytes], piece: bytes) -> bool:
        """Whether a string continues in the next piece; then carry it over or mark it as long."""
        is_closed = token.end(1) > token.start(1)
        if is_closed and (token.lastindex == 2 or not _BLANK_TO_THE_END.match(piece, token.end())):
            return False
        if len(piece) - token.start() <= _MAX_CARRIED_BYTES:
            self._carried = piece[token.start() :]
            return True
        if is_closed:
            return False
        self._in_string = True
        self._carried = piece[token.end() :]  # a lone backslash, or nothing
        self._count_string(piece[token.start() + 1 : token.end()])
        return True

    def _rest_of_string(self, piece: bytes) -> int:
        end = _REST_OF_STRING.match(piece).end()  # type: ignore[union-attr]  # it always matches, if only the empty string
        self._count_string(piece[:end])
        if end < len(piece) and piece[end] == 0x22:
            self._in_string = False
            self._texts.end_string()
            self._others.end_string()
            return end + 1
        self._carried = piece[end:]
        return len(piece)

    def _string(self, token: re.Match[bytes]) -> None:
        if token.lastindex == 2:
            self._key = token[0][: -len(token[2])]
            if self._depth == 1:
                self._top_key = self._key
            return
        string = token[0][1:-1]
        if self._key in _TEXT_KEYS or len(string) >= MIN_BASE64_CHARACTERS:
            self._count_string(string)
            self._texts.end_string()
            self._others.end_string()
        if self._depth == 1 and self._key in _CAPTURED_KEYS:
            self._note(self._key, token[0])

    def _count_string(self, string: bytes) -> None:
        """Count a string, or a piece of a long one."""
        if self._key not in _ENCRYPTED_KEYS:
            (self._texts if self._key in _TEXT_KEYS else self._others).feed(string)

    def _bracket(self, place: int, piece: bytes, captured_from: int) -> int:
        """Process a bracket; return the offset in the piece where the captured value starts."""
        if piece[place] in _OPENING:
            return place if self._open(piece[place]) else captured_from
        if self._close():
            self._keep(piece[captured_from : place + 1])
            self._end_capture()
        return captured_from

    def _open(self, byte: int) -> bool:
        """Enter an object or array; return whether a captured value starts here."""
        self._depth += 1
        if self._captured is not None or byte != 0x7B:
            return False
        is_wanted = (self._depth == 2 and self._key in _CAPTURED_KEYS and self._key == self._top_key) or (
            self._key == _USAGE and self._top_key == b'"choices"' and self._depth == _DEPTH_OF_CHOICE + 1
        )
        if is_wanted:
            self._captured, self._captured_bytes = [], 0
            self._capture_key, self._capture_depth = self._key, self._depth
        return is_wanted

    def _close(self) -> bool:
        """Leave an object or array; return whether the captured value ends here."""
        self._depth -= 1
        return self._captured is not None and self._depth < self._capture_depth

    def _keep(self, part: bytes) -> None:
        self._captured_bytes += len(part)
        if self._captured is not None and self._captured_bytes <= _MAX_VALUE_BYTES:
            self._captured.append(part)

    def _end_capture(self) -> None:
        value = b"".join(self._captured or ())
        self._captured = None
        if self._captured_bytes <= _MAX_VALUE_BYTES:
            self._note(self._capture_key, value)

    def _note(self, key: bytes, raw: bytes) -> None:
        try:
            value = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return
        if self._depth == 1:
            self._found[key.strip(b'"').decode()] = value
        else:
            self._usage_of_choice = value
