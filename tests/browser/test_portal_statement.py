"""Extrato de Consumo: from signing in to a receipt, filters in the address, CSV and paper."""

import re

import pytest
from playwright.async_api import expect
from tests.browser.admin_rooms import glance
from tests.browser.portal_rooms import DEMO_PASSWORD, MARIA
from tests.browser.services import Services
from tests.browser.visitor import Visitor

# The month may have begun after the company's last call.
LAST_THIRTY_DAYS = "/extrato?periodo=thirty"


@pytest.fixture(scope="module")
def services(company: Services) -> Services:
    """Sixty days of usage."""
    return company


async def test_a_user_finds_what_a_call_cost(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open_portal(LAST_THIRTY_DAYS)
    await visitor.sign_in(MARIA, DEMO_PASSWORD)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Extrato de Consumo")
    await expect(page.get_by_role("figure", name=re.compile("^Gráfico de barras, "))).to_be_visible()
    await expect(page.locator(".recharts-bar-rectangle").filter(visible=True).first).to_be_visible()
    receipts = page.get_by_role("button", name=re.compile("^Ver o recibo de "))
    await expect(receipts).to_have_count(20)
    await visitor.look("portal-statement")

    await page.get_by_role("button", name="Próxima página").click()
    await expect(page.get_by_role("button", name="Página anterior")).to_be_enabled()
    opener = receipts.first
    await opener.click()
    dialog = page.get_by_role("dialog", name="Recibo da chamada")
    await expect(dialog.get_by_text(re.compile(r"^Esta chamada custou [\d.]+ tokens?\.$"))).to_be_visible()
    await expect(dialog.get_by_text("Quem pagou")).to_be_visible()
    await expect(page).to_have_url(re.compile("recibo="))
    await glance(visitor, "portal-receipt")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_filters_stand_in_the_address_and_in_the_download(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open_portal(LAST_THIRTY_DAYS)
    await visitor.sign_in(MARIA, DEMO_PASSWORD)
    await page.get_by_role("combobox", name="Modelo").click()
    option = page.get_by_role("option").nth(1)
    model = await option.inner_text()
    await option.click()
    await expect(page).to_have_url(re.compile("periodo=thirty&modelo="))
    await expect(page.get_by_role("listitem").filter(has_text="100% do período")).to_contain_text(model)
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Exportar CSV").click()
    text = (await (await download.value).path()).read_text("utf-8-sig")
    lines = text.strip().splitlines()[1:]
    assert lines
    assert all(model in line for line in lines)
    await page.reload()
    await expect(page.get_by_role("combobox", name="Modelo")).to_have_value(model)

    await visitor.open_portal("/extrato?periodo=custom&de=2020-01-01&ate=2020-01-02")
    await expect(page.get_by_role("heading", name="Nenhum uso neste período")).to_have_count(3)
    await glance(visitor, "portal-statement-empty")
    await visitor.open_portal("/extrato?recibo=de-ninguem")
    await expect(page.get_by_text("Este recibo não existe ou não é seu.")).to_be_visible()


async def test_on_paper_stands_whose_statement_it_is_and_no_navigation(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open_portal(LAST_THIRTY_DAYS)
    await visitor.sign_in(MARIA, DEMO_PASSWORD)
    await expect(page.locator(".recharts-bar-rectangle").filter(visible=True).first).to_be_visible()
    await page.emulate_media(media="print")
    await page.set_viewport_size({"width": 720, "height": 1000})
    await expect(page.get_by_text(re.compile("Maria Gonçalves · impresso em"))).to_be_visible()
    await expect(page.get_by_role("button", name="Imprimir")).to_be_hidden()
    await expect(page.get_by_role("navigation", name="Navegação principal")).to_be_hidden()
    await visitor.photograph("portal-statement-print")


async def test_the_printed_statement_holds_every_call_of_the_period(visitor: Visitor) -> None:
    page = visitor.page
    await page.add_init_script("window.print = () => { document.body.dataset.printed = 'yes'; };")
    await visitor.open_portal(LAST_THIRTY_DAYS)
    await visitor.sign_in(MARIA, DEMO_PASSWORD)
    calls = await visitor.services.database.fetchval(
        "SELECT count(*) FROM usage_events e JOIN users u ON u.id = e.user_id "
        "WHERE u.email = $1 AND e.local_day BETWEEN CURRENT_DATE - 29 AND CURRENT_DATE",
        MARIA,
    )
    assert calls > 20, "more than a page"
    await page.get_by_role("button", name="Imprimir").click()
    await expect(page.locator("body[data-printed=yes]")).to_have_count(1)
    await page.emulate_media(media="print")
    await page.set_viewport_size({"width": 720, "height": 1000})
    printed = page.get_by_role("region", name="Chamadas")
    await expect(printed).to_have_count(1)
    await expect(printed.locator("tbody tr")).to_have_count(calls)
    await expect(page.get_by_text("O papel traz a página de chamadas em tela")).to_have_count(0)
    await visitor.photograph("portal-statement-print-all")
    await page.emulate_media(media="screen")
    await page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    await expect(page.locator("section table:not([class])")).to_have_count(0)
