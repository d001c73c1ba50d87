"""The arithmetic of rate limits, on a clock of our own."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from solaris.gateway.ratelimit.buckets import BucketState, Draw, LocalBuckets, Rates, Verdict
from solaris.gateway.ratelimit.limiter import duration, rate_headers

SECOND = 1_000_000
USER = UUID(int=7)


class Clock:
    """Microseconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 5 * SECOND

    def __call__(self) -> int:
        return self.now


def take(buckets: LocalBuckets, rates: Rates) -> BucketState:
    """One call."""
    return buckets.draw(Draw(USER, rates, takes=True))


def test_a_whole_minutes_calls_at_once_and_then_one_each_interval() -> None:
    clock, rates = Clock(), Rates(7, 0)
    buckets = LocalBuckets(clock=clock)
    standings = [take(buckets, rates) for _ in range(8)]
    assert [standing.verdict for standing in standings] == [Verdict.ADMITTED] * 7 + [Verdict.TOO_MANY_REQUESTS]
    assert [standing.requests_remaining(rates) for standing in standings] == [6, 5, 4, 3, 2, 1, 0, 0]
    assert standings[-1].retry_after_seconds(rates) == 9
    clock.now += 9 * SECOND
    assert take(buckets, rates).verdict is Verdict.ADMITTED
    assert take(buckets, rates).verdict is Verdict.TOO_MANY_REQUESTS


def test_a_refused_call_takes_nothing() -> None:
    clock, rates = Clock(), Rates(60, 0)
    buckets = LocalBuckets(clock=clock)
    for _ in range(200):
        last = take(buckets, rates)
    assert last.retry_after_seconds(rates) == 1
    clock.now += SECOND
    assert take(buckets, rates).verdict is Verdict.ADMITTED


def test_tokens_count_when_they_are_charged_and_wait_a_minute_at_most() -> None:
    clock, rates = Clock(), Rates(0, 1000)
    buckets = LocalBuckets(clock=clock)
    assert take(buckets, rates).tokens_remaining(rates) == 1000
    buckets.draw(Draw(USER, rates, takes=False, tokens=400))
    assert take(buckets, rates).tokens_remaining(rates) == 600
    buckets.draw(Draw(USER, rates, takes=False, tokens=1_000_000))
    refused = take(buckets, rates)
    assert refused.verdict is Verdict.TOO_MANY_TOKENS
    assert refused.tokens_remaining(rates) == 0
    assert refused.retry_after_seconds(rates) == 61
    clock.now += 61 * SECOND
    assert take(buckets, rates).verdict is Verdict.ADMITTED


def test_a_call_refused_for_its_tokens_takes_no_call() -> None:
    clock, rates = Clock(), Rates(2, 10)
    buckets = LocalBuckets(clock=clock)
    buckets.draw(Draw(USER, rates, takes=False, tokens=15))
    for _ in range(5):
        assert take(buckets, rates).verdict is Verdict.TOO_MANY_TOKENS
    clock.now += 31 * SECOND
    assert take(buckets, rates).requests_remaining(rates) == 1


@given(
    requests=st.integers(1, 5000),
    pauses=st.lists(st.integers(0, 3 * SECOND), min_size=1, max_size=300),
)
def test_never_more_than_the_burst_and_what_came_back(requests: int, pauses: list[int]) -> None:
    clock, rates = Clock(), Rates(requests, 0)
    buckets = LocalBuckets(clock=clock)
    begun, admitted = clock.now, 0
    for pause in pauses:
        clock.now += pause
        standing = take(buckets, rates)
        admitted += standing.verdict is Verdict.ADMITTED
        assert 0 <= standing.requests_remaining(rates) <= requests
        assert admitted <= requests + (clock.now - begun) // (60 * SECOND // requests) + 1
        if standing.verdict is Verdict.TOO_MANY_REQUESTS:
            assert 1 <= standing.retry_after_seconds(rates) <= 61


def test_memory_is_bounded() -> None:
    buckets = LocalBuckets(max_users=10)
    for _ in range(50):
        buckets.draw(Draw(uuid4(), Rates(5, 5), takes=True))
    assert len(buckets) == 10


def test_the_headers_are_those_of_openai() -> None:
    both = dict(rate_headers(Rates(60, 1000), BucketState(Verdict.ADMITTED, SECOND, 6 * 60 * SECOND)))
    assert both == {
        b"x-ratelimit-limit-requests": b"60",
        b"x-ratelimit-remaining-requests": b"59",
        b"x-ratelimit-reset-requests": b"1s",
        b"x-ratelimit-limit-tokens": b"1000",
        b"x-ratelimit-remaining-tokens": b"0",
        b"x-ratelimit-reset-tokens": b"6m0s",
    }
    only_tokens = rate_headers(Rates(0, 1000), BucketState(Verdict.ADMITTED, 0, 0))
    assert [name for name, _ in only_tokens] == [name for name in both if name.endswith(b"tokens")]


def test_durations_as_openai_writes_them() -> None:
    written = [duration(microseconds) for microseconds in (0, 1, 120_000, SECOND, 8_640_000, 90 * SECOND, 120 * SECOND)]
    assert written == [b"0s", b"1ms", b"120ms", b"1s", b"8.64s", b"1m30s", b"2m0s"]
