"""As many calls as a server can answer, over several numbers of connections; and the proxy at half of that."""

from dataclasses import dataclass, field
from pathlib import Path

from bench import profiler
from bench.calls import Call
from bench.findings import Findings, Table, Verdict, middle, ms, rate
from bench.load import Result, Shape
from bench.scenario import Scene, Server

_MIN_TIMES_LITELLM = 25.0
_MIN_SHARE_OF_FORWARDER = 0.60
_MAX_ADDED_AT_HALF_LOAD_MS = 5.0
_HALF_LOAD_CONNECTIONS = 256
_PROFILE_SECONDS = 8.0


@dataclass
class _Rounds:
    per_second: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    processor_us: list[float] = field(default_factory=list)

    def note(self, result: Result, processor_seconds: float) -> None:
        self.per_second.append(result.per_second)
        self.p50.append(result.percentile_ms(50))
        self.p99.append(result.percentile_ms(99))
        self.processor_us.append(1e6 * processor_seconds / max(1, result.answered))


async def measure(scene: Scene) -> Findings:
    """Closed loads at 32, 64 and 256 connections, then evenly paced calls at half of the proxy's best rate."""
    found = {count: await _rounds(scene, count) for count in scene.options.connections}
    findings = Findings(tables=[_table(scene, found)])
    best = {name: max(middle(rounds[name].per_second) for rounds in found.values()) for name in _names(scene)}
    findings.verdicts += _verdicts(scene, best)
    await _half_load(scene, best[scene.proxy.name] / 2, findings)
    findings.proofs.append(await scene.prove("saturation and half load"))
    if scene.options.profile is not None:
        findings.tables += await _profiled(scene, scene.options.profile)
    return findings


def _names(scene: Scene) -> list[str]:
    return [server.name for server in _servers(scene)]


def _servers(scene: Scene) -> list[Server]:
    return [scene.forwarder, scene.proxy, *([scene.litellm] if scene.litellm else [])]


async def _rounds(scene: Scene, connections: int) -> dict[str, _Rounds]:
    rounds = {name: _Rounds() for name in _names(scene)}
    for number in range(scene.options.rounds):
        for server in _servers(scene):
            if server is scene.litellm and number > 0:
                continue  # so much slower that one round of it takes as long as all of the others'
            seconds = scene.options.litellm_load_seconds if server is scene.litellm else scene.options.load_seconds
            before = server.running.processor_seconds
            result = await scene.run(server, Call(), Shape(connections, seconds=seconds))
            rounds[server.name].note(result, server.running.processor_seconds - before)
    return rounds


def _table(scene: Scene, found: dict[int, dict[str, _Rounds]]) -> Table:
    rows = []
    for connections, rounds in found.items():
        forwarder = middle(rounds[scene.forwarder.name].per_second)
        least_us = middle(rounds[scene.forwarder.name].processor_us)
        litellm = middle(rounds[scene.litellm.name].per_second) if scene.litellm else float("nan")
        for name, figures in rounds.items():
            reached = middle(figures.per_second)
            row = (f"{connections}", name, rate(reached), ms(middle(figures.p50)), ms(middle(figures.p99)))
            shares = (f"{100 * reached / forwarder:.0f} %", "–" if not scene.litellm else f"{reached / litellm:.1f} ×")
            us = middle(figures.processor_us)
            rows.append((*row, *shares, f"{us:,.0f}", f"{100 * least_us / us:.0f} %"))
    columns = (
        "connections",
        "server",
        "calls/s",
        "p50 ms",
        "p99 ms",
        "of forwarder",
        "LiteLLM ×",
        "CPU µs per call",
        "of forwarder",
    )
    note = (
        "Each connection asks again when its answer is here. CPU: user and system time of the server's own process; "
        "unlike calls/s, it hardly changes when something else runs on the machine."
    )
    return Table("As fast as each can, not streamed", columns, rows, note)


def _verdicts(scene: Scene, best: dict[str, float]) -> list[Verdict]:
    proxy, forwarder = best[scene.proxy.name], best[scene.forwarder.name]
    share = proxy / forwarder
    verdicts = [
        Verdict(
            "calls/s, of the same server only forwarding",
            "≥ 60 %",
            f"{100 * share:.0f} % ({rate(proxy)} of {rate(forwarder)})",
            share >= _MIN_SHARE_OF_FORWARDER,
        )
    ]
    if scene.litellm is not None:
        litellm = best[scene.litellm.name]
        times = proxy / litellm
        measured = f"{times:.1f} × ({rate(proxy)} to {rate(litellm)})"
        verdicts.append(
            Verdict("calls/s, times LiteLLM with one worker", "≥ 25 ×", measured, times >= _MIN_TIMES_LITELLM)
        )
    return verdicts


async def _half_load(scene: Scene, per_second: float, findings: Findings) -> None:
    options = scene.options
    shape = Shape(
        _HALF_LOAD_CONNECTIONS,
        seconds=options.lead_in_seconds + options.half_load_seconds,
        per_second=per_second,
        lead_in_seconds=options.lead_in_seconds,
    )
    servers = [scene.direct, scene.forwarder, scene.proxy]
    rounds = {server.name: _Rounds() for server in servers}
    for _ in range(options.rounds):
        for server in servers:
            before = server.running.processor_seconds
            result = await scene.run(server, Call(), shape)
            rounds[server.name].note(result, server.running.processor_seconds - before)
    direct = middle(rounds[scene.direct.name].p99)
    rows = [
        (
            name,
            rate(middle(found.per_second)),
            ms(middle(found.p50)),
            ms(middle(found.p99)),
            ms(middle(found.p99) - direct),
        )
        for name, found in rounds.items()
    ]
    columns = ("server", "calls/s", "p50 ms", "p99 ms", "adds p99")
    note = (
        "Calls fall due evenly at half of the proxy's best rate, whatever the answers do; a wait for a connection counts, "
        f"the first {options.lead_in_seconds:g} s do not."
    )
    findings.tables.append(Table("Half load, not streamed", columns, rows, note))
    added = middle(rounds[scene.proxy.name].p99) - direct
    reached = added <= _MAX_ADDED_AT_HALF_LOAD_MS
    findings.verdicts.append(Verdict("time added to a call, half load, p99", "≤ 5 ms", f"{ms(added)} ms", reached))


async def _profiled(scene: Scene, tool: Path) -> list[Table]:
    """A load of its own, so that sampling disturbs no figure."""
    async with profiler.sampling(tool, scene.proxy.running.process.pid, scene.stage.folder, _PROFILE_SECONDS) as stacks:
        result = await scene.run(scene.proxy, Call(), Shape(64, seconds=_PROFILE_SECONDS + 1))
    await scene.prove("profiled load")
    return profiler.tables(stacks, result.per_second)
