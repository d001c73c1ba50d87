"""What PostgreSQL can't take now waits on the disk: written safely, replayed once, whoever died meanwhile."""

import asyncio
import io
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from tests.integration.gateway_room import running_gateway
from tests.integration.test_gateway_faults import wire_to

from solaris.apps.worker_jobs import OutageGrace, WorkerJobs
from solaris.domain.errors import StoreUnavailable
from solaris.domain.tokens import TokenCounts
from solaris.gateway.settlement.heartbeat import LeaseHeartbeat
from solaris.gateway.settlement.queue import SettlementQueue
from solaris.gateway.settlement.recovery import WalRecovery
from solaris.gateway.settlement.wal import Wal, WalEntry
from solaris.ledger.batcher import Completion
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import RECORD_COLUMNS, Call, Charge, Ending, Hold, HoldCreate, Usage
from solaris.ledger.statements import Settlement
from solaris.local.simulator import ModelSimulator
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database
from solaris.platform.tracing import current_trace_id

ZONE = ZoneInfo("America/Sao_Paulo")
CALL = Call("/v1/chat/completions", "gpt-4")


def usage_of(tokens: int) -> Usage:
    return Usage(TokenCounts(input=tokens), Ending.COMPLETE, estimated=False)


def entry(tokens: int = 7, request_id: str = "r") -> WalEntry:
    return WalEntry(uuid4(), request_id, usage_of(tokens).as_record(tokens))


def recorded(settlement: Settlement) -> tuple:
    return settlement.user_id, settlement.request_id, dict(zip(RECORD_COLUMNS, settlement.row, strict=True))


def give_when_done(taker: Completion[Charge], trying: Coroutine) -> None:
    """What comes of `trying` is given to `taker`, unless it has left."""

    def done(task: asyncio.Task) -> None:
        if not taker.done():
            error = task.exception()
            taker.set_result(task.result()) if error is None else taker.set_exception(error)

    asyncio.ensure_future(trying).add_done_callback(done)


class Away(Ledger):
    """An account book that can be made unreachable."""

    is_away = False
    answers: asyncio.Event

    async def settle_recorded(self, *arguments) -> Charge:
        await self._answer()
        return await super().settle_recorded(*arguments)

    def settle_for(self, taker, settlement) -> None:
        give_when_done(taker, self.settle_recorded(*recorded(settlement)))

    async def give_back(self, *arguments) -> bool:
        await self._answer()
        return await super().give_back(*arguments)

    async def _answer(self) -> None:
        await self.answers.wait()
        if self.is_away:
            raise StoreUnavailable("away")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, timezone=ZONE.key, service="test")
    yield opened
    await opened.close()


@pytest.fixture
def ledger(database: Database) -> Away:
    book = Away(database, zone=ZONE, buy_url="")
    book.answers = asyncio.Event()
    book.answers.set()
    return book


@pytest.fixture
def lines() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(lines: io.StringIO):
    return build_log("test", level="debug", form="json", stream=lines)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "state" / "spool"


@pytest.fixture
async def wal(root: Path, log) -> AsyncIterator[Wal]:
    opened = Wal(root, log, segment_bytes=1000)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def settlement_queue(ledger: Away, wal: Wal, log) -> SettlementQueue:
    return SettlementQueue(ledger, LeaseHeartbeat(ledger, log), wal, log)


async def new_user(database: Database, tokens: int = 10_000) -> UUID:
    user_id: UUID = await database.fetchval("INSERT INTO users (name) VALUES ('Ana') RETURNING id")
    await database.execute(
        "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', $2)", user_id, tokens
    )
    return user_id


async def hold_for(ledger: Ledger, user_id: UUID, request_id: str = "r", tokens: int = 100) -> Hold:
    return await ledger.reserve(HoldCreate(user_id, request_id, "f", 10, tokens, 10, CALL))


def segments(root: Path) -> list[Path]:
    return list(root.rglob("*.spool"))


def lines_kept(root: Path) -> list[bytes]:
    return [line for path in segments(root) for line in path.read_bytes().splitlines()]


def entries(root: Path) -> list[Path]:
    return list(root.iterdir())


def modes(root: Path) -> tuple[set[int], set[int]]:
    """Of files and of folders."""
    paths = list(root.rglob("*"))
    return (
        {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()},
        {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()},
    )


