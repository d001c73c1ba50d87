"""Models and their weights, with the calculation that shows what they cost."""

import pytest
from playwright.async_api import expect
from tests.browser.admin_rooms import email_of, glance
from tests.browser.services import Services
from tests.browser.visitor import Visitor

from solaris.domain.roles import Role


@pytest.fixture(scope="module")
def services(company: Services) -> Services:
    """The demo's company."""
    return company


async def test_weights_are_tried_before_they_are_saved(visitor: Visitor, services: Services) -> None:
    page = visitor.page
    await services.database.execute(
        "INSERT INTO models (name, input_weight, cached_input_weight, output_weight, reasoning_weight) "
        "VALUES ('prova/um', 1, 0.5, 2, 2)"
    )
    await visitor.open_admin("/modelos")
    await visitor.sign_in(email_of(Role.ADMIN))
    await expect(page.get_by_text("Fator de conversão").first).to_be_visible()
    await visitor.look("admin-models")
    await page.get_by_role("button", name="Editar pesos de prova/um").click()
    dialog = page.get_by_role("dialog")
    weights, request = dialog.get_by_role("group", name="Pesos"), dialog.get_by_role("group", name="Tokens do pedido")
    for kind, count in (("Entrada", "1000"), ("Em cache", "0"), ("Saída", "500"), ("Raciocínio", "0")):
        await request.get_by_label(kind).fill(count)
    await expect(dialog.get_by_text("2.000 tokens")).to_be_visible()
    await weights.get_by_label("Saída").fill("3,125")
    await expect(dialog.get_by_text("2.563 tokens")).to_be_visible()
    await weights.get_by_label("Entrada").fill("muito")
    await expect(dialog.get_by_text("Corrija os números para ver o cálculo.")).to_be_visible()
    await glance(visitor, "admin-model-edit")
    await weights.get_by_label("Entrada").fill("1")
    await dialog.get_by_role("button", name="Salvar").click()
    await expect(page.get_by_text("“prova/um” foi salvo.")).to_be_visible()
    await expect(page.get_by_role("cell", name="3,125")).to_be_visible()


async def test_an_operator_changes_no_weights(visitor: Visitor) -> None:
    await visitor.open_admin("/modelos")
    await visitor.sign_in(email_of(Role.OPERATOR))
    await expect(visitor.page.get_by_role("cell", name="gpt-4").first).to_be_visible()
    await expect(visitor.page.get_by_role("button", name="Editar pesos de ")).to_have_count(0)


async def test_a_model_gets_weights_before_its_first_call(visitor: Visitor, services: Services) -> None:
    page = visitor.page
    await visitor.open_admin("/modelos")
    await visitor.sign_in(email_of(Role.ADMIN))
    await page.get_by_role("button", name="Adicionar modelo").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Continuar").click()
    await expect(dialog.get_by_text("Digite o nome do modelo.")).to_be_visible()
    await dialog.get_by_label("Nome do modelo").fill("prova/novo")
    await glance(visitor, "admin-model-new")
    await dialog.get_by_role("button", name="Continuar").click()
    await dialog.get_by_role("group", name="Pesos").get_by_label("Saída").fill("4")
    await dialog.get_by_role("button", name="Salvar").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("row", name="prova/novo")).to_contain_text("4")
    weight = await services.database.fetchval("SELECT output_weight FROM models WHERE name = 'prova/novo'")
    assert weight == 4


async def test_a_pattern_gets_weights_and_its_members_show_where_theirs_come_from(
    visitor: Visitor, services: Services
) -> None:
    page = visitor.page
    await services.database.execute("INSERT INTO served_names (name, targets) VALUES ('curinga', '{familia/um}')")
    await visitor.open_admin("/modelos")
    await visitor.sign_in(email_of(Role.ADMIN))
    row = page.get_by_role("row", name="curinga")
    await expect(row).to_contain_text("apelido de familia/um")
    await expect(row).to_contain_text("Sem pesos")
    await page.get_by_role("button", name="Adicionar modelo").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Nome do modelo").fill("familia/*")
    await dialog.get_by_role("button", name="Continuar").click()
    await dialog.get_by_role("group", name="Pesos").get_by_label("Saída").fill("6")
    await dialog.get_by_role("button", name="Salvar").click()
    await expect(dialog).to_be_hidden()
    await expect(row).to_contain_text("pesos de familia/*")
    await expect(row).to_contain_text("Pesos herdados")
    await expect(row).to_contain_text("6")
