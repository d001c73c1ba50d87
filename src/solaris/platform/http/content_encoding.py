"""Unpacks an HTTP body as it comes (RFC 9110, 8.4.1: gzip and deflate), in bounded memory."""

import zlib

_MAX_AT_ONCE_BYTES = 262_144
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_ZLIB_METHOD = 8


class UnreadableBody(Exception):
    """The body is not packed as its head says, or ends too early, or is packed in a way that is not known here."""


class TooManyMembers(UnreadableBody):
    """A gzip body of more members than are read."""


class Unpacker:
    """One packed body. `feed` takes what came, `take` returns it unpacked, at most 256 kB at a time.

    A member costs as much as a copy of what is fed and not read yet: feed slices, not a body of megabytes at once.
    """

    def __init__(self, coding: str, max_members: int | None = None) -> None:
        """`coding`: the value of `Content-Encoding`; `max_members`: how many gzip members are read, None for any number.

        Raises:
            UnreadableBody: it is neither gzip nor deflate.
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
        """What can be unpacked now; empty where more has to be fed. Raises UnreadableBody, TooManyMembers."""
        try:
            while self._packed:
                if self._inflater.eof:
                    # gzip admits one member after another.
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
    """None where the body is not packed. `coding`: the value of `Content-Encoding`. Raises UnreadableBody."""
    named = "" if coding is None else coding.strip().lower()
    return None if named in ("", "identity") else Unpacker(named)