def logged(lines: io.StringIO, action: str) -> list[dict]:
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    return [line for line in told if line["action"] == action]


def dead_spool(root: Path, *endings: WalEntry, end: bytes = b"") -> Path:
    """What a process leaves that was killed: a lock that nobody holds, and its segment."""
    folder = root / "99-dead"
    folder.mkdir(parents=True)
    (root / "99-dead.lock").touch()
    (folder / "00000001.spool").write_bytes(b"".join(one.as_line() for one in endings) + end)
    return folder


async def test_what_is_kept_is_on_the_disk_for_us_alone_and_goes_when_it_is_done(wal: Wal, root: Path) -> None:
    endings = [entry(request_id=f"r{number}") for number in range(30)]
    assert all(await asyncio.gather(*map(wal.keep, endings)))
    assert modes(root) == ({0o600}, {0o700})
    written = [WalEntry.from_line(line) for line in lines_kept(root)]
    assert sorted(one.request_id for one in written if one) == sorted(one.request_id for one in endings)

    for one in endings:
        wal.done(one)
    await wal.close()
    assert entries(root) == []


async def test_lines_that_come_together_share_one_fsync(wal: Wal, monkeypatch: pytest.MonkeyPatch) -> None:
    await wal.keep(entry())
    synced: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (synced.append(descriptor), real(descriptor))[1])
    assert all(await asyncio.gather(*(wal.keep(entry()) for _ in range(100))))
    assert len(synced) <= 3


