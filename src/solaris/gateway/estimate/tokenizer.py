"""Counts tokens offline, in bounded time, with the vocabularies of the package `bpe_openai`."""

import asyncio
import ctypes
import os
import sys
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solaris.gateway.estimate.text_slices import SEPARATOR, SLICE_CHARACTERS, joined, slice_ends
from solaris.gateway.estimate.tokenizer_thread import MAX_SECONDS, CountingThread, Part, processor_seconds

if TYPE_CHECKING:
    from bpe_openai import _bindings

# At 45 MB/s on ordinary text, 15 on base64 and 1.6 on runs of hyphens, this blocks the event loop
# for 0.4 ms, and 10 ms at worst.
MAX_CHARACTERS_AT_ONCE = 16_000
_MAX_TEXTS_AT_ONCE = 2_000
_MAX_CACHED = 8_192
# Shorter texts cost less to count than to pass to the thread.
_MIN_PASSED_CHARACTERS = 64
# Work on the event loop between two yields, in characters that are cut and hashed: about 1 ms.
_WORK_PER_TURN = 1_000_000
_WORK_PER_TEXT = 500
# madvise(2), since Linux 5.4: reclaim the pages now. Pages written to since the mapping stay.
_MADV_PAGEOUT = 21

_Key = tuple[str, int, int]


def is_long(texts: Sequence[str]) -> bool:
    """Whether counting may block the event loop; callers then await `count_long`."""
    return sum(map(len, texts)) > MAX_CHARACTERS_AT_ONCE or len(texts) > _MAX_TEXTS_AT_ONCE


class Tokenizer:
    """Exact token counts (see `slice_ends`) with the vocabularies `o200k_base` and `cl100k_base`.

    Each vocabulary is loaded on first use (50 ms, 30–60 MB).

    A conversation repeats its earlier messages in each call, and a chat its instructions: the
    counts of recent texts are cached by the text's length and 64-bit hash, under a key of this
    process, so that no text stays in memory. Long texts are cached by slice: a text that grew is
    counted from the first new slice.

    A text that cannot be counted within its time counts one token per byte of UTF-8, the maximum of
    any byte tokenizer.
    """

    def __init__(self, thread: CountingThread | None = None) -> None:
        self._thread = thread or CountingThread()
        self._vocabularies: dict[str, _bindings.PyTokenizer] = {}
        self._loading = threading.Lock()
        self._cache: OrderedDict[_Key, int] = OrderedDict()

    def count(self, texts: Sequence[str], vocabulary: str = "o200k_base") -> int:
        """The tokens of all texts, counted synchronously.

        A text takes at most two seconds of CPU time.
        """
        cached = self._cache
        total = 0
        for text in texts:
            if len(text) > SLICE_CHARACTERS:
                total += self._count_slices(text, vocabulary)
                continue
            key = (vocabulary, len(text), hash(text))
            counted = cached.get(key)
            if counted is None:
                counted = _counted(self._vocabularies.get(vocabulary) or self._vocabulary(vocabulary), text)
                self._store(key, counted)
            else:
                cached.move_to_end(key)
            total += counted
        return total

    async def count_long(self, texts: Sequence[str], vocabulary: str = "o200k_base") -> int:
        """The tokens of all texts, without blocking the event loop: a thread counts uncached texts.

        All texts together take at most two seconds of CPU time.

        Raises:
            Overloaded: too many prompts are waiting to be counted.
        """
        total, work = 0, 0
        unknown: list[Part] = []
        short: list[str] = []
        for text in texts:
            if len(text) > SLICE_CHARACTERS:
                start = 0
                for end in slice_ends(text):
                    total += self._lookup_or_list(vocabulary, text, (start, end), unknown)
                    work = await _yield_after(work + _WORK_PER_TEXT + end - start)
                    start = end
                continue
            counted = self._lookup((vocabulary, len(text), hash(text)))
            if counted is None and len(text) < _MIN_PASSED_CHARACTERS:
                counted = self.count([text], vocabulary)
                work += _WORK_PER_TEXT
            if counted is None:
                short.append(text)
            else:
                total += counted
            work = await _yield_after(work + _WORK_PER_TEXT + len(text))
        if sum(map(len, short)) <= MAX_CHARACTERS_AT_ONCE:
            total += self.count(short, vocabulary)
            short.clear()
        for text, separators in joined(short):
            total += self._lookup_or_list(vocabulary, text, (0, len(text)), unknown)
            total -= separators * self.count([SEPARATOR], vocabulary)
            work = await _yield_after(work + _WORK_PER_TEXT * (1 + separators) + len(text))
        return total + await self._count_unknown(unknown, vocabulary)

    def _lookup_or_list(self, vocabulary: str, text: str, place: tuple[int, int], unknown: list[Part]) -> int:
        """The cached count of a part of `text`; without one, add it to `unknown`, return 0."""
        start, end = place
        key = (vocabulary, end - start, hash(text[start:end]))
        counted = self._lookup(key)
        if counted is None:
            unknown.append(Part(key, text, start, end))
        return counted or 0

    async def _count_unknown(self, parts: Sequence[Part], vocabulary: str) -> int:
        if sum(part.end - part.start for part in parts) <= MAX_CHARACTERS_AT_ONCE:
            return self.count([part.read() for part in parts], vocabulary)
        counts = await self._thread.count(parts, lambda text: _counted(self._vocabulary(vocabulary), text))
        for part, counted in zip(parts, counts, strict=False):
            self._store(part.key, counted)
        total = sum(counts)
        work = 0
        for part in parts[len(counts) :]:
            total += _max_tokens(part.read())
            work = await _yield_after(work + _WORK_PER_TEXT + part.end - part.start)
        return total

    def _count_slices(self, text: str, vocabulary: str) -> int:
        latest = processor_seconds() + MAX_SECONDS
        total, start = 0, 0
        for end in slice_ends(text):
            part = text[start:end]
            key = (vocabulary, len(part), hash(part))
            counted = self._lookup(key)
            if counted is None and processor_seconds() < latest:
                counted = _counted(self._vocabulary(vocabulary), part)
                self._store(key, counted)
            total += _max_tokens(part) if counted is None else counted
            start = end
        return total

    def _lookup(self, key: _Key) -> int | None:
        counted = self._cache.get(key)
        if counted is not None:
            self._cache.move_to_end(key)
        return counted

    def _store(self, key: _Key, counted: int) -> None:
        self._cache[key] = counted
        if len(self._cache) > _MAX_CACHED:
            self._cache.popitem(last=False)

    def _vocabulary(self, name: str) -> "_bindings.PyTokenizer":
        found = self._vocabularies.get(name)
        if found is None:
            with self._loading:
                return self._load(name)
        return found

    def _load(self, name: str) -> "_bindings.PyTokenizer":
        found = self._vocabularies.get(name)
        if found is None:
            bindings = _loaded_bindings()
            found = self._vocabularies[name] = bindings.tokenizer_for_encoding(name)
            # The vocabulary has been built from its file, of which 40 MB are resident.
            release_file_pages(bindings.__file__)
        return found


