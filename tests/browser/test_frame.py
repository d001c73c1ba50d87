"""The frame around the pages: ways in and back, keyboard, themes, languages, phone, and what nobody may do with a name."""

import re

from playwright.async_api import Page, Route, expect
from tests.browser.axe import assert_accessible
from tests.browser.services import Services
from tests.browser.visitor import PHONE, Visitor

from solaris.domain.roles import Role

HARMFUL_NAME = "<img src=x onerror=\"document.title='owned'\">"


async def test_a_wrong_password_is_told_and_the_cursor_stands_where_it_is_typed_again(
    visitor: Visitor, services: Services
) -> None:
    await services.user("errada@example.com", "Ela")
    await visitor.open_portal()
    email, password = visitor.page.get_by_label("E-mail"), visitor.page.get_by_label("Senha", exact=True)
    await expect(email).to_be_focused()
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.page.get_by_text("Digite seu e-mail.")).to_be_visible()
    await expect(email).to_be_focused()
    await visitor.type_credentials("errada@example.com", "cavalo errado")
    await expect(visitor.page.get_by_role("alert")).to_have_text("E-mail ou senha incorretos.")
    await expect(password).to_be_focused()
    await expect(password).to_have_value("")
    await visitor.look("portal-sign-in-wrong")
    for _ in range(4):
        await visitor.type_credentials("errada@example.com", "cavalo errado")
        await expect(password).to_have_value("")
    await visitor.type_credentials("errada@example.com", "cavalo errado")
    await expect(visitor.page.get_by_role("alert")).to_contain_text("tentativas")


async def test_a_deep_link_survives_signing_in_and_a_session_that_ran_out_leads_back(
    visitor: Visitor, services: Services
) -> None:
    user_id = await services.user("volta@example.com", "Volta")
    page = visitor.page
    await visitor.open_portal("/?de=email")
    await expect(page).to_have_url(re.compile(r"/entrar\?voltar="))
    await visitor.sign_in("volta@example.com")
    await expect(page).to_have_url(f"{services.portal_url}/?de=email")
    await services.database.execute(
        "UPDATE credentials SET tokens_valid_from = now() + interval '1 second' WHERE user_id = $1", user_id
    )
    await page.wait_for_timeout(5_100)  # as long as an identified caller is remembered (`LIFETIME_SECONDS`)
    await page.reload()
    await expect(page).to_have_url(re.compile(r"/entrar\?voltar="))


async def test_an_address_that_is_not_there_says_so_with_a_way_out(visitor: Visitor, services: Services) -> None:
    await services.user("perdida@example.com", "Perdida")
    await visitor.open_portal()
    await visitor.sign_in("perdida@example.com")
    answer = await visitor.page.goto(f"{services.portal_url}/nao-existe")
    assert answer is not None
    assert answer.status == 404
    await expect(visitor.page.get_by_role("heading", name="Página não encontrada")).to_be_visible()
    await visitor.look("portal-not-found")
    await visitor.page.get_by_role("link", name="Voltar ao início").click()
    await expect(visitor.page.get_by_role("heading", name="Olá, Perdida")).to_be_visible()
    await visitor.page.go_back()
    await expect(visitor.page.get_by_role("heading", name="Página não encontrada")).to_be_visible()


