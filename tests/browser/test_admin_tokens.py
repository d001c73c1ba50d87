"""The page of tokens used, on the demo's company."""

import re

import pytest
from playwright.async_api import expect
from tests.browser.admin_rooms import email_of, glance
from tests.browser.services import Services
from tests.browser.visitor import Visitor

from solaris.domain.roles import Role


@pytest.fixture(scope="module")
def services(company: Services) -> Services:
    """Sixty days of usage."""
    return company


async def test_usage_is_told_over_time_by_model_and_by_the_hours_of_the_week(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open_admin("/tokens")
    await visitor.sign_in(email_of(Role.OPERATOR))
    await expect(page.get_by_role("heading", name="Tokens", exact=True)).to_be_visible()
    await expect(page.get_by_role("figure", name=re.compile("^Tokens cobrados de "))).to_be_visible()
    await visitor.look("admin-tokens")

    await page.get_by_role("combobox", name="Separar por").click()
    await page.get_by_role("option", name="Modelo").click()
    await expect(page).to_have_url(re.compile("separar=model"))
    await expect(page.get_by_role("cell", name="gpt-4", exact=True)).to_be_visible()
    await expect(page.locator(".recharts-legend-wrapper")).to_be_visible()
    await glance(visitor, "admin-tokens-by-model")
    await page.get_by_text("Tabela", exact=True).click()
    await expect(page.get_by_role("columnheader", name="segunda-feira")).to_be_visible()
    await expect(page.get_by_role("rowheader", name="23h")).to_be_visible()
    await glance(visitor, "admin-tokens-hours-table")


async def test_the_period_is_kept_in_the_address_and_in_the_download(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open_admin("/tokens?periodo=custom&de=2026-03-10&ate=2026-03-01&por=hour")
    await visitor.sign_in(email_of(Role.ADMIN))
    await expect(page.get_by_text("A data final vem antes da inicial.")).to_be_visible()
    await page.get_by_label("Até").fill("2026-03-12")
    await expect(page.get_by_text("A data final vem antes da inicial.")).to_have_count(0)
    await expect(page.get_by_role("heading", name="Nenhum uso neste período")).to_be_visible()
    link = page.get_by_role("link", name="Exportar CSV")
    assert await link.get_attribute("href") == (
        "/admin/usage/stats?from=2026-03-10&to=2026-03-12&group_by=hour&format=csv"
    )
    async with page.expect_download() as download:
        await link.click()
    assert (await download.value).suggested_filename == "uso-2026-03-10-a-2026-03-12.csv"
    await glance(visitor, "admin-tokens-empty")


async def test_support_has_no_such_page_and_a_link_to_it_says_so(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open_admin("/tokens")
    await visitor.sign_in(email_of(Role.SUPPORT))
    await expect(page.get_by_role("heading", name="Sem acesso a esta página")).to_be_visible()
    await expect(page.get_by_role("link", name="Tokens")).to_have_count(0)
