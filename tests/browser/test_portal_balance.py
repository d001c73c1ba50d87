"""The portal's first page: the balance follows by itself, says what it means, and alerts are acknowledged once."""

import re

import pytest
from aiohttp import ClientResponseError
from playwright.async_api import expect
from tests.browser.admin_rooms import HARMFUL_NAME, glance
from tests.browser.portal_rooms import DEMO_PASSWORD, MARIA, PEDRO, consume, grant
from tests.browser.services import Services
from tests.browser.visitor import Visitor

from solaris.auth.api_keys import ApiKeys
from solaris.auth.cache_invalidation import CacheInvalidation

WITHIN_TWO_SECONDS = 2_000


@pytest.fixture(scope="module")
def services(company: Services) -> Services:
    """Sixty days of usage."""
    return company


async def test_grants_and_charges_show_on_the_open_page_within_two_seconds(
    visitor: Visitor, services: Services
) -> None:
    page = visitor.page
    user_id = await services.user("aovivo@example.com", HARMFUL_NAME)
    key = (await ApiKeys(services.database, CacheInvalidation()).create(user_id, "chat")).key
    await visitor.open_portal()
    await visitor.type_credentials("aovivo@example.com", "cavalo correto bateria")
    await expect(page.get_by_text("100.000 tokens restantes")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"Olá, {HARMFUL_NAME}")
    await expect(page.get_by_text("Ao vivo")).to_be_visible()
    await expect(page.get_by_role("heading", name="Nenhum uso ainda")).to_be_visible()
    await glance(visitor, "portal-balance-new")

    await grant(services, user_id, 5_000, "ao-vivo-1")
    await expect(page.get_by_text("105.000 tokens restantes")).to_be_visible(timeout=WITHIN_TWO_SECONDS)
    await expect(page.get_by_text("Você recebeu 5.000 tokens.")).to_be_visible()

    await consume(services, key, 90_000, "ao-vivo-2")
    await expect(page.get_by_text("15.000 tokens restantes")).to_be_visible(timeout=WITHIN_TWO_SECONDS)
    await expect(page.get_by_role("link", name=re.compile("^Ver o recibo de "))).to_be_visible()

    await page.context.set_offline(True)
    # The stream is cut, and meanwhile nothing answers; back on the network the page knows at once what it missed.
    await page.evaluate("window.stop()")
    await expect(page.get_by_text("Reconectando…")).to_be_visible()
    await page.context.set_offline(False)
    await consume(services, key, 14_999, "ao-vivo-3")
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(page.get_by_text("1 token restante", exact=True)).to_be_visible(timeout=WITHIN_TWO_SECONDS)
    assert await page.title() == "Início · IA SOLARIS"


async def test_an_alert_is_shown_until_it_is_acknowledged(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open_portal()
    await visitor.sign_in(MARIA, DEMO_PASSWORD)
    alert = page.get_by_text("Você já usou 80% dos seus tokens deste mês")
    await expect(alert).to_be_visible()
    await visitor.look("portal-balance-alert")
    await page.get_by_role("button", name="Entendi").click()
    await expect(alert).to_have_count(0)
    await page.reload()
    await expect(page.get_by_text("Seu saldo está perto do fim.")).to_be_visible()
    await expect(alert).to_have_count(0)


async def test_a_blocked_user_is_told_why_and_led_to_the_credits(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open_portal()
    await visitor.sign_in(PEDRO, DEMO_PASSWORD)
    await expect(page.get_by_text("Seus tokens acabaram e as chamadas estão bloqueadas.")).to_be_visible()
    await glance(visitor, "portal-balance-blocked")
    await page.get_by_role("link", name="Comprar créditos", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Comprar Créditos Adicionais")


async def test_a_rest_that_covers_no_call_is_shown_as_a_chat_that_stopped(visitor: Visitor, services: Services) -> None:
    page = visitor.page
    user_id = await services.user("resto@example.com", "Rita Resto", monthly_tokens=1_000)
    key = (await ApiKeys(services.database, CacheInvalidation()).create(user_id, "chat")).key
    await consume(services, key, 988, "resto-1")
    await visitor.open_portal()
    await visitor.sign_in("resto@example.com")
    card = page.get_by_role("region", name="Seu saldo")
    await expect(card.get_by_text("Alerta", exact=True)).to_be_visible()
    await expect(card.get_by_text("Seu saldo está perto do fim.")).to_be_visible()

    with pytest.raises(ClientResponseError, match="402"):
        await consume(services, key, 170, "resto-2")

    stopped = "Seu chat parou: restam 12 tokens, e seu último pedido precisava de cerca de 170."
    await expect(card.get_by_text(stopped)).to_be_visible(timeout=WITHIN_TWO_SECONDS)
    await expect(card.get_by_text("Bloqueado", exact=True)).to_be_visible()
    await expect(page.get_by_role("alert").get_by_text("Seu saldo não cobre mais um pedido comum")).to_be_visible()
    for wrong in ("perto do fim", "acabaram", "todos os seus tokens", "100%"):
        await expect(page.get_by_text(wrong)).to_have_count(0)
    await visitor.look("portal-balance-stopped")
    await page.get_by_role("link", name="Extrato de Consumo").click()
    await expect(page.get_by_text(stopped)).to_be_visible()
    await page.get_by_role("link", name="Início").click()
    await page.get_by_role("link", name="Comprar créditos", exact=True).click()
    await expect(page.get_by_text(stopped)).to_be_visible()

    # A smaller call is served.
    await consume(services, key, 2, "resto-3")
    await expect(page.get_by_text("10 tokens restantes")).to_be_visible(timeout=WITHIN_TWO_SECONDS)
    await expect(page.get_by_text("Seu chat parou")).to_have_count(0)


async def test_a_user_without_allowance_reads_of_no_renewal(visitor: Visitor, services: Services) -> None:
    page = visitor.page
    await services.user("sem.franquia@example.com", "Saulo Franco", monthly_tokens=0)
    await visitor.open_portal()
    await visitor.sign_in("sem.franquia@example.com")
    await expect(page.get_by_text("sua conta não tem franquia de tokens neste mês e está sem créditos")).to_be_visible()
    await expect(page.get_by_text("Nenhuma", exact=True)).to_be_visible()
    await expect(page.get_by_text("nenhum token para usar")).to_be_visible()
    for wrong in ("renovação em", "usou todos", "100%"):
        await expect(page.get_by_text(wrong)).to_have_count(0)
    await glance(visitor, "portal-balance-no-allowance")


async def test_an_unreachable_service_is_told_with_a_way_out(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open_portal("/conta")
    await visitor.sign_in(PEDRO, DEMO_PASSWORD)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Conta")
    await page.route("**/api/tokens/**", lambda route: route.abort())
    await page.get_by_role("link", name="Início").click()
    await expect(page.get_by_text("Não houve resposta do serviço.").first).to_be_visible(timeout=15_000)
    await page.unroute("**/api/tokens/**")
    await page.get_by_role("button", name="Tentar de novo").first.click()
    await expect(page.get_by_text("0 tokens restantes")).to_be_visible()
