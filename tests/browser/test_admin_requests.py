"""Deciding the users' requests for credits."""

from uuid import UUID

import pytest
from playwright.async_api import expect
from tests.browser.admin_rooms import HARMFUL_NAME, email_of, glance
from tests.browser.services import Services
from tests.browser.visitor import Visitor

from solaris.domain.roles import Role


@pytest.fixture(scope="module")
def services(company: Services) -> Services:
    """The demo's company."""
    return company


async def _ask(services: Services, user_id: UUID, ticket: str, *, urgency: str = "normal") -> None:
    await services.database.execute(
        "INSERT INTO credit_requests (user_id, ticket_number, tokens, note, urgency, fingerprint) "
        "VALUES ($1, $2, 200000, $3, $4, $2)",
        user_id,
        ticket,
        "Preciso até sexta.",
        urgency,
    )


async def test_a_request_is_approved_with_the_amount_that_was_agreed(visitor: Visitor, services: Services) -> None:
    page = visitor.page
    user_id = await services.user("pede@example.com", HARMFUL_NAME)
    await _ask(services, user_id, "SOL-2026-900001", urgency="high")
    await _ask(services, user_id, "SOL-2026-900002")
    await _ask(services, user_id, "SOL-2026-900003")
    await visitor.open_admin("/solicitacoes")
    await visitor.sign_in(email_of(Role.ADMIN))
    await expect(page.get_by_text(HARMFUL_NAME).first).to_be_visible()
    await visitor.look("admin-requests")
    await page.get_by_role("button", name="Aprovar SOL-2026-900001").click()
    dialog = page.get_by_role("dialog", name="Aprovar SOL-2026-900001")
    await dialog.get_by_role("button", name="Aprovar").click()
    await expect(dialog.get_by_text("Digite um valor em reais")).to_be_visible()
    await glance(visitor, "admin-request-approve")
    await dialog.get_by_label("Valor pago").fill("89,90")
    await dialog.get_by_role("button", name="Aprovar").click()
    await expect(page.get_by_text("SOL-2026-900001 foi aprovada e os créditos já entraram.")).to_be_visible()
    paid = await services.database.fetchval(
        "SELECT amount_paid::text FROM credit_transactions WHERE user_id = $1", user_id
    )
    assert paid == "89.90"

    await page.get_by_role("button", name="Recusar SOL-2026-900002").click()
    dialog = page.get_by_role("dialog", name="Recusar SOL-2026-900002")
    await dialog.get_by_role("button", name="Recusar").click()
    await expect(dialog.get_by_text("Escreva pelo menos 3 caracteres.")).to_be_visible()
    await dialog.get_by_label("Motivo").fill("Já há créditos de sobra.")
    await dialog.get_by_role("button", name="Recusar").click()
    await expect(page.get_by_text("SOL-2026-900002 foi recusada.")).to_be_visible()

    await page.get_by_role("button", name="Aprovar SOL-2026-900003").click()
    await services.database.execute(
        "UPDATE credit_requests SET state = 'cancelled', decided_at = now() WHERE ticket_number = 'SOL-2026-900003'"
    )
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Valor pago").fill("60,00")
    await dialog.get_by_role("button", name="Aprovar").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Esta solicitação já foi decidida")
    await glance(visitor, "admin-request-decided")
    await dialog.get_by_role("button", name="Entendi").click()
    await expect(page.get_by_role("button", name="Aprovar SOL-2026-900003")).to_have_count(0)


async def test_support_sees_requests_without_amounts_and_decides_none(visitor: Visitor, services: Services) -> None:
    page = visitor.page
    await visitor.open_admin("/solicitacoes?situacao=approved")
    await visitor.sign_in(email_of(Role.SUPPORT))
    await expect(page.get_by_role("columnheader", name="Tokens")).to_be_visible()
    await expect(page.get_by_role("columnheader", name="Valor")).to_have_count(0)
    await page.get_by_role("button", name="Ver detalhes de ").first.click()
    await expect(page.get_by_role("dialog")).to_contain_text("Decisão")
    await glance(visitor, "admin-request-details")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Aprovar")).to_have_count(0)
