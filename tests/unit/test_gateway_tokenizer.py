"""Long prompts: counted exactly, beside the event loop, in bounded time, and fairly."""

import asyncio
import os
import random
import threading
import time
from collections.abc import Callable

import pytest

from solaris.gateway.estimate.tokenizer import MAX_CHARACTERS_AT_ONCE, Tokenizer, is_long
from solaris.gateway.estimate.tokenizer_thread import CountingThread, Part, processor_seconds
from solaris.platform.http.load_shedding import Overloaded

O200K = "o200k_base"
# Under libfaketime a thread that waits for the interpreter's lock spins: there the figure says nothing.
LONGEST_STALL_SECONDS = 0.010 if "FAKETIME" not in os.environ else 1.0
WORDS = "Quanto custa o plano anual para uma equipe de doze pessoas, com suporte em português? "


def _prose(characters: int) -> str:
    return (WORDS * (characters // len(WORDS) + 1))[:characters]


def _dense(characters: int, seed: int = 1) -> str:
    """About one token for every character and a half."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return "".join(random.Random(seed).choices(letters, k=characters))


def _counted_alone(texts: list[str], vocabulary: str = O200K) -> int:
    counter = Tokenizer()._vocabulary(vocabulary)
    return sum(counter.count(text) for text in texts)


def _dense_between_windows() -> str:
    """4 MB that look like blanks wherever the earlier sampling looked: 3,000 characters at each sixteenth."""
    step, window = 250_000, 3_000
    return (" " * window + _dense(step - window)) * 16


async def test_text_that_is_dense_where_samples_did_not_look_is_counted() -> None:
    text = _dense_between_windows()
    expected = _counted_alone([text])
    assert expected > 2_500_000
    assert Tokenizer().count([text]) == expected
    assert await Tokenizer().count_long([text]) == expected


@pytest.mark.parametrize("vocabulary", ["o200k_base", "cl100k_base"])
async def test_a_conversation_of_any_size_is_counted_exactly(vocabulary: str) -> None:
    texts = [_prose(90_000), "", _dense(200_000), "fim", "天地玄黄，宇宙洪荒。" * 9_000, '{"a":[1,22,333]}' * 20_000]
    assert is_long(texts)
    expected = _counted_alone(texts, vocabulary)
    assert await Tokenizer().count_long(texts, vocabulary) == expected
    assert Tokenizer().count(texts, vocabulary) == expected


async def test_many_short_texts_are_counted_exactly() -> None:
    texts = [f"mensagem {number}" for number in range(5_000)]
    assert is_long(texts)
    assert await Tokenizer().count_long(texts) == _counted_alone(texts)


async def test_a_conversation_of_many_messages_is_passed_on_in_few_parts_and_counted_once() -> None:
    thread = _Watched()
    tokenizer = Tokenizer(thread)
    texts = [f"{number}. {_prose(990).strip()}" for number in range(400)]
    assert await tokenizer.count_long(texts) == _counted_alone(texts)
    assert thread.parts < 20
    more = [*texts, "E agora?"]
    assert await tokenizer.count_long(more) == _counted_alone(more)
    assert len(thread.characters) == 1


def test_a_common_prompt_is_not_long() -> None:
    assert not is_long(["Olá", _prose(MAX_CHARACTERS_AT_ONCE - 3)])


async def test_half_a_surrogate_pair_counts_as_what_stands_for_it() -> None:
    texts = ["\ud800" + _prose(60_000)]
    assert await Tokenizer().count_long(texts) == _counted_alone(["?" + _prose(60_000)])


class _Watched(CountingThread):
    """Notes what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.characters: list[int] = []
        self.parts = 0
        self._more = asyncio.Condition()

    async def entered(self, prompts: int) -> None:
        """Waits until so many were asked."""
        async with self._more:
            await self._more.wait_for(lambda: len(self.characters) >= prompts)

    async def count(self, parts: list[Part], count: Callable[[str], int]) -> list[int]:
        async with self._more:
            self.characters.append(sum(part.end - part.start for part in parts))
            self.parts += len(parts)
            self._more.notify_all()
        return await super().count(parts, count)


async def test_a_long_message_is_counted_once_and_one_that_grew_from_where_it_did() -> None:
    thread = _Watched()
    tokenizer = Tokenizer(thread)
    first = _dense(400_000)
    counted = await tokenizer.count_long([first])
    assert await tokenizer.count_long([first, "E agora?"]) == counted + _counted_alone(["E agora?"])
    assert tokenizer.count([first]) == counted
    assert thread.characters == [400_000]

    grown = first + _dense(30_000, seed=2)
    assert await tokenizer.count_long([grown]) == _counted_alone([grown])
    assert sum(thread.characters[1:]) < 100_000


async def test_the_loop_goes_on_while_a_long_prompt_is_counted() -> None:
    """The promise is about time: no stall of 10 ms. Other programs may stop this one, so the processor's time is what counts."""
    tokenizer = Tokenizer()
    await tokenizer.count_long([_prose(20_000)])
    texts = [_dense(400_000), _prose(400_000), _dense(200_000, seed=2) * 10]
    stalls: list[float] = []
    turns: list[float] = []
    counting = asyncio.create_task(tokenizer.count_long(texts))
    while not counting.done():
        worked, began = processor_seconds(), time.perf_counter()
        await asyncio.sleep(0)
        stalls.append(processor_seconds() - worked)
        turns.append(time.perf_counter() - began)
    assert await counting == _counted_alone(texts)
    assert max(stalls) < LONGEST_STALL_SECONDS
    assert len(turns) > 100, "one turn counted it all"


async def test_a_common_prompt_does_not_wait_for_a_huge_one() -> None:
    thread = _Watched()
    tokenizer = Tokenizer(thread)
    ended: list[str] = []

    async def counted(name: str, text: str) -> None:
        await tokenizer.count_long([text])
        ended.append(name)

    huge = [asyncio.create_task(counted("huge", _dense(200_000, seed) * 50)) for seed in range(3)]
    await thread.entered(len(huge))
    await counted("common", _prose(100_000))
    assert ended == ["common"]
    for task in huge:
        task.cancel()
    await asyncio.gather(*huge, return_exceptions=True)
    assert thread.waiting == 0


def _parts(text: str, size: int = 1_000) -> list[Part]:
    return [Part(("test", 0, 0), text, start, start + size) for start in range(0, len(text), size)]


async def test_a_caller_who_leaves_while_waiting_frees_its_place_and_is_not_counted() -> None:
    thread = CountingThread(max_waiting=2)
    entered, go_on = threading.Event(), threading.Event()

    def held_up(_: str) -> int:
        entered.set()
        go_on.wait(30)
        return 1

    running = asyncio.create_task(thread.count(_parts("a" * 1_000), held_up))
    await asyncio.to_thread(entered.wait, 30)
    seen: list[str] = []

    def noted(text: str) -> int:
        seen.append(text[0])
        return 1

    left = asyncio.create_task(thread.count(_parts("b" * 1_000), noted))
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await thread.count(_parts("c" * 1_000), noted)
    left.cancel()
    await asyncio.gather(left, return_exceptions=True)
    stays = asyncio.create_task(thread.count(_parts("d" * 1_000), noted))
    await asyncio.sleep(0)
    go_on.set()
    assert await running == [1]
    assert await stays == [1]
    assert seen == ["d"]
    assert thread.waiting == 0


async def test_a_mistake_while_counting_is_the_callers_alone() -> None:
    thread = CountingThread()

    def broken(_: str) -> int:
        raise ValueError("no such vocabulary")

    with pytest.raises(ValueError, match="no such vocabulary"):
        await thread.count(_parts("a" * 2_000), broken)
    assert await thread.count(_parts("a" * 2_000), len) == [1_000, 1_000]
    assert thread.waiting == 0


@pytest.mark.parametrize("text", ["-" * 400_000, "é" * 400_000, "\ud800" * 400_000])
async def test_what_can_not_be_counted_in_time_counts_its_bytes_and_never_less(text: str) -> None:
    in_no_time = Tokenizer(CountingThread(max_seconds=0.0))
    size = len(text.encode("utf-8", "replace"))
    assert await in_no_time.count_long([text]) == size
    assert size >= Tokenizer().count([text])


async def test_the_slowest_text_of_a_whole_body_is_counted_within_its_time() -> None:
    tokenizer = Tokenizer()
    text = "-" * (20 * 1024 * 1024)
    counted = await tokenizer.count_long([text])
    assert len(text) // 200 < counted <= len(text)
    # The rest is no exact count, and is not remembered as one.
    assert len(tokenizer._cache) < len(text) // 196_608


async def test_many_long_prompts_at_once_are_all_exact() -> None:
    tokenizer = Tokenizer()
    texts = [_dense(60_000 + 997 * number, seed=number) for number in range(40)]
    counts = await asyncio.gather(*(tokenizer.count_long([text]) for text in texts))
    assert counts == [_counted_alone([text]) for text in texts]
