"""Revenue, transactions, packages and plans, on the demo's company."""

import re

import pytest
from playwright.async_api import expect
from tests.browser.admin_rooms import email_of, glance
from tests.browser.services import Services
from tests.browser.visitor import Visitor

from solaris.domain.roles import Role


@pytest.fixture(scope="module")
def services(company: Services) -> Services:
    """Sixty days of purchases."""
    return company


async def test_revenue_is_compared_with_the_period_before(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open_admin("/financeiro")
    await visitor.sign_in(email_of(Role.OPERATOR))
    await expect(page.get_by_role("region", name="Receita", exact=True)).to_contain_text(
        re.compile(r"R\$\s[\d.]+,\d\d")
    )
    await expect(page.get_by_role("figure", name=re.compile(r"^Receita de "))).to_be_visible()
    await visitor.look("admin-finance")
    await page.get_by_role("tab", name="Transações").click()
    await expect(page).to_have_url(re.compile("aba=transactions"))
    await page.get_by_role("combobox", name="Tipo").click()
    await page.get_by_role("option", name="Compra").click()
    await expect(page.get_by_role("cell", name="Bônus")).to_have_count(0)
    await glance(visitor, "admin-transactions")
    await page.get_by_role("tab", name="Pacotes").click()
    await expect(page.get_by_role("button", name="Novo pacote")).to_have_count(0)


async def test_a_package_is_edited_although_somebody_else_was_faster(visitor: Visitor, services: Services) -> None:
    page = visitor.page
    await services.database.execute(
        "INSERT INTO packages (id, name, tokens, amount_brl, sort_order) VALUES ('prova', 'Prova', 1000, 9.90, 900)"
    )
    await visitor.open_admin("/financeiro?aba=packages")
    await visitor.sign_in(email_of(Role.ADMIN))
    await page.get_by_role("button", name="Editar Prova").click()
    dialog = page.get_by_role("dialog")
    price = dialog.get_by_label("Preço")
    await expect(price).to_have_value("9,90")
    await price.fill("0")
    await dialog.get_by_role("button", name="Salvar").click()
    await expect(dialog.get_by_text("Digite um preço maior que zero")).to_be_visible()
    await price.fill("1250,5")
    await dialog.get_by_label("Nome").focus()
    await expect(price).to_have_value("1.250,50")
    await services.database.execute(
        "UPDATE packages SET tokens = 2000, updated_at = clock_timestamp() WHERE id = 'prova'"
    )
    await dialog.get_by_role("button", name="Salvar").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("O que você digitou continua aqui")
    await glance(visitor, "admin-package-conflict")
    await dialog.get_by_role("button", name="Carregar a versão atual").click()
    await expect(dialog.get_by_text("Tokens: de “1.000” para “2.000”")).to_be_visible()
    await expect(price).to_have_value("1.250,50")
    await dialog.get_by_role("button", name="Salvar").click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("button", name="Editar Prova")).to_be_focused()
    row = await services.database.fetchrow("SELECT tokens, amount_brl::text FROM packages WHERE id = 'prova'")
    assert row is not None
    assert tuple(row) == (1000, "1250.50")


async def test_a_plan_is_created(visitor: Visitor, services: Services) -> None:
    page = visitor.page
    await visitor.open_admin("/financeiro?aba=plans")
    await visitor.sign_in(email_of(Role.ADMIN))
    await page.get_by_role("button", name="Novo plano").click()
    dialog = page.get_by_role("dialog", name="Novo plano")
    await dialog.get_by_role("button", name="Criar").click()
    await expect(dialog.get_by_text("Preencha este campo.")).to_be_visible()
    await glance(visitor, "admin-plan-new")
    await dialog.get_by_label("Código").fill("equipe_x")
    await dialog.get_by_label("Nome").fill("Equipe X")
    await dialog.get_by_label("Tokens por mês").fill("1.500.000")
    await dialog.get_by_label("Preço por mês").fill("99,9")
    await expect(dialog.get_by_label("Chamadas ao mesmo tempo")).to_have_value("20")
    await dialog.get_by_label("Chamadas ao mesmo tempo").fill("0")
    await dialog.get_by_role("button", name="Criar").click()
    await expect(dialog.get_by_text("Digite um número inteiro de 1 a 10.000.")).to_be_visible()
    await dialog.get_by_label("Chamadas ao mesmo tempo").fill("37")
    await dialog.get_by_role("button", name="Criar").click()
    await expect(page.get_by_role("cell", name="Equipe X equipe_x")).to_be_visible()
    await expect(page.get_by_role("cell", name="1.500.000")).to_be_visible()
    await expect(page.get_by_role("cell", name="37", exact=True)).to_be_visible()
    await glance(visitor, "admin-plans")
