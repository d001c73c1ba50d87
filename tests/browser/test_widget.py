"""The widget on a chat of another origin, under a strict policy, in a real browser (SPEC 11, Widget)."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect
from tests.browser.axe import assert_accessible
from tests.browser.visitor import Visitor
from tests.browser.widget_place import ARTIFACTS, Place, dialog, look, pill, running_place
from tests.integration.auth_room import PASSWORD

from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.platform.redis import RedisClient


@pytest.fixture(scope="module")
async def place(module_database_url: str, redis_url: str) -> AsyncIterator[Place]:
    async with running_place(module_database_url, redis_url) as place:
        yield place


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(locale="pt-BR", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(30_000)
    yield context
    await context.close()


@pytest.fixture
async def page(context: BrowserContext, place: Place) -> AsyncIterator[Page]:
    """A tab that fails the test where anything in it breaks the chat's policy or throws."""
    visitor = Visitor(await context.new_page(), place.services, ARTIFACTS)
    yield visitor.page
    assert not visitor.complaints, "\n".join(visitor.complaints)


async def test_a_user_connects_the_chat_on_the_proxys_own_page(page: Page, place: Place) -> None:
    chatter = await place.chatter(used=79)
    await page.goto(place.chat.url())
    await expect(pill(page)).to_have_text("Conectar meu saldo")
    await look(page, "widget-unconnected")
    await pill(page).click()
    async with page.expect_popup() as opening:
        await page.locator("solaris-widget .panel").get_by_role("button", name="Conectar meu saldo").click()
    popup = await opening.value
    connecting = Visitor(popup, place.services, ARTIFACTS)
    await popup.get_by_role("heading", name="Entre na sua conta").wait_for()
    await connecting.look("widget-connect-sign-in")
    await popup.get_by_label("E-mail").fill(chatter.email)
    await popup.get_by_label("Senha").fill("errada demais")
    await popup.get_by_role("button", name="Entrar").click()
    await expect(popup.get_by_role("alert")).to_have_text("E-mail ou senha incorretos.")
    await popup.get_by_label("Senha").fill(PASSWORD)
    await popup.get_by_role("button", name="Entrar").click()
    await expect(popup.get_by_text(place.chat.origin)).to_be_visible()
    await connecting.look("widget-connect-consent")
    async with popup.expect_event("close"):
        await popup.get_by_role("button", name="Conectar").click()
    await expect(pill(page)).to_have_text("21.000 tokens restantes")
    await page.reload()
    await expect(pill(page)).to_have_text("21.000 tokens restantes")


async def test_each_threshold_is_told_once(page: Page, place: Place) -> None:
    chatter = await place.chatter(used=79)
    await page.goto(place.chat.url(token=chatter.token))
    await expect(pill(page)).to_have_text("21.000 tokens restantes")
    await look(page, "widget-79")
    await expect(dialog(page)).to_have_count(0)

    await place.use(chatter, 2)
    await expect(pill(page)).to_have_text("19.000 tokens restantes")
    await expect(page.get_by_role("dialog", name="Você já usou 80% dos seus tokens")).to_be_visible()
    await expect(dialog(page)).to_contain_text("Restam 19.000 tokens. A franquia renova em 01/")
    await look(page, "widget-modal-80")
    await page.get_by_role("button", name="Agora não").click()
    await expect(dialog(page)).to_have_count(0)
    await place.use(chatter, 1)
    await expect(pill(page)).to_have_text("18.000 tokens restantes")
    await page.wait_for_timeout(500)
    await expect(dialog(page)).to_have_count(0)

    await place.use(chatter, 10)
    await expect(page.get_by_role("dialog", name="Atenção: 90% dos tokens já foram usados")).to_be_visible()
    await look(page, "widget-modal-90")
    await page.keyboard.press("Escape")
    await expect(dialog(page)).to_have_count(0)

    await place.use(chatter, 8)
    await expect(page.get_by_role("dialog", name="Seus tokens acabaram")).to_be_visible()
    await look(page, "widget-modal-100")
    buy = page.locator("solaris-widget dialog").get_by_role("link", name="Comprar créditos")
    assert await buy.get_attribute("href") == f"{place.services.portal_url}/creditos"
    await page.get_by_role("button", name="Agora não").click()
    await expect(pill(page)).to_have_text("0 tokens restantes")
    await pill(page).click()
    await look(page, "widget-panel-100")
    for _ in range(50):
        if await place.acknowledged(chatter) == [80, 90, 100]:
            break
        await asyncio.sleep(0.1)
    assert await place.acknowledged(chatter) == [80, 90, 100]

    await page.reload()
    await expect(pill(page)).to_have_text("0 tokens restantes")
    await page.wait_for_timeout(500)
    await expect(dialog(page)).to_have_count(0)
    # Credits arm the thresholds again.
    await place.grant(chatter, 30_000)
    await expect(pill(page)).to_have_text("30.000 tokens restantes")
    await place.use(chatter, 6)
    await expect(page.get_by_role("dialog", name="Você já usou 80% dos seus tokens")).to_be_visible()


