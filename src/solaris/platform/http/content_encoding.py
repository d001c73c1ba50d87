"""Streaming decompression of HTTP bodies (RFC 9110, 8.4.1: gzip, deflate) in bounded memory."""

import zlib

_MAX_AT_ONCE_BYTES = 262_144
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_ZLIB_METHOD = 8


class UnreadableBody(Exception):
    """The body is malformed or truncated, or its content coding is unknown."""


class TooManyMembers(UnreadableBody):
    """A gzip body has more members than allowed."""


class Unpacker:
    """Decompresses one body: `feed` takes input, `take` returns output, at most 256 kB at a time.

    Each gzip member copies the input that is not consumed yet: feed slices, not megabytes at once.
    """

    def __init__(self, coding: str, max_members: int | None = None) -> None:
        """`coding`: the value of `Content-Encoding`; `max_members`: limit of gzip members, or None.

        Raises:
            UnreadableBody: the coding is neither gzip nor deflate.
        """
        if coding not in ("gzip", "x-gzip", "deflate"):
            raise UnreadableBody(f"a body packed as {coding[:50]!r}")
        self._may_be_raw = coding == "deflate"
        self._max_members = max_members
        self._members = 1
        self._packed = b""
        self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._begun = False

    @property
    def complete(self) -> bool:
        """Whether the compressed body is complete; an empty one is."""
        return not self._packed and (self._inflater.eof or not self._begun)

    def feed(self, packed: bytes) -> None:
        """Add the next received bytes."""
        if packed and self._may_be_raw and not self._begun and packed[0] & 0x0F != _ZLIB_METHOD:
            # Some servers omit the two-byte zlib header that RFC 9110 requires.
            self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self._begun = self._begun or bool(packed)
        self._packed += packed

    def take(self) -> bytes:
        """Return decompressed bytes; empty if more input is needed.

        Raises:
            UnreadableBody, TooManyMembers
        """
        try:
            while self._packed:
                if self._inflater.eof:
                    # A gzip body may consist of several members.
                    self._members += 1
                    if self._max_members is not None and self._members > self._max_members:
                        raise TooManyMembers(f"more than {self._max_members} members")
                    self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
                unpacked = self._inflater.decompress(self._packed, _MAX_AT_ONCE_BYTES)
                self._packed = self._inflater.unconsumed_tail or self._inflater.unused_data
                if unpacked:
                    return unpacked
            return b"" if self._inflater.eof else self._inflater.decompress(b"", _MAX_AT_ONCE_BYTES)
        except zlib.error as error:
            raise UnreadableBody(str(error)) from error


def unpacker_for(coding: str | None) -> Unpacker | None:
    """Return the unpacker for a `Content-Encoding` value, or None for an uncompressed body.

    Raises:
        UnreadableBody: the coding is neither gzip nor deflate.
    """
    named = "" if coding is None else coding.strip().lower()
    return None if named in ("", "identity") else Unpacker(named)
