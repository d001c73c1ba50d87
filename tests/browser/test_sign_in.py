"""Signing in, in a real browser, on both services."""

import re

from playwright.async_api import expect
from tests.browser.services import Services
from tests.browser.visitor import Visitor

from solaris.domain.roles import Role


async def test_a_user_signs_in_sees_the_balance_and_signs_out(visitor: Visitor, services: Services) -> None:
    await services.person("ana@example.com", "Ana Souza")
    await visitor.open_portal()
    await expect(visitor.page).to_have_url(re.compile(r"/entrar$"))
    await visitor.look("portal-sign-in")
    await visitor.sign_in("ana@example.com")
    await expect(visitor.page.get_by_text("100.000 tokens restantes")).to_be_visible()
    await expect(visitor.page).to_have_title("Início · IA SOLARIS")
    assert await visitor.page.evaluate(
        "[document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
    ) == [""]
    await visitor.look("portal-start")
    await visitor.page.get_by_role("button", name="Menu de Ana Souza").click()
    await visitor.page.get_by_role("button", name="Sair").click()
    await expect(visitor.page.get_by_role("heading", name="Entre na sua conta")).to_be_visible()
    assert not [cookie for cookie in await visitor.page.context.cookies() if cookie["value"]]


async def test_the_staff_see_the_dashboard(visitor: Visitor, services: Services) -> None:
    await services.person("chefe@example.com", "Chefe da Equipe", role=Role.ADMIN)
    await visitor.open_admin()
    await visitor.look("admin-sign-in")
    await visitor.sign_in("chefe@example.com")
    await expect(visitor.page.get_by_text("Usuários no total")).to_be_visible()
    await visitor.look("admin-start")
