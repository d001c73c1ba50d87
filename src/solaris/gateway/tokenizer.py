"""Counts tokens offline, in bounded time: the vocabularies are a part of the package `bpe_openai`."""

from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any

from solaris.platform.file_pages import give_back_file_pages

if TYPE_CHECKING:
    from bpe_openai import _bindings

# 43 MB/s on ordinary text, 12 MB/s at worst: 96 kB block the event loop for 2 ms, 8 ms at the very worst.
_MOST_EXACT_CHARACTERS = 96_000
_SAMPLES = 16
_SAMPLE_CHARACTERS = 3_000
_MOST_REMEMBERED = 8_192


class Tokenizer:
    """Token counts by a vocabulary's name (`o200k_base`, `cl100k_base`).

    Each vocabulary is loaded at its first use (50 ms, 30–60 MB).

    A conversation sends all its earlier messages with each new one, and a chat its instructions with each call: counts of the
    texts that came last are remembered, by the text's length and hash, so that nobody's words stay in memory. The hash is of 64
    bits under a key of this process's own.
    """

    def __init__(self) -> None:
        self._vocabularies: dict[str, _bindings.PyTokenizer] = {}
        self._remembered: OrderedDict[tuple[str, int, int], int] = OrderedDict()

    def count(self, texts: Sequence[str], vocabulary: str = "o200k_base") -> int:
        """Tokens of all texts together: exact up to 96,000 characters, beyond that from samples spread over them."""
        if sum(map(len, texts)) <= _MOST_EXACT_CHARACTERS:
            return self._exact(texts, vocabulary)
        counter = self._vocabulary(vocabulary)
        whole = "\n".join(texts)
        step = len(whole) // _SAMPLES
        starts = range(0, step * _SAMPLES, step)
        sampled = sum(_counted(counter, whole[start : start + _SAMPLE_CHARACTERS]) for start in starts)
        return -(-sampled * len(whole) // (_SAMPLES * _SAMPLE_CHARACTERS))

    def _exact(self, texts: Sequence[str], vocabulary: str) -> int:
        remembered = self._remembered
        total = 0
        for text in texts:
            key = (vocabulary, len(text), hash(text))
            counted = remembered.get(key)
            if counted is None:
                counted = remembered[key] = _counted(self._vocabulary(vocabulary), text)
                if len(remembered) > _MOST_REMEMBERED:
                    remembered.popitem(last=False)
            else:
                remembered.move_to_end(key)
            total += counted
        return total

    def _vocabulary(self, name: str) -> "_bindings.PyTokenizer":
        found = self._vocabularies.get(name)
        if found is None:
            bindings = _loaded_bindings()
            found = self._vocabularies[name] = bindings.tokenizer_for_encoding(name)
            # The vocabulary has been read out of its file, 40 MB of it.
            give_back_file_pages(bindings.__file__)
        return found


@cache
def _loaded_bindings() -> Any:
    """The package's compiled part alone. Its Python part builds tables that nobody needs here: 75 MB, and 0.4 s of every start."""
    package = find_spec("bpe_openai")
    found = PathFinder.find_spec(
        "bpe_openai._bindings", None if package is None else package.submodule_search_locations
    )
    if found is None or found.loader is None:
        raise ModuleNotFoundError("the package bpe_openai has no compiled part", name="bpe_openai._bindings")
    bindings = module_from_spec(found)
    found.loader.exec_module(bindings)
    return bindings


def _counted(counter: "_bindings.PyTokenizer", text: str) -> int:
    try:
        return int(counter.count(text))
    except UnicodeEncodeError:
        return int(counter.count(text.encode("utf-8", "replace").decode()))