@cache
def _loaded_bindings() -> Any:
    """Load the compiled module only: the Python package builds 75 MB of unused tables in 0.4 s.

    Raises:
        ModuleNotFoundError: the package has no compiled module.
    """
    package = find_spec("bpe_openai")
    found = PathFinder.find_spec(
        "bpe_openai._bindings", None if package is None else package.submodule_search_locations
    )
    if found is None or found.loader is None:
        raise ModuleNotFoundError("the package bpe_openai has no compiled part", name="bpe_openai._bindings")
    bindings = module_from_spec(found)
    found.loader.exec_module(bindings)
    return bindings


def release_file_pages(file: str) -> None:
    """Release the clean pages of a mapped file (MADV_PAGEOUT); a later access reads them again.

    Does nothing where the system refuses: not Linux, an older Linux, a file of another user. Pages
    that another process has mapped too stay.
    """
    maps = Path("/proc/self/maps")
    if sys.platform != "linux" or not maps.exists():
        return
    mapped = os.path.realpath(file)
    madvise = ctypes.CDLL(None).madvise
    for line in maps.read_text().splitlines():
        addresses, _, rest = line.partition(" ")
        if rest.endswith(mapped):
            start, end = (int(address, 16) for address in addresses.split("-"))
            # The result is ignored: where the call fails, the pages stay.
            madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_PAGEOUT)


async def _yield_after(work: int) -> int:
    """Yield to the event loop after enough work; return the work done since the last yield."""
    if work <= _WORK_PER_TURN:
        return work
    await asyncio.sleep(0)
    return 0


def _counted(counter: "_bindings.PyTokenizer", text: str) -> int:
    try:
        return int(counter.count(text))
    except UnicodeEncodeError:
        return int(counter.count(text.encode("utf-8", "replace").decode()))


def _max_tokens(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
