"""Detects base64 in requests and answers, in whole texts and in texts that arrive in pieces.

Providers exchange images, audio and files as base64, which costs about a hundredth of what the same
characters would cost as text.
"""

import re

# Shorter base64 costs little as text, and no word is this long.
MIN_BASE64_CHARACTERS = 1_024
# Both alphabets of RFC 4648.
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="
_WITH_LINE_ENDS = _ALPHABET + b"\r\n"
_RUN_PATTERN = rb"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/=_-]{%d,}+" % MIN_BASE64_CHARACTERS
_RUN = re.compile(_RUN_PATTERN)
# The head of a data URL (RFC 2397), part of the base64 that follows it.
_HEAD_PATTERN = rb"data:[\w.+/-]{1,100};base64,"
_HEAD_AT_END = re.compile(_HEAD_PATTERN + rb"\Z")
_MAX_HEAD_BYTES = 128
_RUN_AND_HEAD = re.compile(rb"(?:" + _HEAD_PATTERN + rb")?" + _RUN_PATTERN)
# Every run of the minimal length contains one whole aligned block of this size.
_BLOCK_BYTES = MIN_BASE64_CHARACTERS // 2
_ESCAPED_SLASH = b"\\/"
_RECENT_BYTES = MIN_BASE64_CHARACTERS + _MAX_HEAD_BYTES


def is_base64(text: str) -> bool:
    """Whether a text has the minimal length and is base64 throughout, line ends allowed."""
    return len(text) >= MIN_BASE64_CHARACTERS and has_base64_alphabet(text)


def has_base64_alphabet(text: str) -> bool:
    """Whether a text of any length has no characters but base64's and line ends."""
    # Ten times faster than a pattern: 20 MB take 20 ms.
    return text.isascii() and not text.encode().translate(None, _WITH_LINE_ENDS)


def strip_base64(text: str) -> tuple[str, int]:
    """Return a text without its base64 and data URLs, and how many of them were removed.

    A run ends at a line end: a list of words, one per line, looks the same as base64 in lines.
    """
    if len(text) < MIN_BASE64_CHARACTERS:
        return text, 0
    raw = text.encode(errors="surrogatepass")
    if not _may_hold_run(raw):
        return text, 0
    rest, runs = _RUN_AND_HEAD.subn(b"", raw)
    return (rest.decode(errors="surrogatepass"), runs) if runs else (text, 0)


class Base64Runs:
    """Counts base64 runs in JSON that arrives in pieces.

    The result does not depend on where the pieces are cut. Memory is bounded. `end_string` marks
    the end of a JSON string, which ends a run.
    """

    def __init__(self) -> None:
        self._plain_bytes = 0
        self._runs = 0
        self._run_bytes = 0
        self._carried = b""
        self._recent = b""

    @property
    def runs(self) -> int:
        """The number of base64 runs."""
        return self._runs + (self._run_bytes >= MIN_BASE64_CHARACTERS)

    @property
    def plain_bytes(self) -> int:
        """The number of bytes outside of base64 runs."""
        return self._plain_bytes + (self._run_bytes if self._run_bytes < MIN_BASE64_CHARACTERS else 0)

    def feed(self, piece: bytes) -> None:
        """Process the next bytes."""
        piece = self._unescaped(piece)
        recent = self._recent
        self._recent = (recent + piece[-_RECENT_BYTES:])[-_RECENT_BYTES:]
        if not piece.translate(None, _ALPHABET):
            self._extend_run(len(piece), recent)
            return
        rest = piece.lstrip(_ALPHABET)
        self._extend_run(len(piece) - len(rest), recent)
        self._end_run()
        middle = rest.rstrip(_ALPHABET)
        self._plain_bytes += len(middle)
        if not _may_hold_run(rest):
            self._run_bytes = len(rest) - len(middle)
            return
        whole = recent + piece
        start = len(whole) - len(rest)
        for run in _RUN.finditer(whole, start, start + len(middle)):
            self._runs += 1
            self._plain_bytes -= len(run[0]) + _head_bytes(whole[: run.start()])
        self._extend_run(len(rest) - len(middle), whole[: start + len(middle)])

    def end_string(self) -> None:
        """Mark the end of a JSON string."""
        self._end_run()
        self._plain_bytes += len(self._carried)
        self._carried = self._recent = b""

    def _unescaped(self, piece: bytes) -> bytes:
        """Replace escaped slashes, as PHP writes them, by slashes."""
        piece = self._carried + piece
        self._carried = b"\\" if piece.endswith(b"\\") else b""
        piece = piece[: len(piece) - len(self._carried)]
        return piece.replace(_ESCAPED_SLASH, b"/") if _ESCAPED_SLASH in piece else piece

    def _extend_run(self, more_bytes: int, before: bytes) -> None:
        """Extend the run at the end by `more_bytes`; `before` are the bytes that precede these."""
        previous_bytes = self._run_bytes
        self._run_bytes += more_bytes
        if previous_bytes < MIN_BASE64_CHARACTERS <= self._run_bytes:
            self._plain_bytes -= _head_bytes(before[: len(before) - previous_bytes])

    def _end_run(self) -> None:
        self._plain_bytes, self._runs = self.plain_bytes, self.runs
        self._run_bytes = 0


def _head_bytes(before: bytes) -> int:
    """The length of the data URL head at the end of `before`; 0 without one."""
    head = _HEAD_AT_END.search(before[-_MAX_HEAD_BYTES:])
    return len(head[0]) if head is not None else 0


def _may_hold_run(raw: bytes) -> bool:
    """Whether `raw` may contain a run; a cheap check before the regex, 50 times slower."""
    return any(
        not raw[place : place + _BLOCK_BYTES].translate(None, _ALPHABET)
        for place in range(0, len(raw) - _BLOCK_BYTES + 1, _BLOCK_BYTES)
    )
