"""The dashboard: its figures, and the consumption as it happens."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from playwright.async_api import Locator, Page, Route, expect
from tests.browser.admin_rooms import arrange_company, email_of, glance
from tests.browser.services import Services, running
from tests.browser.visitor import Visitor

from solaris.auth.api_keys import ApiKeys
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.domain.roles import Role
from solaris.local.simulator import ModelSimulator

STREAM = "**/admin/stream"


@pytest.fixture(scope="module")
async def services(
    module_database_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Services]:
    """The demo's company, and models that answer."""
    simulator = ModelSimulator()
    await simulator.start()
    async with running(module_database_url, redis_url, litellm_url=simulator.url) as started:
        await arrange_company(started, tmp_path_factory.mktemp("company"))
        yield started
    await simulator.stop()


def _chart(page: Page) -> Locator:
    return page.get_by_role("figure", name=re.compile("^Gráfico de barras: "))


async def _chat(services: Services, email: str) -> UUID:
    """One call to a model, as a chat makes it; whose it was."""
    user_id: UUID = await services.database.fetchval("SELECT id FROM users WHERE email = $1", email)
    key = (await ApiKeys(services.database, CacheInvalidation()).create(user_id, "chat")).key
    body = {"model": "gpt-4", "messages": [{"role": "user", "content": "Olá! " * 800}]}
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as http,
        http.post(f"{services.portal_url}/v1/chat/completions", json=body) as response,
    ):
        assert response.status == 200, await response.text()
    return user_id


async def test_the_figures_of_today_stand_beside_those_of_before(visitor: Visitor, services: Services) -> None:
    # The company's last day of use may be yesterday by now.
    await services.database.execute(
        "INSERT INTO token_usage (user_id, tokens_used, tokens_remaining, usage_date) "
        "SELECT id, 1200, 1000, CURRENT_DATE FROM users WHERE email = 'maria@demo.local' ON CONFLICT DO NOTHING"
    )
    page = visitor.page
    await visitor.open_admin()
    await visitor.sign_in(email_of(Role.OPERATOR))
    await expect(page.get_by_role("heading", name="Painel")).to_be_visible()
    assert await page.locator("section[aria-labelledby^=grupo-] section").count() == 12
    await expect(page.get_by_role("region", name="Receita no mês")).to_contain_text("R$")
    await expect(page.get_by_role("region", name="Usuários no total")).to_contain_text("a mais que ontem até esta hora")
    await expect(page.get_by_text("Ao vivo")).to_be_visible()
    await expect(page.get_by_text("Tudo calmo")).to_be_visible()
    await visitor.look("admin-dashboard")
    await page.get_by_role("region", name="Maiores consumidores de hoje").get_by_role("link").first.click()
    await expect(page).to_have_url(re.compile(r"/usuarios/[0-9a-f-]{36}$"))


async def test_a_chat_call_moves_the_chart_and_the_figures_without_a_reload(
    visitor: Visitor, services: Services
) -> None:
    page = visitor.page
    await visitor.open_admin()
    await visitor.sign_in(email_of(Role.ADMIN))
    await expect(page.get_by_text("Ao vivo")).to_be_visible()
    before = await _chart(page).get_attribute("aria-label")
    today = page.get_by_role("region", name="Tokens consumidos hoje")
    figure = await today.locator("p").nth(1).inner_text()
    await _chat(services, "maria@demo.local")
    answered_at = time.monotonic()
    await expect(_chart(page)).not_to_have_attribute("aria-label", str(before), timeout=2_500)
    assert time.monotonic() - answered_at < 2.5
    await expect(page.get_by_text(re.compile(r"1 chamada · [\d.]+ tokens"))).to_be_visible()
    await expect(today.locator("p").nth(1)).not_to_have_text(figure, timeout=4_000)
    await glance(visitor, "admin-dashboard-live")


