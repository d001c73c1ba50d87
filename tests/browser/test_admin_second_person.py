"""Credits that need a second person: asked for by one, confirmed by another, and no one's own."""

import re
from uuid import UUID, uuid4

import pytest
from playwright.async_api import Page, expect
from tests.browser.admin_rooms import email_of, glance
from tests.browser.services import Services
from tests.browser.visitor import Visitor

from solaris.domain.roles import Role

REASON = "Conferi o pedido com o gestor da área."
SECTION = "Créditos à espera de confirmação"


@pytest.fixture(scope="module")
def services(company: Services) -> Services:
    """The demo's company."""
    return company


async def _enter(visitor: Visitor, path: str, role: Role) -> Page:
    await visitor.page.context.clear_cookies()
    await visitor.open_admin(path)
    await visitor.sign_in(email_of(role))
    return visitor.page


async def _user(services: Services, name: str) -> UUID:
    return await services.user(f"p{uuid4().hex[:10]}@example.com", name, monthly_tokens=100_000)


async def _granted(services: Services, user_id: UUID) -> list[int]:
    rows = await services.database.fetch(
        "SELECT tokens_added FROM credit_transactions WHERE user_id = $1 ORDER BY created_at", user_id
    )
    return [row["tokens_added"] for row in rows]


async def _ask(page: Page, user_id: UUID, admin_url: str, tokens: str) -> None:
    await page.goto(f"{admin_url}/usuarios/{user_id}")
    await page.get_by_role("button", name="Adicionar Créditos").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Tokens").fill(tokens)
    await dialog.get_by_role("combobox", name="Motivo").click()
    await page.get_by_role("option", name="Bônus promocional").click()
    await dialog.get_by_role("button", name="Pedir confirmação").click()
    await expect(dialog.get_by_text("Espera a confirmação de outra pessoa")).to_be_visible()


async def test_a_large_grant_is_asked_for_by_one_and_confirmed_by_another(visitor: Visitor, services: Services) -> None:
    user_id = await _user(services, "Rosa Lima")
    page = await _enter(visitor, f"/usuarios/{user_id}", Role.ADMIN)
    await page.get_by_role("button", name="Adicionar Créditos").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name=re.compile("^1.000.000 tokens")).click()
    await expect(dialog.get_by_text("Outra pessoa vai precisar confirmar")).to_have_count(0)
    await dialog.get_by_label("Valor pago").fill("100,00")
    await expect(dialog.get_by_text("O valor fica abaixo do preço do pacote.")).to_be_visible()
    await dialog.get_by_label("Tokens").fill("2.000.000")
    await expect(dialog.get_by_text("São mais de 1.000.000 tokens")).to_be_visible()
    await glance(visitor, "admin-second-person-before")
    await dialog.get_by_role("button", name="Pedir confirmação").dblclick()
    await expect(dialog.get_by_text("Nada foi creditado ainda.")).to_be_visible()
    await glance(visitor, "admin-second-person-asked")
    await dialog.get_by_role("link", name="Ver em Solicitações").click()

    section = page.get_by_role("region", name=SECTION)
    await expect(section.get_by_text("Você pediu: outra pessoa confirma")).to_be_visible()
    await expect(section.get_by_role("button", name="Confirmar crédito de Rosa Lima")).to_have_count(0)
    await visitor.look("admin-requests-own-asked")
    assert await _granted(services, user_id) == []

    page = await _enter(visitor, "/solicitacoes", Role.SUPER_ADMIN)
    section = page.get_by_role("region", name=SECTION)
    await expect(section.get_by_role("row").filter(has_text="Rosa Lima")).to_have_count(1)
    await visitor.look("admin-requests-to-confirm")
    await section.get_by_role("button", name="Confirmar crédito de Rosa Lima").click()
    dialog = page.get_by_role("dialog", name="Confirmar crédito de Rosa Lima")
    await expect(dialog.get_by_role("textbox")).to_be_focused()
    await dialog.get_by_label("Motivo").fill("sim")
    await dialog.get_by_role("button", name="Confirmar crédito").click()
    await expect(dialog.get_by_text("Escreva pelo menos 20 caracteres.")).to_be_visible()
    await glance(visitor, "admin-second-person-confirm")
    await dialog.get_by_label("Motivo").fill(REASON)
    await dialog.get_by_role("button", name="Confirmar crédito").dblclick()
    await expect(page.get_by_text("Crédito confirmado: já está no saldo de Rosa Lima.")).to_be_visible()
    await expect(section.get_by_text("Rosa Lima")).to_have_count(0)
    assert await _granted(services, user_id) == [2_000_000]


