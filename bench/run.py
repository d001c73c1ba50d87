"""One run, from the empty folder to the report."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import asyncpg

from bench import hot_user, latency, machine, saturation, scale, streams
from bench.accounts import create_users, give_keys
from bench.audit import Books
from bench.calls import Target
from bench.cores import Cores, divide
from bench.findings import Findings
from bench.options import PARTS, Options
from bench.report import Report
from bench.scenario import Scene, Server
from bench.servers import TIMEZONE, Stage
from bench.waking import wake_us
from solaris.apps.schema import apply_schema

_LOADS: dict[str, Callable[[Scene], Awaitable[Findings]]] = {
    "latency": latency.measure,
    "saturation": saturation.measure,
    "streams": streams.measure,
    "hot_user": hot_user.measure,
}


async def run(options: Options, command: str, say: Callable[[str], None]) -> Report:
    """Start everything, measure, stop everything.

    Raises:
        LocalError: a server can't be started.
    """
    begun, clock = datetime.now(UTC), time.monotonic()
    cores = divide()
    stage = Stage(cores, options.folder)
    findings = Findings()
    try:
        woken_after_us = wake_us(cores)
        say("starting PostgreSQL and Valkey")
        await stage.open_stores()
        described = machine.describe(await stage.database_version(), stage.folder, _pinning(cores), woken_after_us)
        upstream = await stage.start_upstream()
        if options.parts & _LOADS.keys():
            findings.add(await _loads(stage, Server(Target("direct", upstream.port), upstream), options, say))
        if "scale" in options.parts:
            findings.add(await scale.measure(stage, options, say))
    finally:
        await stage.close()
    return Report(command, begun, time.monotonic() - clock, described, findings)


async def _loads(stage: Stage, direct: Server, options: Options, say: Callable[[str], None]) -> Findings:
    scene = await _scene(stage, direct, options, say)
    findings = Findings()
    try:
        say("warming up")
        await scene.warm_up()
        findings.proofs.append(await scene.prove("warm-up"))
        for name in PARTS:
            if name in options.parts and name in _LOADS:
                say(f"measuring: {name.replace('_', ' ')}")
                findings.add(await _LOADS[name](scene))
    finally:
        await scene.books.close()
    return findings


async def _scene(stage: Stage, direct: Server, options: Options, say: Callable[[str], None]) -> Scene:
    await apply_schema(stage.database_url, timezone=TIMEZONE)
    connection = await asyncpg.connect(stage.database_url)
    try:
        await create_users(connection, options.users)
        keys = await give_keys(connection, options.users)
    finally:
        await connection.close()
    say("starting the forwarder, the proxy" + (" and LiteLLM" if options.litellm else ""))
    forwarder = await stage.start_forwarder()
    proxy = await stage.start_proxy()
    litellm = await stage.start_litellm() if options.litellm else None
    return Scene(
        options,
        stage,
        Books(stage.database_url),
        direct,
        Server(Target("forwarder", forwarder.port), forwarder),
        Server(Target("proxy", proxy.port, keys), proxy),
        None if litellm is None else Server(Target("LiteLLM", litellm.port, [stage.litellm_key]), litellm),
        say,
    )


def _pinning(cores: Cores) -> str:
    if not cores.divided:
        return "not pinned: this system can't, or has one processor"
    return (
        f"processor {', '.join(map(str, sorted(cores.measured)))}: the measured server (forwarder, proxy, LiteLLM in turn); "
        f"processor {', '.join(map(str, sorted(cores.others)))}: load generator, upstream, PostgreSQL, Valkey"
    )
