"""Users: found among many, seen whole, and changed by those who may."""

import re
from uuid import UUID, uuid4

import aiohttp
import pytest
from playwright.async_api import Locator, Page, Route, expect
from tests.browser.admin_rooms import HARMFUL_NAME, email_of, glance
from tests.browser.services import Services
from tests.browser.visitor import Visitor

from solaris.domain.roles import Role

REASON = "Combinado por telefone com o gestor da área."


@pytest.fixture(scope="module")
def services(company: Services) -> Services:
    """Sixty days of usage."""
    return company


async def _enter(visitor: Visitor, path: str, role: Role) -> Page:
    await visitor.open_admin(path)
    await visitor.sign_in(email_of(role))
    return visitor.page


async def _user(services: Services, name: str) -> tuple[UUID, str]:
    email = f"p{uuid4().hex[:10]}@example.com"
    return await services.user(email, name, monthly_tokens=100_000), email


def _dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


async def _more(page: Page, action: str) -> None:
    await page.get_by_role("button", name="Mais ações").click()
    await page.get_by_role("menuitem", name=action).click()
    await expect(_dialog(page)).to_be_visible()


async def _grants(services: Services, user_id: UUID) -> list[int]:
    rows = await services.database.fetch(
        "SELECT tokens_added FROM credit_transactions WHERE user_id = $1 ORDER BY created_at", user_id
    )
    return [row["tokens_added"] for row in rows]


async def test_users_are_found_filtered_and_sorted_and_the_address_keeps_it(visitor: Visitor) -> None:
    page = await _enter(visitor, "/usuarios", Role.ADMIN)
    await expect(page.get_by_role("link", name="Vinícius Aragão")).to_be_visible()
    await visitor.look("admin-users")

    await page.get_by_role("searchbox", name="Buscar").fill("goncalves")
    await expect(page).to_have_url(re.compile("busca=goncalves"))
    await expect(page.get_by_role("link", name="Maria Gonçalves")).to_be_visible()
    await expect(page.get_by_role("link", name="Vinícius Aragão")).to_have_count(0)
    await page.get_by_role("link", name="Maria Gonçalves").click()
    await expect(page.get_by_role("heading", level=1, name="Maria Gonçalves")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("searchbox", name="Buscar")).to_have_value("goncalves")
    await page.get_by_role("button", name="Limpar filtros").click()
    await expect(page.get_by_role("searchbox", name="Buscar")).to_have_value("")

    await page.get_by_role("button", name=re.compile("^Bloqueados")).click()
    await expect(page).to_have_url(re.compile("estado=bloqueado"))
    await expect(page.get_by_role("link", name="Pedro Araújo")).to_be_visible()
    await expect(page.get_by_role("cell", name="Ativo", exact=True)).to_have_count(0)
    href = await page.get_by_role("link", name="Exportar CSV").get_attribute("href")
    assert href == "/admin/exports/users?state=blocked&sort=created_at&order=desc"


