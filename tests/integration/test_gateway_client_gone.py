"""Leaving a stream early is no discount: what is charged is compared with the provider's own bill (SPEC 3.3)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.integration.billing_provider import ROUTES, BillingProvider, Plan, billing_provider
from tests.integration.gateway_room import GatewayRoom, User, running_gateway

from solaris.platform.http.server_protocol import ConnectionLimits

HIDDEN = 8_000
# What our tokenizer makes of a prompt, and what the provider's bill says of it, differ by the frame's few tokens.
PROMPT_TOLERANCE = 25


@pytest.fixture
async def provider() -> AsyncIterator[BillingProvider]:
    async with billing_provider() as running:
        yield running


async def begin(room: GatewayRoom, user: User, route: str = ROUTES[0], **fields: Any) -> Any:
    said: dict[str, Any] = {"messages": [{"role": "user", "content": "Olá"}], "max_tokens": 20_000}
    if route == "/v1/completions":
        said = {"prompt": "Olá", "max_tokens": 20_000}
    elif route == "/v1/responses":
        said = {"input": "Olá", "max_output_tokens": 20_000}
    body = {"model": "pensador", "stream": True, **said, **fields}
    return await room.http.post(room.url + route, json=body, headers=user.headers)


async def leave_after(events: int, room: GatewayRoom, user: User, route: str = ROUTES[0]) -> None:
    response = await begin(room, user, route)
    for _ in range(events):
        await response.content.readuntil(b"\n\n")
    response.close()


async def leave_while_it_thinks(
    provider: BillingProvider, room: GatewayRoom, user: User, route: str = ROUTES[0]
) -> None:
    calling = asyncio.ensure_future(begin(room, user, route))
    await asyncio.wait_for(provider.asked.wait(), 20)
    calling.cancel()
    await asyncio.gather(calling, return_exceptions=True)


async def complete_calls(provider: BillingProvider, room: GatewayRoom, user: User, calls: int) -> None:
    for _ in range(calls):
        await (await begin(room, user)).read()
    await room.settled(user)
    provider.bills.clear()
    provider.asked.clear()


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("events", [1, 4])
async def test_a_caller_who_leaves_pays_what_the_provider_bills(
    database_url: str, provider: BillingProvider, route: str, events: int
) -> None:
    provider.plan = Plan(hidden_tokens=HIDDEN, words=30, word_seconds=0.01)
    async with running_gateway(database_url, provider.url) as room:
        user = await room.user()
        await leave_after(events, room, user, route)
        bill = await provider.only_bill()
        event = await room.only_event(user)
        assert not bill.stopped
        assert event["tokens_charged"] == bill.tokens == HIDDEN + 50
        assert (event["ending"], event["estimated"]) == ("client_gone", False)


@pytest.mark.parametrize("route", ROUTES)
async def test_a_caller_who_leaves_while_the_model_thinks_pays_what_the_provider_bills(
    database_url: str, provider: BillingProvider, route: str
) -> None:
    provider.plan = Plan(hidden_tokens=HIDDEN, think_seconds=0.5, words=5)
    async with running_gateway(database_url, provider.url) as room:
        user = await room.user()
        await leave_while_it_thinks(provider, room, user, route)
        bill = await provider.only_bill()
        event = await room.only_event(user)
        assert event["tokens_charged"] == bill.tokens == HIDDEN + 25
        assert (event["ending"], event["estimated"]) == ("client_gone", False)


async def test_a_caller_who_leaves_a_call_that_fails_pays_nothing(database_url: str, provider: BillingProvider) -> None:
    provider.plan = Plan(hidden_tokens=HIDDEN, think_seconds=0.3, words=5, breaks_after=0)
    async with running_gateway(database_url, provider.url) as room:
        user = await room.user()
        await leave_while_it_thinks(provider, room, user)
        await provider.only_bill()
        await room.settled(user)
        assert await room.events(user) == []


async def test_a_caller_who_leaves_a_stream_answered_whole_pays_what_the_provider_bills(
    database_url: str, provider: BillingProvider
) -> None:
    provider.plan = Plan(hidden_tokens=HIDDEN, think_seconds=0.5, words=5, answers_whole=True)
    async with running_gateway(database_url, provider.url) as room:
        user = await room.user()
        await leave_while_it_thinks(provider, room, user)
        bill = await provider.only_bill()
        event = await room.only_event(user)
        assert event["tokens_charged"] == bill.tokens
        assert (event["ending"], event["estimated"]) == ("client_gone", False)


async def test_a_caller_who_leaves_an_unstreamed_call_answered_as_a_stream_pays_what_the_provider_bills(
    database_url: str, provider: BillingProvider
) -> None:
    provider.plan = Plan(hidden_tokens=HIDDEN, think_seconds=0.3, words=20, word_seconds=0.01)
    async with running_gateway(database_url, provider.url, solaris_read_on_seconds=0) as room:
        user = await room.user()
        calling = asyncio.ensure_future(begin(room, user, stream=False))
        await asyncio.wait_for(provider.asked.wait(), 20)
        calling.cancel()
        bill = await provider.only_bill()
        assert (await room.only_event(user))["tokens_charged"] == bill.tokens


async def test_a_caller_who_stops_reading_pays_what_the_provider_bills(
    database_url: str, provider: BillingProvider
) -> None:
    provider.plan = Plan(hidden_tokens=HIDDEN, words=15_000)
    limits = ConnectionLimits(reader_seconds=0.3)
    async with running_gateway(database_url, provider.url, connections=limits) as room:
        user = await room.user()
        response = await begin(room, user)
        bill = await provider.only_bill()
        event = await room.only_event(user)
        response.close()
        assert event["tokens_charged"] == bill.tokens
        assert bill.words == 15_000


async def test_after_the_time_for_reading_on_the_model_is_stopped_and_what_it_hides_on_average_is_charged(
    database_url: str, provider: BillingProvider
) -> None:
    provider.plan = Plan(hidden_tokens=HIDDEN, words=8)
    async with running_gateway(database_url, provider.url) as room:
        await complete_calls(provider, room, await room.user(), 12)
    provider.plan = Plan(hidden_tokens=HIDDEN, words=5_000, word_seconds=0.02)
    # Another process, which finds in the table what the first one has learned.
    async with running_gateway(database_url, provider.url, solaris_read_on_seconds=0.5) as room:
        user = await room.user()
        await leave_after(2, room, user)
        bill = await provider.only_bill()
        event = await room.only_event(user)
        assert bill.stopped
        assert 5 < bill.words < 500
        assert abs(event["tokens_charged"] - bill.tokens) < PROMPT_TOLERANCE + 10
        assert event["reasoning_tokens"] == HIDDEN
        assert (event["ending"], event["estimated"]) == ("client_gone", True)

        provider.bills.clear()
        provider.asked.clear()
        provider.plan = Plan(hidden_tokens=HIDDEN, think_seconds=30)
        thinker = await room.user()
        await leave_while_it_thinks(provider, room, thinker)
        bill = await provider.only_bill()
        event = await room.only_event(thinker)
        assert bill.stopped
        assert event["output_tokens"] == HIDDEN >= bill.output_tokens
        assert (event["ending"], event["estimated"]) == ("client_gone", True)


async def test_nothing_is_charged_for_hidden_output_beyond_what_the_call_was_admitted(
    database_url: str, provider: BillingProvider
) -> None:
    provider.plan = Plan(hidden_tokens=HIDDEN, words=8)
    async with running_gateway(database_url, provider.url) as room:
        await complete_calls(provider, room, await room.user(), 12)
    provider.plan = Plan(words=5_000, word_seconds=0.02)
    async with running_gateway(database_url, provider.url, solaris_read_on_seconds=0) as room:
        user = await room.user(tokens=100)
        await leave_after(2, room, user)
        await provider.only_bill()
        event = await room.only_event(user)
        assert event["tokens_charged"] <= 100
        assert event["overage"] == 0


async def test_a_model_that_hides_nothing_is_charged_nothing_more(database_url: str, provider: BillingProvider) -> None:
    provider.plan = Plan(words=40)
    async with running_gateway(database_url, provider.url) as room:
        await complete_calls(provider, room, await room.user(), 12)
    provider.plan = Plan(words=5_000, word_seconds=0.02)
    async with running_gateway(database_url, provider.url, solaris_read_on_seconds=0) as room:
        user = await room.user()
        await leave_after(5, room, user)
        bill = await provider.only_bill()
        event = await room.only_event(user)
        assert bill.stopped
        assert event["reasoning_tokens"] == 0
        assert 4 <= event["output_tokens"] <= bill.words + 1


async def test_a_stream_that_breaks_off_costs_what_the_model_hides_too(
    database_url: str, provider: BillingProvider
) -> None:
    provider.plan = Plan(hidden_tokens=HIDDEN, words=8)
    async with running_gateway(database_url, provider.url) as room:
        await complete_calls(provider, room, await room.user(), 12)
    async with running_gateway(database_url, provider.url) as room:
        provider.plan = Plan(hidden_tokens=HIDDEN, words=8, word_seconds=0.01, breaks_after=4)
        user = await room.user()
        await (await begin(room, user)).read()
        bill = await provider.only_bill()
        event = await room.only_event(user)
        assert abs(event["tokens_charged"] - bill.tokens) < PROMPT_TOLERANCE
        assert (event["ending"], event["estimated"]) == ("upstream_error", True)

        provider.plan = Plan(hidden_tokens=HIDDEN, words=8, breaks_after=0)
        unlucky = await room.user()
        await (await begin(room, unlucky)).read()
        await room.settled(unlucky)
        assert await room.events(unlucky) == []


async def test_a_stopped_proxys_stream_costs_what_the_model_hides_too(
    database_url: str, provider: BillingProvider
) -> None:
    provider.plan = Plan(hidden_tokens=HIDDEN, words=8)
    async with running_gateway(database_url, provider.url) as room:
        await complete_calls(provider, room, await room.user(), 12)
    provider.plan = Plan(hidden_tokens=HIDDEN, words=5_000, word_seconds=0.02)
    async with running_gateway(database_url, provider.url) as room:
        user = await room.user()
        response = await begin(room, user)
        await response.content.readuntil(b"\n\n")
        room.server.should_exit = True
        await response.read()
        bill = await provider.only_bill()
        event = await room.only_event(user)
        assert abs(event["tokens_charged"] - bill.tokens) < PROMPT_TOLERANCE + 10
        assert (event["ending"], event["estimated"]) == ("proxy_gone", True)


async def test_a_running_calls_hold_knows_of_what_the_model_hides(
    database_url: str, provider: BillingProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.plan = Plan(hidden_tokens=HIDDEN, words=8)
    async with running_gateway(database_url, provider.url) as room:
        await complete_calls(provider, room, await room.user(), 12)
    provider.plan = Plan(hidden_tokens=HIDDEN, think_seconds=2.5, words=3)
    async with running_gateway(database_url, provider.url) as room:
        user = await room.user()
        calling = asyncio.ensure_future(begin(room, user))
        noted = 0
        for _ in range(200):
            noted = await room.database.fetchval(
                "SELECT coalesce(max(output_tokens), 0) FROM holds WHERE user_id = $1", user.user_id
            )
            if noted:
                break
            await asyncio.sleep(0.01)
        await (await calling).read()
        assert noted == HIDDEN
        assert (await room.only_event(user))["output_tokens"] == HIDDEN + 3


async def test_only_so_many_streams_are_read_to_nobody_and_the_others_are_stopped_at_once(
    database_url: str, provider: BillingProvider
) -> None:
    provider.plan = Plan(words=100, word_seconds=0.02)
    # One of four calls may be read on.
    async with running_gateway(database_url, provider.url, solaris_open_calls_limit=8) as room:
        user = await room.user()
        responses = [await begin(room, user) for _ in range(5)]
        for response in responses:
            await response.content.readuntil(b"\n\n")
        for response in responses:
            response.close()
        await room.settled(user)
        for bill in provider.bills:
            await asyncio.wait_for(bill.ended.wait(), 20)
        read_on = [bill for bill in provider.bills if not bill.stopped]
        events = await room.events(user)
        assert len(read_on) == 2
        assert [event["output_tokens"] for event in events if not event["estimated"]] == [100, 100]
        assert all(event["output_tokens"] < 100 for event in events if event["estimated"])


async def test_nobodys_stream_is_read_no_further_than_its_hold_goes(
    database_url: str, provider: BillingProvider
) -> None:
    # A model that does not heed its limit.
    provider.plan = Plan(words=5_000, word_seconds=0.001)
    async with running_gateway(database_url, provider.url) as room:
        user = await room.user(tokens=200)
        await leave_after(1, room, user)
        bill = await provider.only_bill()
        event = await room.only_event(user)
        assert bill.stopped
        assert bill.words < 2_000
        assert event["ending"] == "client_gone"
