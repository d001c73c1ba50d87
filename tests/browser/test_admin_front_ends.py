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
