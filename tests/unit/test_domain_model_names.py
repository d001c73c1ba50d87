"""Which names a pattern covers, and whose weights a name takes."""

from decimal import Decimal

import pytest

from solaris.domain.model_names import (
    Inheritance,
    covers,
    highest_weights,
    is_matchable,
    nearest_pattern,
    vocabulary_of,
)
from solaris.domain.tokens import Weights


@pytest.mark.parametrize(
    ("pattern", "name", "is_covered"),
    [
        ("openai/*", "openai/gpt-5.1", True),
        ("openai/*", "openai/", False),
        ("openai/*", "xopenai/gpt", False),
        ("openai/*", "azure/openai/gpt", False),
        ("*", "anything", True),
        ("*-turbo", "gpt-3.5-turbo", True),
        ("*-turbo", "-turbo", False),
        ("a*b*c", "a1b2c", True),
        ("a*b*c", "abc", False),
        ("a*b*c", "a1bc", False),
        ("a**c", "a12c", True),
        ("a**c", "a1c", False),
        ("openai/gpt-*-mini", "openai/gpt-5-mini", True),
        ("gpt-4", "gpt-4", True),
        ("gpt-4", "gpt-4o", False),
        ("gpt.4*", "gptx4o", False),
    ],
)
def test_a_star_takes_one_character_or_more(pattern: str, name: str, is_covered: bool) -> None:
    assert covers(pattern, name) is is_covered


def test_a_pattern_of_many_stars_is_matched_in_bounded_time() -> None:
    assert not covers("a*" * 100 + "b", "a" * 200)
    assert covers("a*" * 99 + "a", "a" * 199)


@pytest.mark.parametrize(
    "name",
    [
        "openai/gpt-5.1",
        "meta-llama/Llama-3.1-8B-Instruct:fastest",
        "ft:gpt-4o:org::id",
        "@cf/meta/llama-3",
        "arn:aws:bedrock:us-east-1:1:inference-profile/x",
        "modelo-ação",
    ],
)
def test_usual_names_may_be_members(name: str) -> None:
    assert is_matchable(name)


@pytest.mark.parametrize(
    "name",
    [
        "openai/a,openai/b",
        "openai/*",
        "*",
        "openai/a\nb",
        "openai/a\x00",
        "openai/a b",
        " openai/a",
        "openai/",
        "/openai/a",
        "openai//a",
        "openai/../a",
        "openai/a?x=1",
        "openai/a#b",
        "openai/%2e%2e",
        "openai/a\u202eb",
        "openai/{{model}}",
        "openai/" + "a" * 200,
        "",
    ],
)
def test_odd_names_are_no_members(name: str) -> None:
    assert not is_matchable(name)


def test_the_nearest_pattern_is_the_most_specific() -> None:
    patterns = ["*", "openai/*", "openai/gpt-*", "openai/*-mini", "*/gpt-5-mini"]
    assert nearest_pattern("openai/gpt-5", patterns) == "openai/gpt-*"
    assert nearest_pattern("openai/o3", patterns) == "openai/*"
    assert nearest_pattern("claude", patterns) == "*"
    assert nearest_pattern("claude", patterns[1:]) is None


def test_a_name_takes_its_own_weights_then_its_targets_then_the_nearest_patterns() -> None:
    weighed = {"gpt-4", "own-alias", "openai/*", "fast*"}
    aliases = {
        "gpt": ("gpt-4",),
        "own-alias": ("gpt-4",),
        "wild": ("openai/gpt-9",),
        "fast": ("llama",),
        "fast-one": ("llama",),
        "best": ("gpt-4", "llama"),
        "chain": ("gpt",),
    }
    inheritance = Inheritance(weighed, aliases)
    assert inheritance.sources("gpt-4") == ("gpt-4",)
    assert inheritance.sources("gpt") == ("gpt-4",)
    assert inheritance.sources("own-alias") == ("own-alias",)
    assert inheritance.sources("wild") == ("openai/*",)
    assert inheritance.sources("openai/x") == ("openai/*",)
    assert inheritance.sources("fast") == (None,)
    assert inheritance.sources("fast-one") == ("fast*",)
    assert inheritance.sources("best") == ("gpt-4", None)
    assert inheritance.sources("chain") == (None,)
    assert inheritance.sources("llama") == (None,)
    assert inheritance.sources("openai/a,openai/b") == (None,)
    assert inheritance.switches("own-alias") == {"own-alias", "gpt-4"}
    assert inheritance.switches("best") == {"gpt-4"}


def test_of_several_weights_the_dearest_of_each_kind_counts() -> None:
    one, two = Weights(Decimal(1), Decimal("0.5"), Decimal(4), Decimal(4)), Weights(output=Decimal(2))
    assert highest_weights([one, two]) == Weights(Decimal(1), Decimal(1), Decimal(4), Decimal(4))


@pytest.mark.parametrize(
    ("name", "vocabulary"),
    [
        ("text-embedding-3-small", "cl100k_base"),
        ("openai/text-embedding-ada-002", "cl100k_base"),
        ("gpt-4", "cl100k_base"),
        ("gpt-4-turbo-2024-04-09", "cl100k_base"),
        ("azure/eu/gpt-35-turbo", "cl100k_base"),
        ("ft:gpt-3.5-turbo:company::x", "cl100k_base"),
        ("gpt-4o-mini", "o200k_base"),
        ("gpt-4.1", "o200k_base"),
        ("gpt-5.1", "o200k_base"),
        ("chatgpt-4o-latest", "o200k_base"),
        ("claude-3", "o200k_base"),
        ("my-gpt-4", "o200k_base"),
        ("/" * 200, "o200k_base"),
    ],
)
def test_a_name_says_in_which_vocabulary_a_prompt_is_counted(name: str, vocabulary: str) -> None:
    assert vocabulary_of(name) == vocabulary