async def test_the_spool_is_bounded_and_a_full_disk_is_told(
    root: Path, log, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    wal = Wal(root, log, max_bytes=2000)
    await wal.open()
    kept = [await wal.keep(entry()) for _ in range(20)]
    assert 0 < sum(kept) < 20
    assert wal.size_bytes <= 2000

    other = Wal(root, log)
    await other.open()
    await other.keep(entry())

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        assert await other.keep(entry()) is False
    assert logged(lines, "spool_not_written")
    assert await other.keep(entry()) is True
    lengths = sorted(len(path.read_bytes().splitlines()) for path in segments(root))
    assert lengths == sorted([sum(kept), 2]), "the line that failed was taken back"
    await wal.close()
    await other.close()


async def test_without_a_writable_folder_the_process_says_so_and_goes_on(
    tmp_path: Path, database: Database, ledger: Away, log, lines: io.StringIO
) -> None:
    (tmp_path / "file").touch()
    wal = Wal(tmp_path / "file" / "spool", log)
    await wal.open()
    assert logged(lines, "spool_unavailable")
    settlement_queue = SettlementQueue(ledger, LeaseHeartbeat(ledger, log), wal, log)
    user_id = await new_user(database)
    hold = await hold_for(ledger, user_id)
    ledger.is_away = True
    assert await settlement_queue.settle(hold, usage_of(30), lambda *_: None) is None
    assert logged(lines, "settlement_in_memory_alone")
    ledger.is_away = False
    await settlement_queue.drain()
    assert (await ledger.balance(user_id)).wallet.used == 30
    await wal.close()


async def test_an_ending_is_answered_when_the_disk_has_it_and_charged_when_postgresql_is_back(
    database: Database, ledger: Away, settlement_queue: SettlementQueue, wal: Wal, root: Path
) -> None:
    user_id = await new_user(database)
    charged, freed = await hold_for(ledger, user_id, "charged"), await hold_for(ledger, user_id, "freed")
    heard: list[int] = []
    ledger.is_away = True
    assert (
        await settlement_queue.settle(charged, usage_of(33), lambda *told: heard.append(told[2].tokens_charged)) is None
    )
    await settlement_queue.release(freed)
    assert settlement_queue.waiting == 2
    assert len(lines_kept(root)) == 2

    ledger.is_away = False
    await settlement_queue.drain()
    wallet = (await ledger.balance(user_id)).wallet
    assert (wallet.held, wallet.used, heard) == (0, 33, [33])
    assert wal.size_bytes == 0
    assert settlement_queue.waiting == 0


async def test_a_slow_postgresql_does_not_delay_the_end_of_a_stream(
    database: Database, ledger: Away, settlement_queue: SettlementQueue, root: Path
) -> None:
    user_id = await new_user(database)
    hold = await hold_for(ledger, user_id)
    ledger.answers.clear()
    assert await asyncio.wait_for(settlement_queue.start_settle(hold, usage_of(5), lambda *_: None), timeout=1) is None
    assert segments(root)
    ledger.answers.set()
    await settlement_queue.drain()
    assert (await ledger.balance(user_id)).wallet.used == 5
    await asyncio.sleep(0.1)
    assert not segments(root)


async def test_a_charge_that_comes_at_the_moment_of_the_timeout_leaves_nothing_on_the_disk(
    database: Database, ledger: Away, settlement_queue: SettlementQueue, wal: Wal, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = await new_user(database)
    hold = await hold_for(ledger, user_id)
    loop = asyncio.get_running_loop()
    settle = Ledger.settle_recorded

    async def at_the_last_moment(*arguments) -> Charge:
        charge = await settle(*arguments)
        await released
        return charge

    # The timeout and the charge are handled in the same round of the event loop.
    released: asyncio.Future[None] = loop.create_future()
    monkeypatch.setattr(
        Away,
        "settle_for",
        lambda self, taker, settlement: give_when_done(taker, at_the_last_moment(self, *recorded(settlement))),
    )
    with monkeypatch.context() as patched:
        patched.setattr(
            loop, "call_later", lambda _seconds, do, *about: due.append((do, about)) or loop.call_at(0, int)
        )
        due: list = []
        answer = settlement_queue.start_settle(hold, usage_of(5), lambda *_: None)
    await asyncio.sleep(0.11)  # longer than the timeout of the end of a stream, which is 0.1 s
    do, about = due[0]
    loop.call_soon(do, *about)
    released.set_result(None)
    assert await answer is not None
    await settlement_queue.drain()
    assert wal.size_bytes == 0


async def test_a_postgresql_that_may_not_write_counts_as_away(
    database_url: str, database: Database, ledger: Away, settlement_queue: SettlementQueue, root: Path
) -> None:
    user_id = await new_user(database)
    hold = await hold_for(ledger, user_id)
    admin = await asyncpg.connect(database_url)

    async def may_write(answer: bool) -> None:
        await admin.execute("SET default_transaction_read_only = off")
        name = await admin.fetchval("SELECT current_database()")
        await admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {"off" if answer else "on"}')
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
            name,
        )

    await may_write(False)
    assert await settlement_queue.settle(hold, usage_of(12), lambda *_: None) is None
    with suppress(StoreUnavailable):
        await ledger.balance(user_id)
    assert lines_kept(root)
    await may_write(True)
    await settlement_queue.drain()
    await admin.close()
    assert (await ledger.balance(user_id)).wallet.used == 12


async def test_what_a_dead_process_left_is_replayed_once_and_a_torn_last_line_does_no_harm(
    database: Database, ledger: Away, root: Path, log, lines: io.StringIO
) -> None:
    user_id = await new_user(database)
    holds = [await hold_for(ledger, user_id, f"r{number}") for number in range(4)]
    endings = [WalEntry(user_id, hold.request_id, usage_of(20).as_record(20)) for hold in holds[:3]]
    endings.append(WalEntry(user_id, "r3", None))
    # The last line twice: replayed again after a crash between replay and deletion.
    dead_spool(root, *endings, endings[0], end=entry().as_line()[:-9])
    first, second = WalRecovery(root, ledger, log), WalRecovery(root, ledger, log)
    assert sorted(await asyncio.gather(first.replay(), second.replay())) == [0, 5]

    wallet = (await ledger.balance(user_id)).wallet
    assert (wallet.held, wallet.used) == (0, 60)
    assert entries(root) == []
    assert logged(lines, "spool_lines_torn")
    assert await ledger.audit() == []


async def test_the_spool_of_a_living_process_is_left_alone(wal: Wal, root: Path, ledger: Away, log) -> None:
    await wal.keep(entry())
    assert await WalRecovery(root, ledger, log).replay() == 0
    assert segments(root)


async def test_a_replay_that_postgresql_interrupts_loses_nothing(
    database: Database, ledger: Away, root: Path, log
) -> None:
    user_id = await new_user(database)
    await hold_for(ledger, user_id)
    dead_spool(root, WalEntry(user_id, "r", usage_of(20).as_record(20)))
    ledger.is_away = True
    left = WalRecovery(root, ledger, log)
    with pytest.raises(StoreUnavailable):
        await left.replay()
    ledger.is_away = False
    assert await left.replay() == 1
    assert (await ledger.balance(user_id)).wallet.used == 20


async def test_a_line_that_can_not_be_settled_is_kept_for_a_person_and_stops_no_other(
    database: Database, ledger: Away, root: Path, log, lines: io.StringIO
) -> None:
    user_id = await new_user(database)
    await hold_for(ledger, user_id, "good")
    await hold_for(ledger, user_id, "bad")
    bad = WalEntry(user_id, "bad", {**usage_of(1).as_record(1), "tokens_charged": "x"})
    await ledger.release(await hold_for(ledger, user_id, "released"))
    released, good = (WalEntry(user_id, name, usage_of(20).as_record(20)) for name in ("released", "good"))
    folder = dead_spool(root, released, bad, good)
    assert await WalRecovery(root, ledger, log).replay() == 2
    assert [path.suffix for path in folder.iterdir()] == [".failed"]
    assert len(logged(lines, "spool_line_refused")) == 1
    assert len(logged(lines, "spool_line_failed")) == 1
    assert (await ledger.balance(user_id)).wallet.used == 20


async def test_a_hold_ends_once_and_a_settle_that_comes_too_late_is_told(
    database: Database, ledger: Away, settlement_queue: SettlementQueue, lines: io.StringIO
) -> None:
    user_id = await new_user(database)
    hold = await hold_for(ledger, user_id)
    await database.execute("UPDATE holds SET expires_at = now() - interval '1 second'")
    await ledger.expire(user_id, hold.request_id)
    await settlement_queue.settle(hold, usage_of(77), lambda *_: None)
    (told,) = logged(lines, "settlement_too_late")
    assert (told["details"]["tokens_charged"], told["details"]["tokens_used"]) == (10, 77)
    assert (await ledger.balance(user_id)).wallet.used == 10


async def test_a_hold_of_unknown_fate_is_given_back_but_never_somebody_elses(
    database: Database, ledger: Away, settlement_queue: SettlementQueue
) -> None:
    user_id = await new_user(database)
    first = HoldCreate(user_id, "r", "f", 10, 100, 10, CALL)
    await ledger.reserve(first)
    ledger.is_away = True
    settlement_queue.release_uncertain(user_id, "r", "another attempt")
    ledger.is_away = False
    await settlement_queue.drain()
    assert (await ledger.balance(user_id)).wallet.held == 100


async def test_after_an_outage_living_proxies_come_first_and_dead_ones_are_settled_exactly_from_their_spool(
    database: Database, ledger: Away, root: Path, log
) -> None:
    user_id = await new_user(database)
    for request_id in ("living", "spooled", "lost"):
        await hold_for(ledger, user_id, request_id)
    now = 1000.0
    grace = OutageGrace(clock=lambda: now)
    jobs = WorkerJobs(database, ledger, log, grace=grace, recovery=WalRecovery(root, ledger, log))
    for _ in range(5):
        await jobs.expire_holds()
        now += 5
    await database.execute("UPDATE holds SET expires_at = now() - interval '1 minute'")
    now += 120  # PostgreSQL was away: nobody could look, nobody could renew
    dead_spool(root, WalEntry(user_id, "spooled", usage_of(55).as_record(55)))

    await jobs.expire_holds()
    states = dict(await database.fetch("SELECT request_id, state FROM holds"))
    assert states == {"living": "open", "spooled": "settled", "lost": "open"}
    await ledger.renew([(user_id, "living", 3)])
    for _ in range(4):
        now += 5
        await jobs.expire_holds()
    states = dict(await database.fetch("SELECT request_id, state FROM holds"))
    assert states == {"living": "open", "spooled": "settled", "lost": "expired"}
    assert (await ledger.balance(user_id)).wallet.used == 55 + 10


def test_the_grace_keeps_the_ninety_seconds_and_begins_anew_after_every_gap() -> None:
    now = 0.0
    grace = OutageGrace(clock=lambda: now)

    def seconds_until_over() -> float:
        nonlocal now
        began = now
        while not grace.is_over():
            grace.check_ended()
            now += 5
        return now - began

    assert 60 + seconds_until_over() + 5 <= 90, "lease, grace and one round of the job"
    now += 5
    assert seconds_until_over() == 0
    now += 16
    assert seconds_until_over() == 20
    now -= 100  # the clock was set back
    assert seconds_until_over() == 20
    grace.check_failed()
    assert seconds_until_over() == 20


# A proxy of which only the ending matters: it can't reach PostgreSQL, keeps the ending, says so, and waits to be killed.
PROXY = """
import asyncio, sys
from contextlib import suppress
from pathlib import Path
from uuid import UUID
from solaris.gateway.settlement.wal import Wal, WalEntry
from solaris.platform.logs import build_log

async def main():
    spool = Wal(Path(sys.argv[1]), build_log("proxy", level="info", form="json"))
    await spool.open()
    usage = {"tokens_charged": 44, "input_tokens": 44, "cached_input_tokens": 0, "output_tokens": 0, "reasoning_tokens": 0,
             "ending": "complete", "estimated": False}
    assert await spool.keep(WalEntry(UUID(sys.argv[2]), "killed", usage))
    print("kept", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_the_next_proxy_on_the_machine_charges_what_a_killed_one_kept(
    database: Database, database_url: str, running_simulator: ModelSimulator, ledger: Away, tmp_path: Path, root: Path
) -> None:
    user_id = await new_user(database)
    await hold_for(ledger, user_id, "killed")
    killed = subprocess.Popen(  # noqa: ASYNC220  # a moment's start; the test waits for its line anyway
        [sys.executable, "-c", PROXY, str(root), str(user_id)], stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout is not None
    assert await asyncio.to_thread(killed.stdout.readline) == "kept\n"
    killed.send_signal(signal.SIGKILL)
    await asyncio.to_thread(killed.wait)
    killed.stdout.close()

    async with running_gateway(database_url, running_simulator.url, solaris_state_dir=tmp_path / "state") as room:
        for _ in range(200):
            if (await room.ledger.balance(user_id)).wallet.held == 0:
                break
            await asyncio.sleep(0.02)
        event = await database.fetchrow("SELECT * FROM usage_events WHERE user_id = $1", user_id)
        assert event is not None
        assert (event["tokens_charged"], event["ending"], event["estimated"]) == (44, "complete", False)
        assert room.logged("spool_replayed")


async def test_a_proxy_stopped_while_postgresql_is_away_leaves_the_charge_to_another(
    database_url: str, running_simulator: ModelSimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WalRecovery.__init__.__kwdefaults__, "every_seconds", 0.1)
    state = tmp_path / "state"
    async with (
        running_gateway(database_url, running_simulator.url, solaris_state_dir=state) as other,
        wire_to(database_url) as (writer, url),
        running_gateway(url, running_simulator.url, solaris_state_dir=state) as room,
    ):
        user = await other.user()
        answer = await room.chat(user, "Olá [[sim output_tokens=20 chunk_delay_seconds=0.05]]", stream=True)
        writer.cut()
        assert (await answer.read()).endswith(b"[DONE]\n\n")
        assert room.logged("settlement_waits")
        room.server.should_exit = True
        for _ in range(1500):
            if await other.events(user):
                break
            await asyncio.sleep(0.01)
        assert room.logged("settlements_left_behind")
        assert other.logged("spool_replayed")
        event = await other.only_event(user)
        assert (event["output_tokens"], event["estimated"]) == (20, False)
        writer.mend()


async def test_a_charge_is_told_in_the_trace_of_its_own_call_whoever_was_charged_with_it(
    database: Database, ledger: Away, settlement_queue: SettlementQueue
) -> None:
    user_id = await new_user(database)
    heard: list[tuple[int, str | None]] = []

    async def one(number: int) -> None:
        current_trace_id.set(f"trace {number}")
        hold = await hold_for(ledger, user_id, f"r{number}")
        settle = settlement_queue.settle(
            hold, usage_of(number), lambda *told: heard.append((told[2].tokens_charged, current_trace_id.get()))
        )
        assert await settle is not None

    await asyncio.gather(*map(one, range(1, 5)))
    await settlement_queue.drain()
    assert sorted(heard) == [(number, f"trace {number}") for number in range(1, 5)]
