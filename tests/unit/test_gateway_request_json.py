"""Bodies that are packed, and numbers that 64 bits can't carry."""

import gzip
import time
import tracemalloc
import zlib
from typing import Any

import orjson
import pytest

from solaris.domain.errors import InvalidInput, PayloadTooLarge, UnsupportedEncoding
from solaris.gateway.request_json import is_quick, read_json, unpacked

BODY = b'{"model": "gpt-4", "prompt": "' + b"palavra " * 500 + b'"}'
LIMIT = 10_000


async def read(raw: bytes, encoding: str) -> bytes:
    return await unpacked(raw, encoding, LIMIT, "grande demais")


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", " GZIP ", "deflate", "identity", ""])
async def test_a_packed_body_is_read_as_if_it_had_come_plain(encoding: str) -> None:
    packed = {"gzip": gzip.compress(BODY), "x-gzip": gzip.compress(BODY), "deflate": zlib.compress(BODY)}
    assert await read(packed.get(encoding.strip().lower(), BODY), encoding) == BODY


async def test_deflate_without_zlibs_head_and_gzip_of_several_members_are_read_too() -> None:
    packer = zlib.compressobj(wbits=-15)
    assert await read(packer.compress(BODY) + packer.flush(), "deflate") == BODY
    assert await read(gzip.compress(BODY[:100]) + gzip.compress(BODY[100:]), "gzip") == BODY


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "gzip,br", "?"])
async def test_any_other_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(UnsupportedEncoding, match="gzip ou deflate"):
        await read(gzip.compress(BODY), encoding)


@pytest.mark.parametrize(
    "raw",
    [BODY, gzip.compress(BODY)[:-9], gzip.compress(BODY) + b"x", b"\x1f\x8b"],
    ids=["plain", "cut", "followed", "head"],
)
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_what_is_not_of_its_encoding_is_refused(raw: bytes, encoding: str) -> None:
    with pytest.raises(InvalidInput, match="Content-Encoding"):
        await read(raw, encoding)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
async def test_a_bomb_is_refused_in_bounded_memory(pack: Any) -> None:
    bomb = pack(bytes(200_000_000))
    encoding = "gzip" if pack is gzip.compress else "deflate"
    tracemalloc.start()
    with pytest.raises(PayloadTooLarge, match="grande demais"):
        await read(bomb, encoding)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


async def test_the_limit_is_exact_and_many_empty_members_add_nothing() -> None:
    assert len(await read(gzip.compress(bytes(LIMIT)), "gzip")) == LIMIT
    with pytest.raises(PayloadTooLarge):
        await read(gzip.compress(bytes(LIMIT + 1)), "gzip")
    assert await read(gzip.compress(b"") * 50 + gzip.compress(BODY), "gzip") == BODY


@pytest.mark.parametrize(
    ("first", "last"),
    [(b"", b""), (gzip.compress(BODY), b""), (b"", gzip.compress(BODY))],
    ids=["alone", "behind a body", "before a body"],
)
async def test_members_without_end_are_refused_without_work(first: bytes, last: bytes) -> None:
    # Three megabytes of members that hold nothing: each used to copy all that came behind it.
    packed = first + gzip.compress(b"") * 150_000 + last
    started = time.process_time()
    with pytest.raises(InvalidInput, match=r"mais de 1\.000 partes"):
        await read(packed, "gzip")
    assert time.process_time() - started < 1


async def test_as_many_members_as_any_packer_writes_are_read() -> None:
    parts = [BODY[place : place + 5] for place in range(0, len(BODY), 5)]
    assert 500 < len(parts) <= 1_000
    assert await read(b"".join(gzip.compress(part) for part in parts), "gzip") == BODY


@pytest.mark.parametrize(
    "number",
    [str(2**70), str(-(2**70)), str(2**64), str(-(2**63) - 1), "1" * 400, "0.12345678901234567890123", "1e400",
     "123456789012345678901234567890.5e-7", "100000000000000000000"],
)  # fmt: skip
@pytest.mark.parametrize("place", ['{{"seed":{}}}', '{{"a":[{{"b":[1,{}]}}]}}', '{{"text":"x","seed":{},"n":2}}'])
def test_a_number_that_64_bits_can_not_carry_is_written_as_it_came(number: str, place: str) -> None:
    text = place.format(number)
    assert orjson.dumps(read_json(text.encode())).decode() == text


@pytest.mark.parametrize(
    "number",
    [2**64 - 1, -(2**63), 10**18, 12345678901234567, 0, -1, 1.5, 1e15, 0.1],
)  # fmt: skip
def test_every_other_number_stays_a_number(number: float) -> None:
    value = read_json(orjson.dumps({"seed": number, "id": "12345678901234567890"}))
    assert value == {"seed": number, "id": "12345678901234567890"}
    assert type(value["seed"]) is type(number)


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"a":NaN}', '{"a":1e400,"b":NaN}', '{"a":1e400', '{"a":12345678901234567890123,}', '{"a":"\\ud800"}', b"\xff"],
)  # fmt: skip
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(InvalidInput, match="não é um JSON válido"):
        read_json(text if isinstance(text, bytes) else text.encode())


def test_a_body_nested_too_deep_is_refused_by_either_parser() -> None:
    for inner in (b"1", b"1" * 30, b"1" * 400):
        with pytest.raises(InvalidInput):
            read_json(b"[" * 5_000 + inner + b"]" * 5_000)
    deep = b"[" * 1_000 + b"1" * 30 + b"]" * 1_000
    with pytest.raises(InvalidInput, match="aninhados"):
        read_json(deep)


def test_only_long_bodies_are_read_in_another_thread() -> None:
    assert is_quick(b"1" * 16_000)
    assert is_quick(b'"' + b"a" * 100_000 + b'"')
    assert not is_quick(b'"' + b"a" * 100_000 + b'1234567890123456789"')
    assert not is_quick(b'"' + b"a" * 200_000 + b'"')
