"""One user with many calls in flight against a thousand users with one each: a wallet must be no bottleneck."""

from bench.calls import Call
from bench.findings import Findings, Table, Verdict, middle, ms, rate
from bench.load import Shape
from bench.scenario import Scene

_CONNECTIONS = 64
_MIN_SHARE = 0.90


async def measure(scene: Scene) -> Findings:
    """64 requests in flight, in turns by one user and by all."""
    keys = scene.proxy.target.keys
    groups = {"one user": keys[:1], f"{len(keys):,} users": keys}
    rates: dict[str, list[float]] = {name: [] for name in groups}
    tails: dict[str, list[float]] = {name: [] for name in groups}
    for _ in range(scene.options.rounds):
        for name, group in groups.items():
            shape = Shape(_CONNECTIONS, seconds=scene.options.load_seconds)
            result = await scene.run(scene.proxy, Call(), shape, group)
            rates[name].append(result.per_second)
            tails[name].append(result.percentile_ms(99))
    hot, spread = (middle(found) for found in rates.values())
    rows = [(name, rate(middle(rates[name])), ms(middle(tails[name]))) for name in groups]
    share = hot / spread
    verdict = Verdict(
        "one hot user, 64 in flight, of the rate of 1,000 users",
        "≥ 90 %",
        f"{100 * share:.0f} %",
        share >= _MIN_SHARE,
    )
    table = Table("One hot user (64 requests in flight)", ("who calls", "calls/s", "p99 ms"), rows)
    return Findings([table], [verdict], [await scene.prove("one hot user")])
