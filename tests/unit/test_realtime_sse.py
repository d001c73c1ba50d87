"""Unsent server-sent events of one reader, also of a slow one."""

import asyncio
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.types import Message

from solaris.domain.wallet import Wallet
from solaris.realtime.balance_events import alert_message, balance_id, cause_of, changes
from solaris.realtime.balance_view import BalanceView, PublishedCharge, decode, encode
from solaris.realtime.sse import EventStream, EventStreamResponse, event

ZONE = ZoneInfo("America/Sao_Paulo")
USER = UUID(int=7)
DECEMBER = date(2026, 12, 1)


def _wallet(used: int, *, bought: int = 0, month: int = 11) -> Wallet:
    return Wallet(date(2026, month, 1), 1_000, min(used, 1_000), bought, 0, used)


def _balance(left: int, *, used: int, refused: int = 0) -> Wallet:
    return Wallet(date(2026, 11, 1), used + left, used, 0, 0, used, 0, refused)


def _view(used: int, alert_percent: int | None = None, *, bought: int = 0, month: int = 11) -> BalanceView:
    return BalanceView(USER, True, _wallet(used, bought=bought, month=month), alert_percent, None)


def _names(before: BalanceView | None, after: BalanceView) -> list[str]:
    return [slot for slot, _ in changes(before, after, "charge", ZONE)]


def test_an_event_is_lines_of_its_fields_and_a_blank_one() -> None:
    assert event("balance", {"texto": "olá\nmundo"}, "7") == (
        b'id: 7\nevent: balance\ndata: {"texto":"ol\xc3\xa1\\nmundo"}\n\n'
    )


async def test_of_one_slot_the_latest_is_sent_and_nothing_else() -> None:
    stream = EventStream()
    for number in range(10_000):
        stream.put("balance", b"%d;" % number)
    stream.put("alert", b"80;")
    assert await stream.take() == b"9999;80;"


async def test_more_slots_than_there_are_push_the_oldest_out() -> None:
    stream = EventStream()
    for number in range(1_000):
        stream.put(f"news {number}", b"x")
    assert await stream.take() == b"x" * 64


async def test_a_beat_is_sent_only_where_nothing_else_is() -> None:
    stream = EventStream()
    stream.beat()
    assert await stream.take() == b": .\n\n"
    stream.beat()
    stream.put("balance", b"1;")
    assert await stream.take() == b"1;"


async def test_the_end_is_sent_last_and_once() -> None:
    stream = EventStream()
    stream.put("balance", b"1;")
    stream.end(b"end;")
    stream.end(b"another end;")
    stream.put("balance", b"2;")
    assert await stream.take() == b"1;end;"
    assert stream.is_ending


async def test_a_reader_who_does_not_read_costs_one_event_a_slot() -> None:
    stream, sent, reads = EventStream(), [], asyncio.Event()

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("never")

    async def send(message: Message) -> None:
        sent.append(message.get("body", b""))
        if len(sent) == 3:
            await reads.wait()

    closed: list[bool] = []
    answer = EventStreamResponse(stream, lambda: closed.append(True))
    serving = asyncio.create_task(answer({"type": "http"}, receive, send))
    for number in range(5_000):
        stream.put("balance", b"%d;" % number)
        if number % 100 == 0:
            await asyncio.sleep(0)
    reads.set()
    stream.end(b"end;")
    await serving
    assert closed == [True]
    assert len(sent) < 10
    assert b"".join(sent).endswith(b"4999;end;")


async def test_a_reader_who_leaves_is_noticed_without_an_event() -> None:
    closed = asyncio.Event()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_message: Message) -> None:
        pass

    await EventStreamResponse(EventStream(), closed.set)({"type": "http"}, receive, send)
    assert closed.is_set()


def test_charges_travel_between_processes_as_they_were() -> None:
    told = [PublishedCharge(USER, _wallet(10, bought=5), None), PublishedCharge(UUID(int=8), _wallet(990), 90)]
    assert decode(encode(told)) == told


