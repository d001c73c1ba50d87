"""What staff's pages ask for, on both databases: the dashboard, the statistics' usual ranges, and the list of users."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bench import load
from bench.calls import Target
from bench.findings import Table, Verdict, middle, ms
from bench.load import Shape
from bench.servers import TIMEZONE

MAX_DASHBOARD_MS = 300.0
MAX_STATS_MS = 500.0
MAX_USERS_MS = 150.0
DASHBOARD = "dashboard"
_CALLS = 5
_SECONDS = 60.0


def routes() -> dict[str, str]:
    """The routes by name; ranges end today."""
    today = datetime.now(ZoneInfo(TIMEZONE)).date()

    def stats(days: int, unit: str, more: str = "") -> str:
        return f"/admin/usage/stats?from={today - timedelta(days=days - 1)}&to={today}&group_by={unit}{more}"

    return {
        DASHBOARD: "/admin/dashboard",
        "stats: 24 h by hour": stats(2, "hour"),
        "stats: 30 days by day": stats(30, "day"),
        "stats: 12 months by month": stats(365, "month"),
        "stats: 30 days by day and model": stats(30, "day", "&split_by=model"),
        "stats: 30 days by day and front end": stats(30, "day", "&split_by=front_end"),
        "stats: 30 days by day and plan": stats(30, "day", "&split_by=plan"),
        "stats: 30 days by day and user": stats(30, "day", "&split_by=user"),
        "users: newest first": "/admin/users",
        "users: page 40 by name": "/admin/users?sort=name&order=asc&page=40",
        "users: most used first": "/admin/users?sort=usage_percent",
        "users: in the state alert_80": "/admin/users?state=alert_80",
        "users: usage of 80 to 90 %": "/admin/users?usage_percent_min=80&usage_percent_max=90",
        "users: search": "/admin/users?q=bench%2077",
    }


async def measure(port: int, token: str, say: Callable[[str], None]) -> dict[str, list[float]]:
    """Ask for each, one at a time; milliseconds by name, the first one with cold caches."""
    found: dict[str, list[float]] = {}
    for name, route in routes().items():
        request = Target("admin", port, [token]).reads(route)
        for _ in range(1 + _CALLS):
            result = await load.run(port, request, Shape(requests=1, seconds=_SECONDS))
            if result.failures:
                say(f"  {route}: {result.first_failure}")
                break
            found.setdefault(name, []).append(result.percentile_ms(50))
            # Apart, so that an answer kept for a second or two does not make the median.
            await asyncio.sleep(0.5 if name == DASHBOARD else 0)
    return found


def table(users: tuple[str, str], small: Mapping[str, list[float]], large: Mapping[str, list[float]]) -> Table:
    """Both databases side by side: the first answer, and the median of those after it."""
    columns = ("what", *(f"{count} users, {which}" for count in users for which in ("first", "then")))
    rows = [(name, *(cell for size in (small, large) for cell in _cells(size.get(name, [])))) for name in routes()]
    note = (
        "Milliseconds over HTTP, one question at a time, by an admin; the first finds cold caches. The rollups are filled, as the "
        "worker does it every minute."
    )
    return Table("Scale: staff's pages", columns, rows, note)


def verdicts(size_label: str, large: Mapping[str, list[float]]) -> list[Verdict]:
    """The dashboard at its slowest; of the others the slowest median."""
    bounds = ((DASHBOARD, MAX_DASHBOARD_MS), ("stats", MAX_STATS_MS), ("users", MAX_USERS_MS))
    found = []
    for start, most in bounds:
        times = {name: values for name, values in large.items() if name.startswith(start) and len(values) > 1}
        if not times:
            continue
        slowest = max(max(values) if start == DASHBOARD else middle(values[1:]) for values in times.values())
        title = start if start == DASHBOARD else f"{start}, the slowest of {len(times)} usual questions,"
        found.append(Verdict(f"{title} at {size_label}", f"< {most:.0f} ms", f"{ms(slowest)} ms", slowest < most))
    return found


def _cells(values: list[float]) -> tuple[str, str]:
    return (ms(values[0]), ms(middle(values[1:]))) if values else ("–", "–")
