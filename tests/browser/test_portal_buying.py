"""Buying by a manual request: from the card to the ticket, the requests, and what staff's answer changes."""

import pytest
from playwright.async_api import expect
from tests.browser.admin_rooms import glance
from tests.browser.portal_rooms import DEMO_PASSWORD, MARIA, grant
from tests.browser.services import Services
from tests.browser.visitor import Visitor


@pytest.fixture(scope="module")
def services(company: Services) -> Services:
    """Sixty days of usage."""
    return company


async def test_a_package_becomes_a_ticket_and_the_ticket_stands_in_the_requests(
    visitor: Visitor, services: Services
) -> None:
    page = visitor.page
    user_id = await services.user("compra@example.com", "Célia Compradora")
    await visitor.open_portal("/creditos")
    await visitor.sign_in("compra@example.com")
    await expect(page.get_by_text("mais popular")).to_be_visible()
    await expect(page.get_by_text("R$ 120,00")).to_be_visible()
    await expect(page.get_by_text("Ainda não disponível nesta instalação.")).to_be_visible()
    await visitor.look("portal-credits")

    await page.get_by_role("button", name="Comprar", exact=False).nth(1).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("500.000 tokens por R$ 120,00")).to_be_visible()
    await dialog.get_by_text("Urgente").click()
    await dialog.get_by_label("Observação").fill("<img src=x onerror=alert(1)> centro de custo 42")
    await glance(visitor, "portal-order")
    # Twice in a row, as by a nervous hand: one request.
    await dialog.get_by_role("button", name="Enviar o pedido").dblclick()
    await expect(dialog.get_by_role("heading", name="Pedido enviado")).to_be_visible()
    await glance(visitor, "portal-order-sent")
    ticket = await services.database.fetchval("SELECT ticket_number FROM credit_requests WHERE user_id = $1", user_id)
    await expect(dialog.get_by_text(ticket, exact=True)).to_be_visible()
    await dialog.get_by_role("link", name="Acompanhar o pedido").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Solicitações")
    row = page.get_by_role("row").filter(has_text=ticket)
    await expect(row).to_contain_text("Aguardando")
    await expect(row).to_contain_text("R$ 120,00")
    await grant(services, user_id, 1_000, "compra-1")
    await expect(page.get_by_role("cell", name="+1.000")).to_be_visible(timeout=3_000)
    await row.get_by_role("button", name=f"Cancelar pedido {ticket}").click()
    await expect(page.get_by_role("button", name="Manter o pedido")).to_be_focused()
    await glance(visitor, "portal-request-cancel")
    await page.get_by_role("button", name="Cancelar pedido", exact=True).click()
    await expect(row).to_contain_text("Cancelado")
    assert await services.database.fetchval("SELECT count(*) FROM credit_requests WHERE user_id = $1", user_id) == 1


async def test_another_amount_is_typed_as_brazilians_write_it(visitor: Visitor, services: Services) -> None:
    page = visitor.page
    await services.user("outra@example.com", "Otávio Outra")
    await visitor.open_portal("/solicitacoes")
    await visitor.sign_in("outra@example.com")
    await expect(page.get_by_role("heading", name="Nenhum pedido")).to_be_visible()
    await glance(visitor, "portal-requests-empty")
    await page.get_by_role("link", name="Comprar créditos", exact=True).click()
    await page.get_by_role("button", name="Pedir outra quantidade").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Enviar o pedido").click()
    await expect(dialog.get_by_text("Digite um número inteiro de tokens, como 250.000.")).to_be_visible()
    await dialog.get_by_label("Quantos tokens").fill("1.250.000")
    await page.keyboard.press("Enter")
    await dialog.get_by_role("link", name="Acompanhar o pedido").click()
    await expect(page.get_by_role("cell", name="1.250.000")).to_be_visible()
    await expect(page.get_by_role("cell", name="a combinar")).to_be_visible()


async def test_the_requests_of_somebody_who_bought_before(visitor: Visitor) -> None:
    await visitor.open_portal("/solicitacoes")
    await visitor.sign_in(MARIA, DEMO_PASSWORD)
    await expect(visitor.page.get_by_role("heading", name="Créditos recebidos")).to_be_visible()
    await glance(visitor, "portal-requests")
