"""The staff and their roles."""

from playwright.async_api import Route, expect
from tests.browser.admin_rooms import arrange_staff, email_of, glance
from tests.browser.services import Services
from tests.browser.visitor import Visitor

from solaris.domain.roles import Role


async def test_roles_are_changed_by_the_super_admin_but_never_the_last_one(
    visitor: Visitor, services: Services
) -> None:
    page = visitor.page
    await arrange_staff(services)
    await services.user("dora@example.com", "Dora Dona", role=Role.SUPER_ADMIN)
    await services.user("nova@example.com", "Nova Colega")
    await visitor.open_admin("/equipe")
    await visitor.sign_in(email_of(Role.SUPER_ADMIN))
    await visitor.look("admin-staff")

    await expect(page.get_by_role("button", name="Mudar o perfil de Davi Dono")).to_have_count(0)
    await page.get_by_role("button", name="Mudar o perfil de Dora Dona").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Mudar perfil")).to_be_disabled()
    await dialog.get_by_role("radio", name="Operador").check()
    await expect(dialog.get_by_text("Dora Dona passa a ser Operador. Vale na hora.")).to_be_visible()
    await page.route("**/role", _refuse)
    await dialog.get_by_role("button", name="Mudar perfil").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Não dá para tirar o último administrador geral")
    await glance(visitor, "admin-staff-last")
    await page.keyboard.press("Escape")
    await page.unroute("**/role")
    await expect(page.get_by_role("button", name="Mudar o perfil de Dora Dona")).to_be_focused()

    await page.get_by_role("button", name="Adicionar à equipe").click()
    await page.get_by_role("combobox", name="Usuário").fill("nova@")
    await page.get_by_role("option", name="Nova Colega").click()
    await page.get_by_role("radio", name="Suporte").check()
    await glance(visitor, "admin-staff-add")
    await page.get_by_role("dialog").get_by_role("button", name="Adicionar à equipe").click()
    await expect(page.get_by_text("Nova Colega agora é Suporte.")).to_be_visible()
    await expect(page.get_by_role("cell", name="nova@example.com")).to_be_visible()


async def test_others_only_look(visitor: Visitor, services: Services) -> None:
    await visitor.open_admin("/equipe")
    await visitor.sign_in(email_of(Role.ADMIN))
    await expect(visitor.page.get_by_text("Só um administrador geral muda perfis.")).to_be_visible()
    await expect(visitor.page.get_by_role("button", name="Mudar o perfil de ")).to_have_count(0)


async def _refuse(route: Route) -> None:
    """Two super_admins who demote each other at once: one of them reads this."""
    detail = {
        "message": "Este é o último administrador geral ativo.",
        "type": "conflict",
        "code": "last_super_admin",
        "param": None,
        "trace_id": "abc123",
    }
    await route.fulfill(status=409, json={"error": detail})