async def test_a_grant_is_rejected_by_another_and_cancelled_by_the_one_who_asked(
    visitor: Visitor, services: Services
) -> None:
    one, two = await _user(services, "Bento Reis"), await _user(services, "Clara Dias")
    page = await _enter(visitor, "/usuarios", Role.ADMIN)
    for user_id in (one, two):
        await _ask(page, user_id, services.admin_url, "3.000.000")
    await page.goto(f"{services.admin_url}/solicitacoes")
    await page.get_by_role("button", name="Cancelar meu pedido de crédito de Bento Reis").click()
    await page.get_by_role("dialog").get_by_role("button", name="Cancelar meu pedido").click()
    await expect(page.get_by_text("Pedido cancelado. Nada foi creditado.")).to_be_visible()

    page = await _enter(visitor, "/solicitacoes", Role.SUPER_ADMIN)
    await page.get_by_role("button", name="Recusar crédito de Clara Dias").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Motivo").fill(REASON)
    await dialog.get_by_role("button", name="Recusar crédito").click()
    await expect(page.get_by_text("Crédito recusado. Nada foi creditado.")).to_be_visible()
    assert await _granted(services, one) == await _granted(services, two) == []


async def test_a_request_on_other_terms_waits_and_ones_own_is_for_others(visitor: Visitor, services: Services) -> None:
    user_id = await _user(services, "Dario Melo")
    own_id = await services.database.fetchval("SELECT id FROM users WHERE email = $1", email_of(Role.ADMIN))
    for ticket, whose in (("SOL-2026-910001", user_id), ("SOL-2026-910002", own_id)):
        await services.database.execute(
            "INSERT INTO credit_requests (user_id, ticket_number, package_id, tokens, amount_brl, fingerprint) "
            "SELECT $1, $2, id, tokens, amount_brl, $2 FROM packages WHERE id = 'pacote-200k'",
            whose,
            ticket,
        )
    page = await _enter(visitor, "/solicitacoes", Role.ADMIN)
    await expect(page.get_by_text("Pedido seu: outra pessoa decide")).to_be_visible()
    await expect(page.get_by_role("button", name="Aprovar SOL-2026-910002")).to_have_count(0)
    await page.get_by_role("button", name="Aprovar SOL-2026-910001").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Valor pago").fill("10,00")
    await expect(dialog.get_by_text("Outra pessoa vai precisar confirmar")).to_be_visible()
    await glance(visitor, "admin-request-approve-needs-another")
    await dialog.get_by_role("button", name="Pedir confirmação").click()
    await expect(dialog.get_by_text("Nada foi creditado ainda.")).to_be_visible()
    await dialog.get_by_role("button", name="Fechar").last.click()
    await expect(page.get_by_text("Aprovada por Alice Administradora; espera outra pessoa")).to_be_visible()
    await visitor.look("admin-requests-awaiting")

    page = await _enter(visitor, "/solicitacoes", Role.SUPER_ADMIN)
    await page.get_by_role("button", name="Confirmar crédito de Dario Melo").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Solicitação SOL-2026-910001")
    await dialog.get_by_label("Motivo").fill(REASON)
    await dialog.get_by_role("button", name="Confirmar crédito").click()
    await expect(page.get_by_text("Crédito confirmado: já está no saldo de Dario Melo.")).to_be_visible()
    await expect(page.get_by_role("button", name="Ver detalhes de SOL-2026-910001")).to_have_count(0)
    assert await _granted(services, user_id) == [200_000]


async def test_the_rule_is_read_by_admins_and_changed_by_super_admins(visitor: Visitor, services: Services) -> None:
    page = await _enter(visitor, "/solicitacoes", Role.ADMIN)
    await page.get_by_role("button", name="Regra da segunda pessoa").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Tokens que uma pessoa credita sozinha")).to_be_disabled()
    await expect(dialog.get_by_text("Só o administrador geral muda esta regra.")).to_be_visible()
    await glance(visitor, "admin-second-person-rule-read")

    page = await _enter(visitor, "/solicitacoes", Role.SUPER_ADMIN)
    for typed, kept in (("0", 0), ("1.000.000", 1_000_000)):
        await page.get_by_role("button", name="Regra da segunda pessoa").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Tokens que uma pessoa credita sozinha").fill(typed)
        await dialog.get_by_role("button", name="Salvar regra").click()
        await expect(dialog).to_have_count(0)
        found = await services.database.fetchval("SELECT second_person_above_tokens FROM approval_rules")
        assert found == kept
    await visitor.open_admin("/auditoria")
    await expect(page.get_by_text("Mudou a regra da segunda pessoa").first).to_be_visible()


async def test_ones_own_account_says_that_another_person_moves_its_tokens(visitor: Visitor, services: Services) -> None:
    own_id = await services.database.fetchval("SELECT id FROM users WHERE email = $1", email_of(Role.SUPER_ADMIN))
    page = await _enter(visitor, f"/usuarios/{own_id}", Role.SUPER_ADMIN)
    await expect(page.get_by_role("button", name="Adicionar Créditos")).to_be_disabled()
    await expect(page.get_by_text("Esta é a sua conta.")).to_be_visible()
    await glance(visitor, "admin-user-own")
    await page.get_by_role("button", name="Mais ações").click()
    await expect(page.get_by_role("menuitem", name="Nova senha")).to_be_visible()
    for action in ("Trocar plano", "Ajustar limite", "Reiniciar consumo"):
        await expect(page.get_by_role("menuitem", name=action)).to_have_count(0)
