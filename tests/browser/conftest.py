"""A real browser on the built pages. `SOLARIS_BROWSER_REQUIRED=1` (or `CI`) makes a machine without one fail, not skip."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect
from tests.browser.admin_rooms import arrange_company
from tests.browser.chrome import installed_browser, launch, must_run
from tests.browser.services import Services, running
from tests.browser.visitor import Visitor

# A busy machine may need long to draw a page: no promise of the product is about it.
PATIENCE_MILLISECONDS = 30_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)
ARTIFACTS = Path(__file__).parents[2] / "artifacts" / "screenshots"


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The machine's Chromium or Chrome, headless."""
    async with async_playwright() as playwright:
        executable = installed_browser(playwright)
        if executable is None:
            reason = "no Chromium or Chrome on this machine (Debian: apt-get install chromium): NO PAGE WAS TESTED"
            if must_run():
                pytest.fail(reason)
            pytest.skip(reason)
        found = await launch(playwright, executable)
        yield found
        await found.close()


@pytest.fixture(scope="module")
async def services(module_database_url: str, redis_url: str) -> AsyncIterator[Services]:
    """Proxy and Admin Dashboard over a database of the module's own."""
    async with running(module_database_url, redis_url) as started:
        yield started


@pytest.fixture(scope="session")
async def company(
    session_database_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Services]:
    """The same over the demo's company, for all modules that say `services = company`; what a test changes there stays changed."""
    async with running(session_database_url, redis_url) as started:
        await arrange_company(started, tmp_path_factory.mktemp("company"))
        yield started


@pytest.fixture
async def visitor(browser: Browser, services: Services) -> AsyncIterator[Visitor]:
    """Somebody with an empty browser. The test fails where a page wrote an error to the console or broke its own policy."""
    context = await browser.new_context(locale="pt-BR", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    somebody = Visitor(await context.new_page(), services, ARTIFACTS)
    yield somebody
    await context.close()
    assert not somebody.complaints, "\n".join(somebody.complaints)
