"""The chats' keys: made, shown once, replaced, revoked. The audit log tells of it."""

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


async def test_a_key_is_shown_once_replaced_revoked_and_all_of_it_is_in_the_audit_log(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open_admin("/chaves")
    await visitor.sign_in(email_of(Role.ADMIN))
    await page.get_by_role("button", name="Nova chave").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio", name="Open WebUI").check()
    await dialog.get_by_role("switch", name="Modo estrito").check()
    await glance(visitor, "admin-front-end-new")
    await dialog.get_by_role("textbox", name="Nome").fill(HARMFUL_NAME)
    await dialog.get_by_role("button", name="Criar chave").click()
    await expect(dialog.get_by_text("Copie agora: a chave aparece só esta vez.")).to_be_visible()
    await expect(dialog.locator("pre")).to_contain_text("FORWARD_USER_INFO_HEADER_JWT_SECRET=")
    await glance(visitor, "admin-front-end-key")
    await page.keyboard.press("Escape")
    await dialog.get_by_role("button", name="Já copiei").click()
    await expect(dialog).to_have_count(0)
    await visitor.look("admin-front-ends")
    frames = "[...document.querySelectorAll('table')].map(t => t.offsetWidth - t.closest('[role=group]').clientWidth)"
    assert await page.evaluate(frames) == [0], "the actions stand outside of the table's frame on a desk"

    await page.get_by_role("button", name=f"Trocar a chave de {HARMFUL_NAME}").click()
    await dialog.get_by_role("button", name="Trocar a chave").click()
    await dialog.get_by_role("button", name="Já copiei").click()
    await page.get_by_role("button", name=f"Revogar a chave de {HARMFUL_NAME}").click()
    await dialog.get_by_role("button", name="Revogar a chave").click()
    await expect(page.get_by_role("row", name=HARMFUL_NAME).get_by_text("Revogada")).to_be_visible()

    await page.get_by_role("link", name="Auditoria").click()
    await expect(page.get_by_role("cell", name="Revogou chave de front-end").first).to_be_visible()
    await visitor.look("admin-audit")
    await page.get_by_role("combobox", name="Ação").click()
    await page.get_by_role("option", name="Criou chave de front-end").click()
    await expect(page.get_by_role("cell", name="Revogou chave de front-end")).to_have_count(0)
    await page.get_by_role("button", name="Ver o que mudou: Criou chave de front-end").first.click()
    await expect(dialog.get_by_role("row", name="Modo estrito")).to_contain_text("Sim")
    await glance(visitor, "admin-audit-entry")


async def test_a_chat_that_refuses_new_users_is_on_the_dashboard_until_its_limit_is_raised(
    visitor: Visitor, services: Services
) -> None:
    page = visitor.page
    await services.database.execute(
        "INSERT INTO plans (plan_type, name, monthly_tokens) VALUES ('sem-franquia', 'Sem franquia', 0)"
    )
    await visitor.open_admin("/chaves")
    await visitor.sign_in(email_of(Role.ADMIN))
    await page.get_by_role("button", name="Nova chave").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="Nome").fill("Chat da filial")
    await dialog.get_by_role("combobox", name="Plano de quem chega por aqui").click()
    await page.get_by_role("option", name="Sem franquia").click()
    await dialog.get_by_label("Contas novas por dia").fill("muitas")
    await dialog.get_by_role("button", name="Criar chave").click()
    await expect(dialog.get_by_text("Digite um número inteiro de 0 a 1.000.000")).to_be_visible()
    await dialog.get_by_label("Contas novas por dia").fill("2")
    await dialog.get_by_role("button", name="Criar chave").click()
    await dialog.get_by_role("button", name="Já copiei").click()
    await services.database.execute(
        "INSERT INTO new_account_days SELECT id, current_date, 2, now(), 2 FROM front_end_keys WHERE name = 'Chat da filial'"
    )

    await page.get_by_role("link", name="Painel").click()
    await page.reload()
    notice = page.get_by_role("alert").filter(has_text="Contas novas recusadas hoje")
    await expect(notice).to_contain_text("Chat da filial chegou ao limite de 2 contas novas por dia")
    await glance(visitor, "admin-new-accounts-refused")
    await notice.get_by_role("link", name="Ver chaves de front-end").click()
    await expect(page.get_by_role("cell", name="2 de 2")).to_be_visible()
    await page.get_by_role("button", name="Editar Chat da filial").click()
    await expect(dialog.get_by_label("Contas novas por dia")).to_have_value("2")
    await dialog.get_by_label("Contas novas por dia").fill("")
    await dialog.get_by_role("button", name="Salvar").click()
    await expect(page.get_by_role("cell", name="2 de 200")).to_be_visible()
    await page.get_by_role("link", name="Painel").click()
    await expect(page.get_by_role("region", name="Usuários no total")).to_be_visible()
    await expect(notice).to_have_count(0)
    row = await services.database.fetchrow(
        "SELECT plan_type, new_accounts_per_day FROM front_end_keys WHERE name = 'Chat da filial'"
    )
    assert tuple(row) == ("sem-franquia", None)