async def test_credits_given_elsewhere_are_told(visitor: Visitor, services: Services) -> None:
    page = visitor.page
    await visitor.open_admin()
    await visitor.sign_in(email_of(Role.ADMIN))
    await expect(page.get_by_text("Ao vivo")).to_be_visible()
    user_id = await services.database.fetchval("SELECT id FROM users WHERE email = 'joao@demo.local'")
    answer = await page.request.post(
        f"{services.admin_url}/admin/users/{user_id}/credits",
        headers={"Idempotency-Key": "um", "X-Solaris-Page": "1", "Origin": services.admin_url},
        data={"tokens": 1000, "reason": "promocional"},
    )
    assert answer.ok, await answer.text()
    news = page.get_by_role("region", name="Acontecendo agora")
    await expect(news.get_by_text("recebeu 1.000 tokens")).to_be_visible(timeout=4_000)


async def test_a_lost_stream_comes_back_by_itself(visitor: Visitor, services: Services) -> None:
    page = visitor.page

    async def lose(route: Route) -> None:
        await route.abort()

    await page.route(STREAM, lose)
    await visitor.open_admin()
    await visitor.sign_in(email_of(Role.OPERATOR))
    await expect(page.get_by_text("Reconectando…")).to_be_visible()
    await expect(page.get_by_role("region", name="Usuários no total")).to_contain_text("4")
    await page.unroute(STREAM)
    await expect(page.get_by_text("Ao vivo")).to_be_visible(timeout=8_000)


async def test_a_service_that_is_away_is_shown_with_its_cause(visitor: Visitor) -> None:
    page = visitor.page

    async def without_redis(route: Route) -> None:
        answer = await route.fetch()
        figures: dict[str, Any] = await answer.json()
        figures["services"]["redis"] = {"status": "down", "latency_ms": 2000, "detail": "no answer within 2 s"}
        figures["services"]["litellm"] = {"status": "off", "latency_ms": None, "detail": "not configured"}
        figures["top_consumers"] = []
        await route.fulfill(response=answer, json=figures)

    await page.route("**/admin/dashboard", without_redis)
    await visitor.open_admin()
    await visitor.sign_in(email_of(Role.OPERATOR))
    services = page.get_by_role("region", name="Serviços")
    await expect(services.get_by_text("Fora do ar")).to_be_visible()
    await expect(services.get_by_text("Causa: no answer within 2 s")).to_be_visible()
    await expect(services.get_by_text("Não está configurado.")).to_be_visible()
    await expect(page.get_by_text("Ninguém usou tokens hoje")).to_be_visible()
    await glance(visitor, "admin-dashboard-trouble")
    # A request that is held by the test must not outlive it.
    await page.unroute("**/admin/dashboard")
    await asyncio.sleep(0)


async def test_figures_that_can_not_be_read_can_be_asked_for_again(visitor: Visitor) -> None:
    page = visitor.page

    async def fail(route: Route) -> None:
        error = {"message": "O banco de dados não responde.", "type": "x", "code": "store_unavailable", "param": None}
        await route.fulfill(status=503, json={"error": {**error, "trace_id": "abc123"}})

    await page.route("**/admin/dashboard", fail)
    await visitor.open_admin()
    await visitor.sign_in(email_of(Role.OPERATOR))
    await expect(page.get_by_text("O banco de dados não responde.")).to_be_visible()
    await page.unroute("**/admin/dashboard")
    await page.get_by_role("button", name="Tentar de novo").click()
    await expect(page.get_by_role("region", name="Usuários no total")).to_be_visible()


async def test_support_begins_with_the_users(visitor: Visitor) -> None:
    await visitor.open_admin()
    await visitor.sign_in(email_of(Role.SUPPORT))
    await expect(visitor.page.get_by_role("heading", name="Usuários")).to_be_visible()
    await expect(visitor.page.get_by_role("link", name="Painel")).to_have_count(0)


async def test_it_speaks_english_too(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open_admin()
    await visitor.sign_in(email_of(Role.OPERATOR))
    await page.evaluate("localStorage.setItem('solaris.language', 'en')")
    await page.reload()
    await expect(page.get_by_role("heading", name="Token use in real time")).to_be_visible()
    await expect(page.get_by_role("region", name="Revenue today")).to_be_visible()
    left_over = await page.locator("main").inner_text()
    assert not re.search(r"\b(de|hoje|ontem|Usuários|chamadas)\b", left_over.split("Top consumers")[0])