def test_a_message_that_is_not_ours_is_no_charge() -> None:
    for message in (b"", b"{}", b"[1]", b'[["x",1]]', b"null", b"\xff", b'[["00000000000000000000000000000007",0]]'):
        assert decode(message) == []


def test_ids_grow_with_charges_and_periods() -> None:
    ids = [balance_id(_view(used)) for used in (0, 9, 10, 99_999, 10**12)] + [balance_id(_view(0, month=12))]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)


def test_no_change_causes_no_event() -> None:
    assert changes(_view(10, 80), _view(10, 80), "change", ZONE) == []


def test_a_threshold_is_sent_when_new_and_to_later_readers() -> None:
    assert _names(_view(790), _view(810, 80)) == ["balance", "alert"]
    assert _names(_view(810, 80), _view(820, 80)) == ["balance"]
    assert _names(_view(820, 80), _view(910, 90)) == ["balance", "alert"]
    assert _names(None, _view(810, 80)) == ["balance", "alert"]
    # Acknowledged, or credits granted: the next crossing is sent again.
    assert _names(_view(810, 80), _view(810)) == ["balance"]
    assert _names(_view(810), _view(910, 90)) == ["balance", "alert"]
    assert _names(_view(990, 90), _view(850, 80, month=12)) == ["balance", "alert"]


def test_the_cause_says_what_changed() -> None:
    assert cause_of(None, _view(0)) == "current"
    assert cause_of(_view(0), _view(5)) == "charge"
    assert cause_of(_view(990), _view(0, month=12)) == "renewal"
    assert cause_of(_view(5), _view(5, bought=100)) == "change"


def test_an_alert_says_in_portuguese_what_is_left_and_until_when() -> None:
    assert alert_message(80, _balance(190_000, used=800_000), DECEMBER) == (
        "Você já usou 80% dos seus tokens deste mês. Restam 190.000 até a renovação em 01/12/2026."
    )
    assert alert_message(90, _balance(1, used=9), DECEMBER).startswith(
        "Você já usou 90% dos seus tokens deste mês. Resta 1 "
    )
    assert alert_message(100, _balance(0, used=1_000), DECEMBER) == (
        "Você usou todos os seus tokens deste mês. Compre créditos ou aguarde a renovação em 01/12/2026."
    )


def test_an_alert_never_says_that_all_is_used_where_tokens_are_left() -> None:
    stopped = _balance(12, used=988, refused=170)
    for percent in (80, 90, 100):  # blocked, whatever the threshold
        assert alert_message(percent, stopped, DECEMBER) == (
            "Seu chat parou: restam 12 tokens, e seu último pedido precisava de cerca de 170. "
            "Compre créditos ou aguarde a renovação em 01/12/2026."
        )
    assert "resta 1 token, e" in alert_message(100, _balance(1, used=999, refused=170), DECEMBER)
    # Running calls may hold all of the rest.
    assert "restam 12 tokens" in alert_message(100, stopped._replace(held=12), DECEMBER)
    # A smaller call was served since.
    assert alert_message(100, _balance(12, used=988), DECEMBER) == (
        "Um pedido não coube no seu saldo: restam 12 tokens. Compre créditos ou aguarde a renovação em 01/12/2026."
    )


def test_an_alert_promises_no_renewal_where_the_month_has_no_allowance() -> None:
    for left, used, refused in ((0, 0, 0), (0, 50, 0), (12, 988, 170), (12, 988, 0), (190, 810, 0)):
        wallet = Wallet(date(2026, 11, 1), 0, 0, left, 0, used, 0, refused)
        for percent in (80, 90, 100):
            message = alert_message(percent, wallet, DECEMBER)
            assert "renova" not in message
            assert "2026" not in message
    nothing = Wallet(date(2026, 11, 1), 0, 0, 0, 0, 0)
    assert alert_message(100, nothing, DECEMBER) == "Sua conta está sem tokens. Compre créditos para continuar."
