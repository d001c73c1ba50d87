"""CSV exports: what Brazilian Excel reads, and what it must not run."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from starlette.responses import Response, StreamingResponse

from solaris.reporting.csv_export import ROWS_PER_CHUNK, cell_text, csv_response, wants_csv


async def body_of(response: Response) -> bytes:
    assert isinstance(response, StreamingResponse)
    return b"".join([bytes(chunk) async for chunk in response.body_iterator])  # type: ignore[arg-type]


async def test_a_file_has_a_bom_semicolons_and_decimal_commas() -> None:
    rows = [['João; "Zé"', 1247, Decimal("1250.00"), 0.02, date(2026, 12, 31), None, True]]
    response = csv_response("uso-2026.csv", ["nome", "tokens", "receita", "taxa", "dia", "vazio", "ativo"], rows)
    content = await body_of(response)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == (
        'nome;tokens;receita;taxa;dia;vazio;ativo\r\n"João; ""Zé""";1247;1250,00;0,02;31/12/2026;;sim\r\n'
    )
    assert response.headers["content-type"] == "text/csv; charset=utf-8"


async def test_rows_may_come_one_by_one_and_leave_in_chunks() -> None:
    async def rows() -> AsyncIterator[Sequence[object]]:
        for number in range(ROWS_PER_CHUNK + 1):
            yield [number]

    response = csv_response("muito.csv", ["n"], rows())
    assert isinstance(response, StreamingResponse)
    chunks = [bytes(chunk) async for chunk in response.body_iterator]  # type: ignore[arg-type]
    assert len(chunks) == 2
    assert len(b"".join(chunks).splitlines()) == ROWS_PER_CHUNK + 2


@pytest.mark.parametrize(
    "text", ["=1+1", "+55 11", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", '=HYPERLINK("http://x";"y")']
)
def test_text_that_would_run_as_a_formula_is_neutralised(text: str) -> None:
    assert cell_text(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-5, "-5"),
        (Decimal("-12.50"), "-12,50"),
        (1e-7, "0,0000001"),
        (Decimal("1E+3"), "1000"),
        (datetime(2026, 12, 31, 23, 59, 58, tzinfo=UTC), "31/12/2026 23:59:58"),
        (False, "não"),
        ("a-b=c", "a-b=c"),
    ],
)
def test_cells_are_written_as_brazilians_do(value: object, text: str) -> None:
    assert cell_text(value) == text


async def test_a_file_name_cannot_break_the_header() -> None:
    header = csv_response('relatório"\r\nX: y.csv', [], []).headers["content-disposition"]
    assert header.startswith('attachment; filename="relat_rio___X__y.csv"; ')
    assert "\r" not in header
    assert "\n" not in header


@pytest.mark.parametrize(
    ("accept", "form", "expected"),
    [
        (None, None, False),
        ("text/csv", None, True),
        ("application/json", None, False),
        ("*/*", None, False),
        ("application/json, text/csv;q=0.5", None, False),
        ("text/csv, application/json;q=0.9", None, True),
        ("text/csv;q=0", None, False),
        ("text/csv;q=x", None, False),
        ("text/csv", "json", False),
        (None, "csv", True),
    ],
)
def test_csv_is_sent_to_who_asks_for_it(accept: str | None, form: str | None, expected: bool) -> None:
    assert wants_csv(accept, form) is expected