async def test_theme_and_language_are_chosen_in_the_menu_and_kept(visitor: Visitor, services: Services) -> None:
    await services.user("gosto@example.com", "Gosto Próprio")
    page = visitor.page
    await visitor.open_portal()
    await visitor.sign_in("gosto@example.com")
    await page.get_by_role("button", name="Menu de Gosto Próprio").click()
    await expect(page.get_by_role("button", name="Sair")).to_be_visible()
    await visitor.photograph("portal-menu-light")
    await assert_accessible(page)
    await page.get_by_text("Escuro").click()
    await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    await page.get_by_text("English").click()
    await expect(page.get_by_role("heading", name="Hello, Gosto Próprio")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await visitor.photograph("portal-menu-dark-english")
    await page.reload()
    await expect(page.get_by_role("heading", name="Hello, Gosto Próprio")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    await expect(page.get_by_text("100,000 tokens left")).to_be_visible()


async def test_the_keyboard_reaches_everything(visitor: Visitor, services: Services) -> None:
    await services.user("tecla@example.com", "Tecla")
    page = visitor.page
    await visitor.open_portal()
    await visitor.sign_in("tecla@example.com")
    await page.reload()
    await expect(page.get_by_role("heading", name="Olá, Tecla")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Ir para o conteúdo")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await page.get_by_role("button", name="Menu de Tecla").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Sair")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Menu de Tecla")).to_be_focused()


async def test_on_a_phone_the_navigation_opens_and_closes(visitor: Visitor, services: Services) -> None:
    await services.user("celular@example.com", "Pessoa de Nome Muito Comprido da Silva Albuquerque e Souza")
    page = visitor.page
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    await visitor.open_portal()
    await visitor.sign_in("celular@example.com")
    link = page.get_by_role("link", name="Início")
    await expect(link).not_to_be_in_viewport()
    await page.get_by_role("button", name="Abrir a navegação").click()
    await expect(link).to_be_in_viewport()
    await visitor.photograph("portal-navigation-phone")
    await assert_accessible(page)
    await link.click()
    await expect(link).not_to_be_in_viewport()
    await visitor.assert_nothing_cut_off()


async def test_a_name_full_of_markup_is_only_a_name(visitor: Visitor, services: Services) -> None:
    await services.user("img@example.com", HARMFUL_NAME)
    await visitor.open_portal()
    await visitor.sign_in("img@example.com")
    await expect(visitor.page.get_by_role("heading", name=f"Olá, {HARMFUL_NAME}")).to_be_visible()
    await expect(visitor.page).to_have_title("Início · IA SOLARIS")


async def test_a_service_that_fails_is_told_with_its_trace_id_and_asked_again(
    visitor: Visitor, services: Services
) -> None:
    await services.user("falha@example.com", "Falha")
    page = visitor.page
    await _fail(page, "**/api/tokens/current")
    await visitor.open_portal()
    await visitor.sign_in("falha@example.com")
    # Two tries more come by themselves before anybody is bothered.
    await expect(page.get_by_role("alert")).to_contain_text("Código de rastreio: abc123", timeout=15_000)
    await visitor.look("portal-start-error")
    await page.unroute("**/api/tokens/current")
    await page.get_by_role("button", name="Tentar de novo").click()
    await expect(page.get_by_text("100.000 tokens restantes")).to_be_visible()


async def _fail(page: Page, pattern: str) -> None:
    async def refuse(route: Route) -> None:
        detail = {
            "message": "O banco de dados não respondeu. Tente de novo em instantes.",
            "type": "service_unavailable",
            "code": "store_unavailable",
            "param": None,
            "trace_id": "abc123",
        }
        await route.fulfill(status=503, json={"error": detail})

    await page.route(pattern, refuse)


async def test_a_page_that_can_not_be_fetched_waits_for_the_service_and_then_opens(
    visitor: Visitor, services: Services
) -> None:
    await services.user("longe@example.com", "Longe")
    page = visitor.page
    await visitor.open_portal()
    await visitor.sign_in("longe@example.com")
    await page.context.set_offline(True)
    await page.get_by_role("link", name="Chaves de API").click()
    away = page.get_by_role("heading", name="Sem conexão com o serviço")
    await expect(away).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.get_by_role("heading", name="Chaves de API", level=1)).to_be_visible(timeout=10_000)
    await expect(away).to_have_count(0)
    visitor.complaints.clear()  # the browser tells of the failed file


async def test_each_role_sees_only_what_it_may_open(visitor: Visitor, services: Services) -> None:
    await services.user("usuaria@example.com", "Usuária")
    await services.user("suporte@example.com", "Suporte", role=Role.SUPPORT)
    page = visitor.page
    await visitor.open_admin()
    await visitor.type_credentials("usuaria@example.com", "cavalo correto bateria")
    await expect(page.get_by_role("alert")).to_contain_text("só para a equipe")
    await visitor.sign_in("suporte@example.com")
    await expect(page.get_by_role("link", name="Painel")).to_have_count(0)


async def test_a_session_of_the_portal_is_none_of_the_administration(visitor: Visitor, services: Services) -> None:
    await services.user("dois@example.com", "Dois", role=Role.ADMIN)
    await visitor.open_portal()
    await visitor.sign_in("dois@example.com")
    await visitor.open_admin()
    await expect(visitor.page.get_by_role("heading", name="Entre na administração")).to_be_visible()