async def test_it_follows_a_page_that_sets_its_language_after_it_has_loaded(page: Page, place: Place) -> None:
    chatter = await place.chatter(used=79)
    await page.goto(place.chat.url(token=chatter.token))
    await expect(pill(page)).to_have_text("21.000 tokens restantes")
    await page.evaluate("document.documentElement.lang = 'en-US'")
    await expect(pill(page)).to_have_text("21,000 tokens left")
    await pill(page).click()
    await expect(page.get_by_role("link", name="Buy credits")).to_be_visible()
    await assert_accessible(page)
    # With the panel open, and with a dialog: both change.
    await place.use(chatter, 2)
    await expect(page.get_by_role("dialog", name="You have used 80% of your tokens")).to_be_visible()
    await page.evaluate("document.documentElement.lang = 'pt-BR'")
    await expect(page.get_by_role("dialog", name="Você já usou 80% dos seus tokens")).to_be_visible()
    await page.get_by_role("button", name="Agora não").click()
    await expect(pill(page)).to_have_text("19.000 tokens restantes")
    await expect(page.locator("solaris-widget .panel")).to_contain_text("Ver extrato")

    await page.goto(place.chat.url(token=chatter.token, lang="pt-BR"))
    await expect(pill(page)).to_have_text("19.000 tokens restantes")
    await page.evaluate("document.documentElement.lang = 'en'")
    await place.use(chatter, 1)
    await expect(pill(page)).to_have_text("18.000 tokens restantes")


async def test_the_dialog_holds_the_focus_and_gives_it_back(page: Page, place: Place) -> None:
    chatter = await place.chatter(used=79)
    await page.goto(place.chat.url(token=chatter.token))
    await expect(pill(page)).to_have_text("21.000 tokens restantes")
    await page.get_by_label("Mensagem").focus()
    await place.use(chatter, 2)
    await expect(dialog(page)).to_be_visible()
    # Whoever is typing just then presses no button of it.
    await page.keyboard.press("Enter")
    await page.keyboard.press("Space")
    await expect(dialog(page)).to_be_visible()
    inside = "document.activeElement.localName === 'solaris-widget' || document.activeElement === document.body"
    for _ in range(8):
        await page.keyboard.press("Tab")
        assert await page.evaluate(inside)
    await page.keyboard.press("Escape")
    await expect(dialog(page)).to_have_count(0)
    assert await page.evaluate("document.activeElement.id") == "message"


# Place and every computed style of every element in the shadow root.
_LOOKS = """[...document.querySelector('solaris-widget').shadowRoot.querySelectorAll('*')].flatMap((one, place) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  const styles = getComputedStyle(one);
  return [`${place} ${one.localName} ${[x, y, width, height]}`,
          ...Array.from(styles).filter(name => !name.startsWith('--'))
            .map(name => `${place} ${one.localName} ${name}: ${styles.getPropertyValue(name)}`)];
})"""


async def test_hostile_styles_change_nothing(page: Page, place: Place) -> None:
    chatter = await place.chatter(used=50)
    looks = []
    for style in ("plain", "hostile"):
        await page.goto(place.chat.url(style=style, token=chatter.token))
        await expect(pill(page)).to_have_text("50.000 tokens restantes")
        await expect(pill(page)).to_be_in_viewport(ratio=1)
        await pill(page).click()
        await page.wait_for_timeout(300)
        await page.screenshot(path=ARTIFACTS / f"widget-{style}.png")
        looks.append(await page.evaluate(_LOOKS))
    plain, hostile = looks
    assert len(plain) > 1_000
    assert [pair for pair in zip(plain, hostile, strict=True) if pair[0] != pair[1]] == []


async def test_it_comes_back_when_the_page_is_drawn_anew(page: Page, place: Place) -> None:
    chatter = await place.chatter()
    await page.goto(place.chat.url(token=chatter.token))
    await expect(pill(page)).to_have_text("100.000 tokens restantes")
    for removal in (
        "document.body.replaceChildren()",
        "document.querySelector('solaris-widget').remove()",
        "document.body.replaceWith(document.createElement('body'))",
        "document.documentElement.replaceChildren(document.createElement('head'), document.createElement('body'))",
        "document.documentElement.replaceWith(document.createElement('html'))",
    ):
        await page.evaluate(removal)
        await expect(pill(page)).to_have_count(1)
        await place.use(chatter, 1)
        await expect(pill(page)).to_be_visible()
    await expect(pill(page)).to_have_text("95.000 tokens restantes")


