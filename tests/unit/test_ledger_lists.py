from typing import Any, cast

import pytest

from solaris.ledger.batcher import BatchRefused
from solaris.ledger.lists import numbers, texts


def test_numbers_are_an_arrays_literal():
    assert numbers([1, -2, 10**18]) == "{1, -2, 1000000000000000000}"
    assert numbers([1, None]) == "{1, NULL}"
    assert numbers([True, False]) == "{True, False}"


def test_texts_are_joined_and_none_differs_from_empty():
    assert texts(["a", "", "ç"]) == "a\x1f\x1fç"
    assert texts(["a", None]) == "a\x1f\x1e"


def test_lists_of_nothing_are_nothing():
    assert numbers([None, None]) is None
    assert texts([None]) is None


@pytest.mark.parametrize("text", ["a\x1fb", "\x1e", "a\x1e", 5])
def test_texts_that_can_not_be_joined_refuse_the_batch(text: Any):
    with pytest.raises(BatchRefused):
        texts(["first", cast(str, text), None])
