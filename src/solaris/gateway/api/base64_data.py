"""What base64 looks like, in questions and in answers: one length, one alphabet, whether a text is whole or comes in pieces.

Providers read and write pictures, sound and files as base64; counted as text, each would cost a hundred times what it does.
"""

import re

# Shorter base64 costs little as text, and no word is so long.
MIN_BASE64_CHARACTERS = 1_024
# Both alphabets of RFC 4648.
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="
_WITH_LINE_ENDS = _ALPHABET + b"\r\n"
_RUN_PATTERN = rb"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/=_-]{%d,}+" % MIN_BASE64_CHARACTERS
_RUN = re.compile(_RUN_PATTERN)
# The head of a data URL (RFC 2397), which belongs to the base64 behind it.
_HEAD_PATTERN = rb"data:[\w.+/-]{1,100};base64,"
_HEAD_AT_END = re.compile(_HEAD_PATTERN + rb"\Z")
_MAX_HEAD_BYTES = 128
_RUN_AND_HEAD = re.compile(rb"(?:" + _HEAD_PATTERN + rb")?" + _RUN_PATTERN)
# Every run that is long enough holds one of these blocks whole.
_BLOCK_BYTES = MIN_BASE64_CHARACTERS // 2
_ESCAPED_SLASH = b"\\/"
_RECENT_BYTES = MIN_BASE64_CHARACTERS + _MAX_HEAD_BYTES


def is_base64(text: str) -> bool:
    """Whether a text is long, and base64 as a whole, which may be broken into lines."""
    return len(text) >= MIN_BASE64_CHARACTERS and has_base64_alphabet(text)


def has_base64_alphabet(text: str) -> bool:
    """Whether a text of any length is written with base64's letters alone."""
    # Ten times faster than a pattern: 20 MB take 20 ms.
    return text.isascii() and not text.encode().translate(None, _WITH_LINE_ENDS)


def strip_base64(text: str) -> tuple[str, int]:
    """A text without the base64 that it holds, data URLs among it, and how many pieces of it there were.

    Lines are no base64 here: a list of words has no other sign either.
    """
    if len(text) < MIN_BASE64_CHARACTERS:
        return text, 0
    raw = text.encode(errors="surrogatepass")
    if not _may_hold_run(raw):
        return text, 0
    rest, runs = _RUN_AND_HEAD.subn(b"", raw)
    return (rest.decode(errors="surrogatepass"), runs) if runs else (text, 0)


class Base64Runs:
    """The base64 in JSON that comes in pieces; the same for every way to cut it. Memory stays flat.

    `break_off` ends a string, and with it the base64 at its end.
    """

    def __init__(self) -> None:
        self._plain_bytes = 0
        self._runs = 0
        self._run_bytes = 0
        self._carried = b""
        self._recent = b""

    @property
    def runs(self) -> int:
        """How many pieces of base64 there were."""
        return self._runs + (self._run_bytes >= MIN_BASE64_CHARACTERS)

    @property
    def plain_bytes(self) -> int:
        """How many bytes were none of it."""
        return self._plain_bytes + (self._run_bytes if self._run_bytes < MIN_BASE64_CHARACTERS else 0)

    def feed(self, piece: bytes) -> None:
        """The next bytes."""
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
        """A string has ended."""
        self._end_run()
        self._plain_bytes += len(self._carried)
        self._carried = self._recent = b""

    def _unescaped(self, piece: bytes) -> bytes:
        """With the slashes as they are: PHP writes each as an escape."""
        piece = self._carried + piece
        self._carried = b"\\" if piece.endswith(b"\\") else b""
        piece = piece[: len(piece) - len(self._carried)]
        return piece.replace(_ESCAPED_SLASH, b"/") if _ESCAPED_SLASH in piece else piece

    def _extend_run(self, more_bytes: int, before: bytes) -> None:
        """The run at the end goes on; `before` is what came before these bytes."""
        known_bytes = self._run_bytes
        self._run_bytes += more_bytes
        if known_bytes < MIN_BASE64_CHARACTERS <= self._run_bytes:
            self._plain_bytes -= _head_bytes(before[: len(before) - known_bytes])

    def _end_run(self) -> None:
        self._plain_bytes, self._runs = self.plain_bytes, self.runs
        self._run_bytes = 0


def _head_bytes(before: bytes) -> int:
    """How long the head of a data URL is with which `before` ends."""
    head = _HEAD_AT_END.search(before[-_MAX_HEAD_BYTES:])
    return len(head[0]) if head is not None else 0


def _may_hold_run(raw: bytes) -> bool:
    """Whether a pattern is worth its time, which is fifty times as long."""
    return any(
        not raw[place : place + _BLOCK_BYTES].translate(None, _ALPHABET)
        for place in range(0, len(raw) - _BLOCK_BYTES + 1, _BLOCK_BYTES)
    )
