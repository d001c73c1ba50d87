"""How long the dashboard takes to open in a real browser, where Playwright (a development package) and a browser are at hand."""

import os
import shutil
import time
from collections.abc import Mapping

from bench.findings import Table, Verdict, middle, ms

MAX_SECONDS = 2.0
_OPENINGS = 5
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_WAIT_MS = 30_000.0
_SIZE = "1280 x 800"


async def measure(port: int, cookie: tuple[str, str]) -> list[float]:
    """Milliseconds from the address to the twelve figures, each time in a browser that has kept nothing; none without one."""
    try:
        from playwright.async_api import async_playwright
    except ModuleNotFoundError:
        return []
    executable = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if executable is None:
        return []
    url = f"http://127.0.0.1:{port}"
    found = []
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=["--disable-gpu", *sandbox])
        for _ in range(_OPENINGS):
            context = await browser.new_context(locale="pt-BR", viewport={"width": 1280, "height": 800})
            await context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": url}])
            page = await context.new_page()
            begun = time.perf_counter()
            await page.goto(url)
            await page.get_by_text("Usuários no total").wait_for(timeout=_WAIT_MS)
            await page.get_by_text("Taxa de erro").wait_for(timeout=_WAIT_MS)
            found.append(1000 * (time.perf_counter() - begun))
            await context.close()
        await browser.close()
    return found


def table(openings: Mapping[str, list[float]]) -> Table | None:
    """The first opening, and the median of those after it, by the database's size; None where no browser was at hand."""
    rows: list[tuple[str, ...]] = [
        (name, ms(values[0]), ms(middle(values[1:]))) for name, values in openings.items() if values
    ]
    note = f"From the address to the figures, in a Chromium of {_SIZE} that has kept nothing; milliseconds, all its work included."
    return Table("Opening the dashboard in a browser", ("database", "first", "then"), rows, note) if rows else None


def verdicts(size: str, large: list[float]) -> list[Verdict]:
    """The slowest opening with the large database."""
    if not large:
        return []
    slowest = max(large)
    return [
        Verdict(
            f"opening the dashboard in a browser at {size}",
            f"< {MAX_SECONDS:.0f} s",
            f"{slowest / 1000:.2f} s",
            slowest < 1000 * MAX_SECONDS,
        )
    ]