async def test_ten_tabs_keep_one_connection_and_hand_it_on(context: BrowserContext, place: Place) -> None:
    chatter = await place.chatter(used=78)
    assert await place.has_streams(0), "a page of the test before is still open"
    tabs = [await context.new_page() for _ in range(10)]
    await tabs[0].goto(place.chat.url())
    await tabs[0].evaluate(
        "([key, token]) => localStorage.setItem(key, JSON.stringify({ token, shown: null }))",
        [f"solaris.widget {place.services.portal_url}", chatter.token],
    )
    await tabs[0].reload()
    for tab in tabs[1:]:
        await tab.goto(place.chat.url())
    for tab in tabs:
        await expect(pill(tab)).to_have_text("22.000 tokens restantes")
    assert await place.has_streams(1)
    await place.use(chatter, 1)
    for tab in tabs:
        await expect(pill(tab)).to_have_text("21.000 tokens restantes")
    await tabs[0].close()
    await place.use(chatter, 2)
    for tab in tabs[1:]:
        await expect(pill(tab)).to_have_text("19.000 tokens restantes")
    assert await place.has_streams(1)
    # One of them tells of the threshold, and what was seen there is seen.
    (telling,) = await with_dialog(tabs[1:])
    await telling.get_by_role("button", name="Agora não").click()
    async with asyncio.timeout(10):
        while await place.acknowledged(chatter) != [80]:  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.05)
    assert sum([await dialog(tab).count() for tab in tabs[1:]]) == 0


async def with_dialog(tabs: list[Page]) -> list[Page]:
    """Wait until at least one of the tabs shows the alert; returns all that do."""
    async with asyncio.timeout(10):
        while not (found := [tab for tab in tabs if await dialog(tab).count()]):  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.05)
    return found


async def test_it_finds_its_way_back_after_being_offline(context: BrowserContext, page: Page, place: Place) -> None:
    chatter = await place.chatter()
    await page.goto(place.chat.url(token=chatter.token))
    await expect(pill(page)).to_have_text("100.000 tokens restantes")
    await context.set_offline(True)
    await page.evaluate("performance.now()")
    await place.use(chatter, 5)
    await context.set_offline(False)
    await expect(pill(page)).to_have_text("95.000 tokens restantes")


async def test_a_connection_that_was_ended_can_be_made_again(page: Page, place: Place) -> None:
    chatter = await place.chatter()
    await page.goto(place.chat.url(token=chatter.token))
    await expect(pill(page)).to_have_text("100.000 tokens restantes")
    await place.services.database.execute(
        "UPDATE widget_tokens SET revoked_at = now() WHERE user_id = $1", chatter.user_id
    )
    link = RedisClient(place.redis_url)
    await CacheInvalidation(link).publish(chatter.user_id)
    await link.close()
    await expect(pill(page)).to_have_text("Conectar de novo")


async def test_language_theme_and_place_are_the_pages_choice(page: Page, place: Place) -> None:
    chatter = await place.chatter(used=95)
    url = place.chat.url(
        token=chatter.token, lang="en", theme="dark", position="top-left", offset_x="40", offset_y="60"
    )
    await page.goto(url)
    await expect(page.get_by_role("dialog", name="Careful: 90% of your tokens are used")).to_be_visible()
    await page.get_by_role("button", name="Not now").click()
    await expect(pill(page)).to_have_text("5,000 tokens left")
    box = await pill(page).bounding_box()
    assert box is not None
    assert (round(box["x"]), round(box["y"])) == (40, 60)
    await expect(page.locator("solaris-widget .root")).to_have_class("root dark top-left")
    await page.goto(place.chat.url(token=chatter.token, html='class="dark"'))
    await expect(page.locator("solaris-widget .root")).to_have_class("root dark bottom-right")
    await page.evaluate("document.documentElement.className = 'light'")
    await expect(page.locator("solaris-widget .root")).to_have_class("root light bottom-right")


async def test_a_page_without_the_service_is_left_alone(context: BrowserContext, page: Page, place: Place) -> None:
    chatter = await place.chatter()
    warnings: list[str] = []
    page.on("console", lambda message: warnings.append(message.text) if message.type == "warning" else None)
    await context.route("**/api/**", lambda route: route.abort())
    await page.goto(place.chat.url(token=chatter.token))
    await page.wait_for_timeout(3_000)
    await expect(pill(page)).to_be_hidden()
    assert [text.startswith("solaris widget: see docs/widget.md") for text in warnings] == [True]
    assert await page.evaluate("Object.keys(window).filter(name => /solaris/i.test(name))") == []
    await page.get_by_label("Mensagem").fill("Olá")


async def test_two_script_tags_make_one_counter(page: Page, place: Place) -> None:
    chatter = await place.chatter()
    await page.goto(place.chat.url(token=chatter.token) + "&twice=1")
    await expect(pill(page)).to_be_visible()
    await expect(pill(page)).to_have_count(1)


async def test_the_connect_page_serves_the_named_chats_and_no_other(page: Page, place: Place) -> None:
    refused = await page.goto(f"{place.services.portal_url}/widget/conectar?origin=https://evil.example.com")
    assert refused is not None
    assert refused.status == 403
    await expect(page.get_by_role("heading", name="Este chat não está autorizado")).to_be_visible()
    await page.goto(f"{place.services.portal_url}/widget/conectar?origin={place.chat.origin}&lang=en")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    markup = '"><img src=x onerror=alert(1)>'
    answer = await page.goto(f"{place.services.portal_url}/widget/conectar?origin={markup}")
    assert answer is not None
    assert "<img" not in await answer.text()