async def test_a_link_opens_the_same_page_of_the_list(visitor: Visitor) -> None:
    page = await _enter(visitor, "/usuarios?pagina=2&linhas=10&ordem=name&uso=ate-50", Role.OPERATOR)
    await expect(page.get_by_text(re.compile(r"^11–20 de \d+$"))).to_be_visible()
    await expect(page.get_by_role("button", name="Filtros (1)")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Uso do saldo")).to_have_value("Até 50%")
    await glance(visitor, "admin-users-filtered")
    await page.get_by_role("button", name="Próxima página").click()
    await expect(page).to_have_url(re.compile("pagina=3"))
    await visitor.open_admin("/usuarios?busca=ninguem-se-chama-assim")
    await expect(page.get_by_text("Nenhum usuário encontrado")).to_be_visible()
    await glance(visitor, "admin-users-nobody")


async def test_the_list_is_downloaded_with_its_filters(visitor: Visitor) -> None:
    page = await _enter(visitor, "/usuarios?estado=bloqueado", Role.OPERATOR)
    await expect(page.get_by_role("link", name="Pedro Araújo")).to_be_visible()
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Exportar CSV").click()
    text = (await (await downloading.value).path()).read_text("utf-8-sig")
    assert "Pedro Araújo" in text
    assert "Vinícius Aragão" not in text


async def test_credits_are_added_once_and_the_figures_change(visitor: Visitor, services: Services) -> None:
    user_id, email = await _user(services, "Rita Prado")
    page = await _enter(visitor, f"/usuarios?busca={email}", Role.ADMIN)
    await page.get_by_role("button", name="Adicionar créditos a Rita Prado").click()
    await expect(_dialog(page)).to_contain_text("100.000")
    await page.keyboard.press("Escape")
    await expect(_dialog(page)).to_have_count(0)
    await expect(page.get_by_role("button", name="Adicionar créditos a Rita Prado")).to_be_focused()

    await page.get_by_role("link", name="Rita Prado").click()
    await expect(page.get_by_role("heading", name="100.000 tokens restantes")).to_be_visible()
    await page.get_by_role("button", name="Adicionar Créditos").click()
    dialog = _dialog(page)
    submit = dialog.get_by_role("button", name="Adicionar Créditos")
    await submit.click()
    await expect(dialog.get_by_text("Digite um número inteiro de 1 a 1.000.000.000.")).to_be_visible()
    await dialog.get_by_role("button", name=re.compile("^200.000 tokens")).click()
    await expect(dialog.get_by_label("Valor pago")).to_have_value("50,00")
    await expect(dialog.get_by_text("300.000")).to_be_visible()
    await glance(visitor, "admin-add-credits")
    await submit.dblclick()
    await expect(dialog.get_by_text("Rita Prado recebeu 200.000 tokens.")).to_be_visible()
    await glance(visitor, "admin-add-credits-done")
    await dialog.get_by_role("button", name="Fechar").last.click()
    await expect(page.get_by_role("heading", name="300.000 tokens restantes")).to_be_visible()
    assert await _grants(services, user_id) == [200_000]
    await page.get_by_role("tab", name="Créditos").click()
    await expect(page.get_by_role("cell", name="+200.000")).to_be_visible()
    await expect(page.get_by_role("cell", name="R$ 50,00")).to_be_visible()
    await glance(visitor, "admin-user-credits")


async def test_a_lost_answer_does_not_add_credits_twice(visitor: Visitor, services: Services) -> None:
    user_id, _ = await _user(services, "Caio Nunes")
    page = await _enter(visitor, f"/usuarios/{user_id}", Role.ADMIN)
    await page.get_by_role("button", name="Adicionar Créditos").click()
    dialog = _dialog(page)
    await dialog.get_by_label("Tokens").fill("5000")
    await dialog.get_by_role("combobox", name="Motivo").click()
    await page.get_by_role("option", name="Bônus promocional").click()

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/credits", lose_the_answer)
    await dialog.get_by_role("button", name="Adicionar Créditos").click()
    await expect(dialog.get_by_text("Não sabemos se os créditos entraram.")).to_be_visible()
    await glance(visitor, "admin-add-credits-unsure")
    await page.unroute("**/credits")
    await dialog.get_by_role("button", name="Adicionar Créditos").click()
    await expect(dialog.get_by_text("Caio Nunes recebeu 5.000 tokens.")).to_be_visible()
    assert await _grants(services, user_id) == [5_000]


async def test_a_user_is_suspended_and_comes_back(visitor: Visitor, services: Services) -> None:
    user_id, email = await _user(services, "Lia Moura")
    page = await _enter(visitor, f"/usuarios/{user_id}", Role.OPERATOR)
    await _more(page, "Suspender")
    dialog = _dialog(page)
    await dialog.get_by_role("button", name="Suspender").click()
    await expect(dialog.get_by_text("Escreva pelo menos 3 caracteres.")).to_be_visible()
    await dialog.get_by_label("Motivo").fill("Licença")
    await glance(visitor, "admin-suspend")
    await dialog.get_by_role("button", name="Suspender").click()
    await expect(page.get_by_text("Motivo: Licença")).to_be_visible()
    await expect(page.get_by_role("button", name="Mais ações")).to_be_focused()
    await visitor.look("admin-user-suspended")
    await visitor.open_admin(f"/usuarios?estado=suspenso&busca={email}")
    await expect(page.get_by_role("link", name="Lia Moura")).to_be_visible()
    await page.get_by_role("link", name="Lia Moura").click()
    await _more(page, "Reativar")
    await _dialog(page).get_by_role("button", name="Reativar").click()
    await expect(page.get_by_text("Usuário reativado.")).to_be_visible()
    await expect(page.get_by_text("Motivo: Licença")).to_have_count(0)


async def test_somebody_elses_change_is_shown_and_what_was_typed_stays(visitor: Visitor, services: Services) -> None:
    user_id, _ = await _user(services, "Nina Alves")
    page = await _enter(visitor, f"/usuarios/{user_id}", Role.OPERATOR)
    await page.get_by_role("button", name="Editar").click()
    dialog = _dialog(page)
    await dialog.get_by_label("E-mail de contato").fill("nina@empresa.com.br")
    await dialog.get_by_label("Avisar ao atingir").fill("50, 75")
    await services.database.execute(
        "UPDATE users SET name = 'Nina Alves Reis', updated_at = now() WHERE id = $1", user_id
    )
    await dialog.get_by_role("button", name="Salvar").click()
    await expect(dialog.get_by_text("Outra pessoa mudou este registro")).to_be_visible()
    await glance(visitor, "admin-edit-conflict")
    await dialog.get_by_role("button", name="Carregar a versão atual").click()
    await expect(dialog.get_by_text("Nome: de “Nina Alves” para “Nina Alves Reis”")).to_be_visible()
    await expect(dialog.get_by_label("E-mail de contato")).to_have_value("nina@empresa.com.br")
    await dialog.get_by_role("button", name="Salvar").click()
    await expect(page.get_by_role("heading", level=1, name="Nina Alves Reis")).to_be_visible()
    await expect(page.get_by_text("nina@empresa.com.br")).to_be_visible()
    await expect(page.get_by_text("50%, 75%")).to_be_visible()


async def test_plan_limit_and_reset_change_the_balance(visitor: Visitor, services: Services) -> None:
    user_id, _ = await _user(services, "Otto Lins")
    page = await _enter(visitor, f"/usuarios/{user_id}", Role.ADMIN)
    await _more(page, "Ajustar limite")
    dialog = _dialog(page)
    await dialog.get_by_label("Tokens por mês").fill("150000")
    await dialog.get_by_label("Motivo").fill("curto")
    await expect(dialog.get_by_text("5 de no mínimo 20 caracteres")).to_be_visible()
    await dialog.get_by_role("button", name="Ajustar limite").click()
    await expect(dialog.get_by_text("Escreva pelo menos 20 caracteres.")).to_be_visible()
    await glance(visitor, "admin-limit")
    await dialog.get_by_label("Motivo").fill(REASON)
    await dialog.get_by_role("button", name="Ajustar limite").click()
    await expect(page.get_by_text("Limite ajustado")).to_be_visible()
    await expect(page.get_by_role("heading", name="150.000 tokens restantes")).to_be_visible()

    await _more(page, "Trocar plano")
    await dialog.get_by_role("combobox", name="Novo plano").click()
    await page.get_by_role("option", name=re.compile("^Profissional")).click()
    await glance(visitor, "admin-plan")
    await dialog.get_by_role("button", name="Trocar plano").click()
    await expect(page.get_by_text("O plano agora é Profissional.")).to_be_visible()

    await _more(page, "Reiniciar consumo")
    await dialog.get_by_label("Motivo").fill(REASON)
    await glance(visitor, "admin-reset")
    await dialog.get_by_role("button", name="Reiniciar consumo").click()
    # Nothing was used: the service says so, and the dialog stays.
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await dialog.get_by_role("button", name="Cancelar").click()
    await expect(dialog).to_have_count(0)


async def test_a_new_user_gets_a_password_that_is_shown_once(visitor: Visitor, services: Services) -> None:
    await visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await _enter(visitor, "/usuarios", Role.ADMIN)
    await page.get_by_role("button", name="Novo usuário").click()
    dialog = _dialog(page)
    await expect(dialog.get_by_label("Perfil")).to_have_count(0)
    await dialog.get_by_label("E-mail").fill("nada")
    await dialog.get_by_role("button", name="Criar usuário").click()
    await expect(dialog.get_by_text("Digite um e-mail válido.")).to_be_visible()
    await glance(visitor, "admin-new-user")
    email = f"novo{uuid4().hex[:8]}@example.com"
    await dialog.get_by_label("E-mail").fill(email)
    await dialog.get_by_label("Nome").fill("Bento Novo")
    await dialog.get_by_role("button", name="Criar usuário").click()
    await expect(dialog.get_by_text("Bento Novo já pode usar o chat.")).to_be_visible()
    password = await dialog.locator("code").inner_text()
    await dialog.get_by_role("button", name="Copiar").click()
    await expect(dialog.get_by_role("button", name="Copiado")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == password
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_visible()
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{services.portal_url}/api/auth/login", json={"email": email, "password": password}) as answer,
    ):
        assert answer.status == 200
    await dialog.get_by_role("button", name="Fechar").last.click()
    await expect(dialog).to_have_count(0)
    assert password not in await page.content()


async def test_a_password_is_set_and_a_user_anonymised(visitor: Visitor, services: Services) -> None:
    user_id, email = await _user(services, "Davi Rocha")
    page = await _enter(visitor, f"/usuarios/{user_id}", Role.ADMIN)
    dialog = _dialog(page)
    await _more(page, "Nova senha")
    await dialog.get_by_role("button", name="Criar senha").click()
    await expect(dialog.get_by_text("Ela não será mostrada de novo.")).to_be_visible()
    await dialog.locator("code").evaluate("code => code.textContent = 'ExemploDeSenha'")
    await glance(visitor, "admin-password")
    await dialog.get_by_role("button", name="Fechar").last.click()

    await _more(page, "Anonimizar")
    await dialog.get_by_label("Motivo").fill("Pedido do titular")
    await dialog.get_by_label("para confirmar").fill("outra@example.com")
    await dialog.get_by_role("button", name="Anonimizar para sempre").click()
    await expect(dialog.get_by_text("Não confere com o que está acima.")).to_be_visible()
    await glance(visitor, "admin-anonymise")
    await dialog.get_by_label("para confirmar").fill(email)
    await dialog.get_by_role("button", name="Anonimizar para sempre").click()
    await expect(page.get_by_text("Conta anonimizada em")).to_be_visible()
    await expect(page.get_by_text("Davi Rocha")).to_have_count(0)
    await expect(page.get_by_role("button", name="Editar")).to_have_count(0)
    await glance(visitor, "admin-user-anonymised")


async def test_the_history_shows_receipts_that_add_up(visitor: Visitor, services: Services) -> None:
    user_id = await services.database.fetchval("SELECT id FROM users WHERE email = 'maria@demo.local'")
    page = await _enter(visitor, f"/usuarios/{user_id}", Role.OPERATOR)
    await expect(page.get_by_role("heading", name="50.000 tokens restantes")).to_be_visible()
    await visitor.look("admin-user")
    await page.get_by_role("tab", name="Histórico").click()
    await expect(page).to_have_url(re.compile("aba=historico"))
    await expect(page.get_by_role("button", name=re.compile("^Ver o recibo")).first).to_be_visible()
    await visitor.look("admin-user-history")
    await page.get_by_role("button", name=re.compile("^Ver o recibo")).first.click()
    dialog = _dialog(page)
    await expect(dialog.get_by_text("Como se chegou ao valor")).to_be_visible()
    await expect(dialog.get_by_text(re.compile("tokens × peso 1")).first).to_be_visible()
    await expect(dialog.get_by_text("Custo no provedor")).to_be_visible()
    await glance(visitor, "admin-receipt")
    await page.keyboard.press("Escape")
    await page.get_by_label("De", exact=True).fill("2020-01-01")
    await page.get_by_label("Até", exact=True).fill("2020-01-02")
    await expect(page.get_by_text("Nenhuma chamada")).to_be_visible()
    await page.get_by_role("tab", name="Alertas").click()
    await expect(page.get_by_role("heading", name="Alertas de consumo")).to_be_visible()
    await glance(visitor, "admin-user-alerts")
    await page.get_by_role("tab", name="Acessos").click()
    await expect(page.get_by_role("heading", name="Chaves de API")).to_be_visible()
    await glance(visitor, "admin-user-access")


async def test_each_role_sees_what_it_may_do(visitor: Visitor, services: Services) -> None:
    user_id, _ = await _user(services, "Zeca Dias")
    page = await _enter(visitor, f"/usuarios/{user_id}", Role.SUPPORT)
    await expect(page.get_by_role("heading", name="100.000 tokens restantes")).to_be_visible()
    for name in ("Editar", "Adicionar Créditos", "Mais ações"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)
    await expect(page.get_by_role("tab", name="Créditos")).to_have_count(0)
    await glance(visitor, "admin-user-support")
    await visitor.open_admin("/usuarios")
    await expect(page.get_by_role("link", name="Zeca Dias")).to_be_visible()
    await expect(page.get_by_role("link", name="Exportar CSV")).to_have_count(0)
    await expect(page.get_by_role("button", name="Novo usuário")).to_have_count(0)

    await page.get_by_role("button", name=re.compile("^Menu de ")).click()
    await page.get_by_role("button", name="Sair").click()
    await expect(page.get_by_role("heading", name="Entre na administração")).to_be_visible()
    await visitor.sign_in(email_of(Role.OPERATOR))
    await visitor.open_admin(f"/usuarios/{user_id}")
    await expect(page.get_by_role("button", name="Editar")).to_be_visible()
    await expect(page.get_by_role("button", name="Adicionar Créditos")).to_have_count(0)
    await page.get_by_role("button", name="Mais ações").click()
    assert await page.get_by_role("menuitem").all_inner_texts() == ["Suspender"]


async def test_a_harmful_name_is_only_a_name(visitor: Visitor, services: Services) -> None:
    user_id, email = await _user(services, HARMFUL_NAME)
    page = await _enter(visitor, f"/usuarios?busca={email}", Role.ADMIN)
    await expect(page.get_by_role("link", name=HARMFUL_NAME)).to_be_visible()
    await glance(visitor, "admin-users-harmful")
    await visitor.open_admin(f"/usuarios/{user_id}")
    await page.get_by_role("button", name="Adicionar Créditos").click()
    await expect(_dialog(page)).to_contain_text("<img src=x")
    await glance(visitor, "admin-add-credits-harmful")
    assert "owned" not in await page.title()
    assert await page.locator("img[src=x]").count() == 0


async def test_an_unknown_user_and_a_failing_service_have_a_way_out(visitor: Visitor) -> None:
    page = await _enter(visitor, f"/usuarios/{uuid4()}", Role.SUPPORT)
    await expect(page.get_by_role("heading", name="Usuário não encontrado")).to_be_visible()
    await visitor.open_admin("/usuarios/abc")
    await expect(page.get_by_role("heading", name="Usuário não encontrado")).to_be_visible()
    await glance(visitor, "admin-user-unknown")

    async def fail(route: Route) -> None:
        await route.abort()

    await page.route("**/admin/users?*", fail)
    await page.get_by_role("link", name="Todos os usuários").click()
    await expect(page.get_by_text("Não houve resposta do serviço.")).to_be_visible(timeout=15_000)
    await page.unroute("**/admin/users?*")
    await page.get_by_role("button", name="Tentar de novo").click()
    await expect(page.get_by_role("table")).to_be_visible()
