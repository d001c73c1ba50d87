"""Unpacks an HTTP body as it comes (RFC 9110, 8.4.1: gzip and deflate), in bounded memory."""

import zlib

_MOST_AT_ONCE_BYTES = 262_144
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_ZLIB_METHOD = 8


class UnreadableBody(Exception):
    """The body is not packed as its head says, or ends too early, or is packed in a way that is not known here."""


class Unpacker:
    """One packed body. `feed` takes what came, `take` returns it unpacked, at most 256 kB at a time."""

    def __init__(self, coding: str) -> None:
        """`coding`: the value of `Content-Encoding`. Raises UnreadableBody where it is neither gzip nor deflate."""
        if coding not in ("gzip", "x-gzip", "deflate"):
            raise UnreadableBody(f"a body packed as {coding[:50]!r}")
        self._may_be_raw = coding == "deflate"
        self._packed = b""
        self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._begun = False

    @property
    def complete(self) -> bool:
        """Whether the packed body has come to its end; an empty one has."""
        return not self._packed and (self._inflater.eof or not self._begun)

    def feed(self, packed: bytes) -> None:
        """The next bytes as they came."""
        if packed and self._may_be_raw and not self._begun and packed[0] & 0x0F != _ZLIB_METHOD:
            # Some servers leave out zlib's two bytes that RFC 9110 asks for.
            self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self._begun = self._begun or bool(packed)
        self._packed += packed

    def take(self) -> bytes:
        """What can be unpacked now; empty where more has to be fed. Raises UnreadableBody."""
        try:
            while self._packed:
                if self._inflater.eof:
                    # gzip admits one member after another.
                    self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
                unpacked = self._inflater.decompress(self._packed, _MOST_AT_ONCE_BYTES)
                self._packed = self._inflater.unconsumed_tail or self._inflater.unused_data
                if unpacked:
                    return unpacked
            return b"" if self._inflater.eof else self._inflater.decompress(b"", _MOST_AT_ONCE_BYTES)
        except zlib.error as error:
            raise UnreadableBody(str(error)) from error


def unpacker_for(coding: str | None) -> Unpacker | None:
    """None where the body is not packed. `coding`: the value of `Content-Encoding`. Raises UnreadableBody."""
    named = "" if coding is None else coding.strip().lower()
    return None if named in ("", "identity") else Unpacker(named)
