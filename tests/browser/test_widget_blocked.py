"""The widget where the user's chat has stopped, whether tokens are left or not."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.visitor import Visitor
from tests.browser.widget_place import ARTIFACTS, Place, dialog, look, pill, running_place


@pytest.fixture(scope="module")
async def place(module_database_url: str, redis_url: str) -> AsyncIterator[Place]:
    async with running_place(module_database_url, redis_url) as place:
        yield place


@pytest.fixture
async def page(browser: Browser, place: Place) -> AsyncIterator[Page]:
    """A tab that fails the test where anything in it breaks the chat's policy or throws."""
    context = await browser.new_context(locale="pt-BR", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(30_000)
    visitor = Visitor(await context.new_page(), place.services, ARTIFACTS)
    yield visitor.page
    await context.close()
    assert not visitor.complaints, "\n".join(visitor.complaints)


async def test_a_rest_that_covers_no_call_is_told_as_a_chat_that_stopped(page: Page, place: Place) -> None:
    chatter = await place.chatter(monthly_tokens=1_000)
    assert await place.ask_for(chatter, 988) == 200
    await page.goto(place.chat.url(token=chatter.token))
    await expect(page.get_by_role("dialog", name="Atenção: 90% dos tokens já foram usados")).to_be_visible()
    await page.get_by_role("button", name="Agora não").click()

    assert await place.ask_for(chatter, 170) == 402

    await expect(page.get_by_role("dialog", name="Seu chat parou")).to_be_visible()
    await expect(dialog(page)).to_contain_text("Restam 12 tokens, e seu último pedido precisava de cerca de 170.")
    await expect(dialog(page)).to_contain_text("A franquia renova em 01/")
    await look(page, "widget-modal-stopped")
    await page.get_by_role("button", name="Agora não").click()
    await expect(dialog(page)).to_have_count(0)
    await expect(pill(page)).to_have_class("pill blocked")
    await pill(page).click()
    panel = page.locator("solaris-widget .panel")
    await expect(panel).to_contain_text("Seu chat parou. Restam 12 tokens")
    await expect(panel.locator("progress")).to_have_class("bar blocked")
    await look(page, "widget-panel-stopped")

    # It is told once, here and after the page is loaded again; a smaller call that is served ends the block.
    assert await place.ask_for(chatter, 171) == 402
    await expect(panel).to_contain_text("precisava de cerca de 171", timeout=10_000)
    await page.reload()
    await expect(pill(page)).to_have_class("pill blocked")
    assert await place.ask_for(chatter, 2) == 200
    await expect(pill(page)).to_have_text("10 tokens restantes")
    await expect(pill(page)).to_have_class("pill urgent")
    await expect(dialog(page)).to_have_count(0)


async def test_a_user_without_allowance_reads_of_no_renewal(page: Page, place: Place) -> None:
    chatter = await place.chatter(monthly_tokens=0)
    await page.goto(place.chat.url(token=chatter.token))
    await expect(pill(page)).to_have_class("pill blocked")
    await pill(page).click()
    panel = page.locator("solaris-widget .panel")
    await expect(panel).to_contain_text("Sua conta está sem créditos e não tem franquia mensal.")
    await expect(panel).not_to_contain_text("renova")
    await expect(panel).not_to_contain_text("100%")

    await place.grant(chatter, 1_000)
    await expect(pill(page)).to_have_text("1.000 tokens restantes")
    assert await place.ask_for(chatter, 850) == 200
    await expect(dialog(page)).to_contain_text("Restam 150 tokens.")
    await expect(dialog(page)).not_to_contain_text("renova")
    await page.get_by_role("button", name="Agora não").click()
    assert await place.ask_for(chatter, 150) == 200
    await expect(page.get_by_role("dialog", name="Seus tokens acabaram")).to_be_visible()
    await expect(dialog(page)).to_contain_text("Para continuar, compre créditos.")
    await expect(dialog(page)).not_to_contain_text("renova")
