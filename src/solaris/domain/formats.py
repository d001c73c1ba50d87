"""Numbers and dates as Brazilians write them (SPEC 11), for messages, mails and exports."""

from datetime import date


def format_tokens(tokens: int) -> str:
    """`1247` → `1.247`."""
    return f"{tokens:,}".replace(",", ".")


def format_date(day: date) -> str:
    """`2026-12-01` → `01/12/2026`."""
    return f"{day:%d/%m/%Y}"
