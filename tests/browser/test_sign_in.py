"""Signing in, in a real browser, on both services."""

import re

import pytest
from playwright.async_api import expect
from tests.browser.services import Services
from tests.browser.visitor import Visitor
from tests.integration.auth_room import PASSWORD

from solaris.domain.roles import Role


async def test_a_user_signs_in_sees_the_balance_and_signs_out(visitor: Visitor, services: Services) -> None:
    await services.user("ana@example.com", "Ana Souza")
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
    await services.user("chefe@example.com", "Chefe da Equipe", role=Role.ADMIN)
    await visitor.open_admin()
    await visitor.look("admin-sign-in")
    await visitor.sign_in("chefe@example.com")
    await expect(visitor.page.get_by_text("Usuários no total")).to_be_visible()
    await visitor.look("admin-start")


@pytest.mark.parametrize(("service", "role"), [("portal", Role.USER), ("admin", Role.SUPPORT)])
async def test_a_temporary_password_is_changed_before_anything_else_is_shown(
    visitor: Visitor, services: Services, service: str, role: Role
) -> None:
    email = f"nova-{service}@example.com"
    user_id = await services.user(email, "Nova Pessoa", role=role)
    await services.database.execute("UPDATE credentials SET is_temporary = true WHERE user_id = $1", user_id)
    await (visitor.open_portal() if service == "portal" else visitor.open_admin())
    await visitor.type_credentials(email, PASSWORD)
    page = visitor.page
    await expect(page.get_by_role("heading", name="Escolha sua senha")).to_be_visible()
    await visitor.look(f"{service}-new-password")
    await page.reload()
    await page.get_by_label("Senha provisória").fill(PASSWORD)
    for name in ("next", "again"):
        await page.locator(f"input[name={name}]").fill("girafa azul no telhado")
    await page.get_by_role("button", name="Mudar a senha").click()
    await expect(page.get_by_role("button", name="Menu de Nova Pessoa")).to_be_visible()
