"""Unpacks and parses a request's body, within the body limit and without loss of numbers.

orjson parses nearly every body, but it rounds integers beyond 64 bits. Bodies that contain a long
row of digits are parsed by Python's parser; numbers that neither a 64-bit `int` nor a `float`
represents exactly are kept as text.
"""

import asyncio
import json
from math import isfinite
from typing import Any

import orjson

from solaris.domain.errors import InvalidInput, PayloadTooLarge, UnsupportedEncoding
from solaris.platform.http.content_encoding import TooManyMembers, Unpacker, UnreadableBody

_TOO_LONG_DIGITS = b"0" * 17
_DIGITS = bytes(ord("0") if chr(value).isdigit() and value < 128 else ord(" ") for value in range(256))
# Above the first size, hashing takes a part of a millisecond or more; above the second, Python's
# parser takes some milliseconds.
_MAX_BYTES_AT_ONCE = 131_072
_MAX_BYTES_AT_ONCE_EXACTLY = 16_384
_ENCODINGS = ("gzip", "x-gzip", "deflate")
_SLICE_BYTES = 65_536
# Parallel compressors write a member for each 128 kB or more: a body of 100 MB has fewer than this.
_MAX_MEMBERS = 1_000
_NESTED_MESSAGE = "O corpo da requisição tem listas ou objetos aninhados demais."


async def unpacked(raw: bytes, encoding: str, limit_bytes: int, too_large_message: str) -> bytes:
    """Return the body without its `Content-Encoding`.

    It is unpacked in a thread, which leaves the event loop free, and not much beyond `limit_bytes`.

    Raises:
        UnsupportedEncoding: neither gzip nor deflate, or several encodings.
        PayloadTooLarge: longer than `limit_bytes` when unpacked.
        InvalidInput: not of that encoding, or more than 1,000 gzip members.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return raw
    if name not in _ENCODINGS:
        raise UnsupportedEncoding(
            "O Content-Encoding deste corpo não é aceito. Envie o corpo sem compressão, ou com gzip ou deflate.",
            param="Content-Encoding",
        )
    try:
        body = await asyncio.to_thread(_unpack, raw, name, limit_bytes)
    except TooManyMembers as error:
        raise InvalidInput(
            "O corpo comprimido em gzip tem mais de 1.000 partes (membros). Comprima o corpo de uma só vez.",
            param="Content-Encoding",
        ) from error
    except UnreadableBody as error:
        raise InvalidInput(
            f"O corpo da requisição não está em {name}, como diz o cabeçalho Content-Encoding, ou chegou incompleto.",
            param="Content-Encoding",
        ) from error
    if body is None:
        raise PayloadTooLarge(too_large_message)
    return body


def is_quick(raw: bytes) -> bool:
    """Whether the body is short and orjson alone parses it, so that a thread would help little.

    A thread frees the event loop from hashing and most of Python's parser, but not from orjson,
    which holds the GIL (decision 0102).
    """
    size = len(raw)
    return size <= _MAX_BYTES_AT_ONCE_EXACTLY or (size <= _MAX_BYTES_AT_ONCE and not _has_long_number(raw))


def read_json(raw: bytes) -> Any:
    """Parse JSON. Numbers that 64 bits can't represent become `orjson.Fragment`, written unchanged.

    Raises:
        InvalidInput: invalid JSON, with line and column, or nested too deep.
    """
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if "infinity" not in error.msg:
            raise _invalid_json(error.lineno, error.colno) from error
        return _read_exactly(raw)
    # As `_has_long_number`, inlined.
    return _read_exactly(raw) if _TOO_LONG_DIGITS in raw.translate(_DIGITS) else value


def _has_long_number(raw: bytes) -> bool:
    return _TOO_LONG_DIGITS in raw.translate(_DIGITS)


def _unpack(raw: bytes, name: str, limit_bytes: int) -> bytes | None:
    """Return None beyond the limit. A gzip file may have several members in sequence."""
    unpacker = Unpacker(name, _MAX_MEMBERS)
    parts: list[bytes] = []
    size = 0
    for offset in range(0, len(raw), _SLICE_BYTES):
        unpacker.feed(raw[offset : offset + _SLICE_BYTES])
        while part := unpacker.take():
            parts.append(part)
            size += len(part)
            if size > limit_bytes:
                return None
    if not unpacker.complete:
        raise UnreadableBody("the body ends too early")
    return b"".join(parts)


def _read_exactly(raw: bytes) -> Any:
    try:
        return json.loads(raw, parse_int=_exact_integer, parse_float=_exact_decimal, parse_constant=_reject_constant)
    except json.JSONDecodeError as error:
        raise _invalid_json(error.lineno, error.colno) from error
    except RecursionError as error:
        raise InvalidInput(_NESTED_MESSAGE) from error
    except ValueError as error:
        raise InvalidInput("O corpo da requisição não é um JSON válido.") from error


def _exact_integer(text: str) -> object:
    if len(text) <= 20:
        value = int(text)
        if -(2**63) <= value < 2**64:
            return value
    return orjson.Fragment(text.encode())


def _exact_decimal(text: str) -> object:
    value = float(text)
    if repr(value) == text or (len(text) < len(_TOO_LONG_DIGITS) and isfinite(value)):
        return value
    return orjson.Fragment(text.encode())


def _reject_constant(name: str) -> object:
    raise ValueError(name)


def _invalid_json(line: int, column: int) -> InvalidInput:
    return InvalidInput(f"O corpo da requisição não é um JSON válido (linha {line}, coluna {column}).")
