"""A key's life from its creation to its end, and the account: password, sessions, connected counters."""

import aiohttp
import pytest
from playwright.async_api import expect
from tests.browser.admin_rooms import HARMFUL_NAME, glance
from tests.browser.portal_rooms import ask, consume
from tests.browser.services import Services
from tests.browser.visitor import Visitor

from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.principal import Principal, Via
from solaris.auth.widget_tokens import WidgetTokens
from solaris.domain.roles import Role

CHAT = "https://chat.example.com.br"


@pytest.fixture(scope="module")
def services(company: Services) -> Services:
    """Sixty days of usage."""
    return company


async def test_a_key_is_created_used_and_revoked(visitor: Visitor, services: Services) -> None:
    page = visitor.page
    await services.user("chaves@example.com", "Kátia Chaves")
    await visitor.open_portal("/chaves")
    await visitor.sign_in("chaves@example.com")
    await expect(page.get_by_role("heading", name="Nenhuma chave")).to_be_visible()
    await page.get_by_role("button", name="Criar chave").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Criar chave").click()
    await expect(dialog.get_by_text("Dê um nome à chave.")).to_be_visible()
    await dialog.get_by_label("Nome").fill(HARMFUL_NAME)
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("heading", name="Chave criada")).to_be_visible()
    key = await dialog.locator("code").first.inner_text()
    assert f"Authorization: Bearer {key}" in await dialog.inner_text()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_visible()
    await glance(visitor, "portal-key-created")
    await dialog.get_by_role("button", name="Já copiei").click()

    await expect(page.get_by_role("cell", name=HARMFUL_NAME, exact=True)).to_be_visible()
    await expect(page.get_by_text("1 de 20 chaves")).to_be_visible()
    assert key not in await page.content()
    await visitor.look("portal-keys")
    assert (await ask("GET", f"{services.portal_url}/api/tokens/current", key))["tokens_remaining"] == 100_000
    await consume(services, key, 10, "chave-1")

    await page.get_by_role("button", name=f"Revogar a chave {HARMFUL_NAME}").click()
    await expect(page.get_by_role("button", name="Cancelar", exact=True)).to_be_focused()
    await glance(visitor, "portal-key-revoke")
    await page.get_by_role("dialog").get_by_role("button", name="Revogar", exact=True).click()
    await expect(page.get_by_role("heading", name="Nenhuma chave")).to_be_visible()
    with pytest.raises(aiohttp.ClientResponseError, match="401"):
        await ask("GET", f"{services.portal_url}/api/tokens/current", key)


async def test_the_account_shows_who_one_is_and_disconnects_counters(visitor: Visitor, services: Services) -> None:
    page = visitor.page
    user_id = await services.user("conta@example.com", "Caio Conta")
    tokens = WidgetTokens(services.database, CacheInvalidation(), [CHAT])
    await tokens.create(Principal(user_id, Role.USER, True, Via.JWT, "portal"), CHAT)
    await visitor.open_portal("/conta")
    await visitor.sign_in("conta@example.com")
    await expect(page.get_by_text("Básico (100.000 tokens por mês)")).to_be_visible()
    await expect(page.get_by_role("cell", name=CHAT, exact=True)).to_be_visible()
    await visitor.look("portal-account")
    await page.get_by_role("button", name=f"Desconectar {CHAT}").click()
    await page.get_by_role("dialog").get_by_role("button", name="Desconectar", exact=True).click()
    await expect(page.get_by_role("heading", name="Nenhum contador conectado")).to_be_visible()
    await page.get_by_role("button", name="Encerrar as outras sessões").click()
    await page.get_by_role("dialog").get_by_role("button", name="Encerrar as outras sessões").click()
    await expect(page.get_by_text("As outras sessões foram encerradas.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Conta")


async def test_a_password_is_changed_with_every_mistake_told_beside_its_field(
    visitor: Visitor, services: Services
) -> None:
    page = visitor.page
    await services.user("senha@example.com", "Selma Senha")
    await visitor.open_portal("/conta")
    await visitor.sign_in("senha@example.com")
    change = page.get_by_role("button", name="Mudar a senha")
    await change.click()
    await expect(page.get_by_text("Preencha este campo.")).to_have_count(2)
    current = page.get_by_label("Senha atual", exact=False)
    await expect(current).to_be_focused()
    await current.fill("cavalo errado")
    await page.get_by_label("Nova senha", exact=False).first.fill("uma frase nova e longa")
    await page.get_by_label("Nova senha, de novo").fill("uma frase nova")
    await change.click()
    await expect(page.get_by_text("As duas senhas não são iguais.")).to_be_visible()
    await page.get_by_label("Nova senha, de novo").fill("uma frase nova e longa")
    await change.click()
    await expect(page.get_by_text("A senha atual está incorreta.")).to_be_visible()
    await expect(current).to_be_focused()
    await glance(visitor, "portal-password-wrong")
    await current.fill("cavalo correto bateria")
    await change.click()
    await expect(page.get_by_text("Sua senha mudou.")).to_be_visible()
    await page.get_by_role("button", name="Sair deste navegador").click()
    await visitor.sign_in("senha@example.com", "uma frase nova e longa")


async def test_every_page_is_there_in_english(visitor: Visitor, services: Services) -> None:
    page = visitor.page
    await services.user("english@example.com", "Emma English")
    await visitor.open_portal()
    await visitor.sign_in("english@example.com")
    await page.get_by_role("button", name="Menu de Emma English").click()
    await page.get_by_text("English", exact=True).click()
    await page.keyboard.press("Escape")
    for name, title in (
        ("Usage statement", "Usage statement"),
        ("Buy credits", "Buy additional credits"),
        ("Requests", "Requests"),
        ("API keys", "API keys"),
        ("Account", "Account"),
    ):
        await page.get_by_role("navigation").get_by_role("link", name=name).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(title)
