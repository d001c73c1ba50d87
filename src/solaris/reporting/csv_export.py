"""CSV for Brazilian Excel: UTF-8 with BOM, semicolon, decimal comma, CRLF.

Text that a spreadsheet would run as a formula is escaped (OWASP, CSV Injection), since names and
notes come from users.
"""

import csv
import io
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

CSV_MEDIA_TYPE = "text/csv"
ROWS_PER_CHUNK = 500
_BOM = "\ufeff"
# Full-width characters included: spreadsheets with an East Asian locale treat them alike.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[object]] | AsyncIterable[Sequence[object]]
) -> Response:
    """Return a download of `filename` that streams the rows in constant memory.

    Numbers have a decimal comma and no thousands separator, dates are `31/12/2026`, datetimes
    `31/12/2026 23:59:59` in their own time zone (convert them first), booleans `sim` and `não`, None
    an empty cell.
    """
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in filename)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    return StreamingResponse(
        _chunks(header, rows),
        media_type=f"{CSV_MEDIA_TYPE}; charset=utf-8",
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store", "Vary": "Accept"},
    )


def wants_csv(accept: str | None, form: str | None = None) -> bool:
    """Return whether the caller prefers CSV, by `Accept` with text/csv at least as high as JSON.

    `form` is the query's `format`; if given, it overrides `Accept`.
    """
    if form is not None:
        return form == "csv"
    weights = {"csv": 0.0, "json": 0.0}
    for part in (accept or "").lower().split(","):
        media_type, _, parameters = part.strip().partition(";")
        name = media_type.strip()
        kind = "csv" if name == CSV_MEDIA_TYPE else "json" if name == "application/json" else None
        if kind is not None:
            weights[kind] = max(weights[kind], _weight(parameters))
    return weights["csv"] > 0 and weights["csv"] >= weights["json"]


def cell_text(value: object) -> str:
    """Return a cell's text in Brazilian format; see `csv_response`."""
    match value:
        case None:
            return ""
        case bool():
            return "sim" if value else "não"
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}".replace(".", ",")
        case float():
            return f"{Decimal(repr(value)):f}".replace(".", ",")
        case datetime():
            return f"{value:%d/%m/%Y %H:%M:%S}"
        case date():
            return f"{value:%d/%m/%Y}"
        case _:
            return _neutralised(str(value))


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _neutralised(text: str) -> str:
    first = text.lstrip(" \u00a0")
    return f"'{text}" if first.startswith(_FORMULA_STARTS) else text


async def _chunks(
    header: Sequence[str], rows: Iterable[Sequence[object]] | AsyncIterable[Sequence[object]]
) -> AsyncIterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write(_BOM)
    writer.writerow([cell_text(name) for name in header])
    waiting = 0
    async for row in _each(rows):
        writer.writerow([cell_text(value) for value in row])
        waiting += 1
        if waiting >= ROWS_PER_CHUNK:
            yield _taken(buffer)
            waiting = 0
    yield _taken(buffer)


async def _each(rows: Iterable[Sequence[object]] | AsyncIterable[Sequence[object]]) -> AsyncIterator[Sequence[object]]:
    if isinstance(rows, AsyncIterable):
        async for row in rows:
            yield row
    else:
        for row in rows:
            yield row


def _taken(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content
