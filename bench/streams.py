"""Streams: as many as a server can relay, and a thousand open at once, with the proxy's memory before, during and after."""

import asyncio
from dataclasses import dataclass, field

from bench.calls import Call
from bench.findings import Findings, Table, Verdict, megabytes, middle, ms, rate
from bench.load import Result, Shape, percentile_ms
from bench.scenario import Scene, Server
from bench.servers import quiet

_MAX_BYTES = 150e6
_FLAT_SHARE = 0.05
_OPENING_SHARE = 0.3
_CLOSING_SHARE = 0.9
_SLACK_SECONDS = 30.0
_AFTER_SECONDS = 1.0


@dataclass
class _Rounds:
    per_second: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    first_p50: list[float] = field(default_factory=list)
    first_p99: list[float] = field(default_factory=list)

    def note(self, result: Result) -> None:
        self.per_second.append(result.per_second)
        self.p50.append(result.percentile_ms(50))
        self.first_p50.append(result.first_byte_ms(50))
        self.first_p99.append(result.first_byte_ms(99))


@dataclass(frozen=True)
class _Memory:
    before: int
    opened: int
    late: int
    after: int
    result: Result


async def measure(scene: Scene) -> Findings:
    """Streams as fast as they go, then the open ones."""
    findings = Findings(tables=[await _saturated(scene)])
    findings.proofs.append(await scene.prove("streams"))
    memory = await _open_streams(scene)
    count = scene.options.open_streams
    findings.tables += [_memory_table(memory, count), _delay_table(memory.result, count)]
    grown = (memory.late - memory.opened) / memory.opened
    findings.verdicts += [
        Verdict(
            f"proxy's memory at {count:,} open streams", "< 150 MB", megabytes(memory.late), memory.late < _MAX_BYTES
        ),
        Verdict(
            "memory per stream stays flat while chunks flow",
            "± 5 %",
            f"{100 * grown:+.1f} % over {scene.options.open_stream_chunks} chunks",
            grown <= _FLAT_SHARE,
        ),
    ]
    findings.proofs.append(await scene.prove(f"{count:,} open streams"))
    return findings


async def _saturated(scene: Scene) -> Table:
    servers = [scene.forwarder, scene.proxy, *([scene.litellm] if scene.litellm else [])]
    rounds = {server.name: _Rounds() for server in servers}
    for number in range(scene.options.rounds):
        for server in servers:
            if server is scene.litellm and number > 0:
                continue
            rounds[server.name].note(await scene.run(server, Call(stream=True), _shape(scene, server)))
    base = middle(rounds[scene.forwarder.name].per_second)
    least = middle(rounds[scene.litellm.name].per_second) if scene.litellm else float("nan")
    rows = []
    for name, found in rounds.items():
        reached = middle(found.per_second)
        times = "–" if scene.litellm is None else f"{reached / least:.1f} ×"
        figures = [ms(middle(figure)) for figure in (found.p50, found.first_p50, found.first_p99)]
        rows.append((name, rate(reached), *figures, f"{100 * reached / base:.0f} %", times))
    columns = ("server", "streams/s", "whole p50 ms", "first byte p50 ms", "p99 ms", "of forwarder", "LiteLLM ×")
    title = f"As fast as each can, streamed (20 chunks, {scene.options.stream_connections} connections)"
    return Table(title, columns, rows, "The upstream sends its chunks without pause, so several may arrive together.")


def _shape(scene: Scene, server: Server) -> Shape:
    options = scene.options
    seconds = options.litellm_load_seconds if server is scene.litellm else options.load_seconds
    return Shape(options.stream_connections, seconds=seconds)


async def _open_streams(scene: Scene) -> _Memory:
    options, proxy = scene.options, scene.proxy.running
    chunks, pause_ms = options.open_stream_chunks, options.open_stream_pause_ms
    lasting_seconds = chunks * pause_ms / 1000
    call = Call(stream=True, directive=f"[[slow {chunks} chunks every {pause_ms} ms]]")
    shape = Shape(
        options.open_streams,
        requests=options.open_streams,
        seconds=lasting_seconds + _SLACK_SECONDS,
        reads_stamps=True,
    )
    before = proxy.resident_bytes
    running = asyncio.create_task(scene.run(scene.proxy, call, shape))
    await asyncio.sleep(_OPENING_SHARE * lasting_seconds)
    opened = proxy.resident_bytes
    await asyncio.sleep((_CLOSING_SHARE - _OPENING_SHARE) * lasting_seconds)
    late = proxy.resident_bytes
    result = await running
    await quiet(_AFTER_SECONDS)
    return _Memory(before, opened, late, proxy.resident_bytes, result)


def _memory_table(memory: _Memory, count: int) -> Table:
    rows = [
        ("before", megabytes(memory.before), ""),
        ("all open, first third", megabytes(memory.opened), _per_stream(memory.opened - memory.before, count)),
        ("all open, just before their end", megabytes(memory.late), _per_stream(memory.late - memory.before, count)),
        ("after", megabytes(memory.after), ""),
    ]
    note = "Resident memory (VmRSS) of the one proxy process, after all the loads before."
    return Table(f"Memory with {count:,} streams open at once", ("when", "proxy", "per stream"), rows, note)


def _per_stream(size_bytes: int, count: int) -> str:
    return f"{size_bytes / count / 1000:.1f} kB"


def _delay_table(result: Result, count: int) -> Table:
    delays = result.chunk_seconds
    row = (f"{len(delays):,}", *(ms(percentile_ms(delays, percent)) for percent in (50, 99, 100)))
    note = "From the moment the upstream wrote a chunk to the moment the client read it, load generator included."
    return Table(f"Chunks with {count:,} streams open", ("chunks", "p50 ms", "p99 ms", "longest ms"), [row], note)
