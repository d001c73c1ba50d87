"""One call at a time: what each server adds to a call, over calling the upstream directly."""

from dataclasses import dataclass, field

from bench.calls import Call
from bench.findings import Findings, Table, Verdict, middle, ms
from bench.load import Result, Shape
from bench.scenario import Scene, Server

_USERS = 16
_LONGEST_SECONDS = 20.0
_MAX_ADDED_MS = 1.0


@dataclass
class _Rounds:
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    first_byte: list[float] = field(default_factory=list)

    def note(self, result: Result) -> None:
        self.p50.append(result.percentile_ms(50))
        self.p99.append(result.percentile_ms(99))
        self.first_byte.append(result.first_byte_ms(50))


async def measure(scene: Scene) -> Findings:
    """Sequential calls, streamed and not; the servers take turns in every round."""
    findings = Findings()
    whole = await _rounds(scene, Call())
    streamed = await _rounds(scene, Call(stream=True))
    findings.tables.append(_table("One call at a time, not streamed (1 kB asked, 1 kB answered)", whole))
    findings.tables.append(_table("One call at a time, streamed (20 chunks)", streamed))
    direct, proxy = scene.direct.name, scene.proxy.name
    added = middle(whole[proxy].p50) - middle(whole[direct].p50)
    first = middle(streamed[proxy].first_byte) - middle(streamed[direct].first_byte)
    findings.verdicts += [
        Verdict("time added to a call, alone, p50", "≤ 1 ms", f"{ms(added)} ms", added <= _MAX_ADDED_MS),
        Verdict("time added to the first streamed byte, p50", "≤ 1 ms", f"{ms(first)} ms", first <= _MAX_ADDED_MS),
    ]
    findings.proofs.append(await scene.prove("one call at a time"))
    return findings


async def _rounds(scene: Scene, call: Call) -> dict[str, _Rounds]:
    servers = [scene.direct, scene.forwarder, scene.proxy, *([scene.litellm] if scene.litellm else [])]
    rounds = {server.name: _Rounds() for server in servers}
    for _ in range(scene.options.rounds):
        for server in servers:
            rounds[server.name].note(await scene.run(server, call, _shape(scene, server), _keys(server)))
    return rounds


def _shape(scene: Scene, server: Server) -> Shape:
    slow = server is scene.litellm
    count = scene.options.litellm_latency_calls if slow else scene.options.latency_calls
    return Shape(requests=count, seconds=_LONGEST_SECONDS)


def _keys(server: Server) -> tuple[str, ...]:
    return tuple(server.target.keys[:_USERS])


def _table(title: str, rounds: dict[str, _Rounds]) -> Table:
    base = next(iter(rounds.values()))
    rows = []
    for name, found in rounds.items():
        figures = [found.p50, found.p99, found.first_byte]
        added = [ms(middle(figure) - middle(of)) for figure, of in zip(figures, _figures(base), strict=True)]
        rows.append((name, *(ms(middle(figure)) for figure in figures), *(added if found is not base else ["–"] * 3)))
    columns = ("server", "p50 ms", "p99 ms", "first byte p50 ms", "adds p50", "adds p99", "adds to first byte")
    return Table(title, columns, rows, "Milliseconds; “adds” is over the direct call, in the same run.")


def _figures(rounds: _Rounds) -> list[list[float]]:
    return [rounds.p50, rounds.p99, rounds.first_byte]
