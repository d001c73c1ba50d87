"""Numbers and dates in Brazilian format (SPEC 11), for messages, e-mails and exports."""

from datetime import date


def format_tokens(tokens: int) -> str:
    """`1247` → `1.247`."""
    return f"{tokens:,}".replace(",", ".")


def tokens_text(tokens: int) -> str:
    """`1` → `1 token`, `1247` → `1.247 tokens`."""
    return f"{format_tokens(tokens)} {'token' if abs(tokens) == 1 else 'tokens'}"


def format_size(size_bytes: int) -> str:
    """`20971520` → `20 MB`, `1572864` → `1,5 MB`.

    Uses the largest unit in which the size is at least 1, rounded down to one decimal.
    """
    for unit, unit_bytes in (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024)):
        if size_bytes >= unit_bytes:
            whole, tenths = divmod(size_bytes * 10 // unit_bytes, 10)
            return f"{format_tokens(whole)},{tenths} {unit}" if tenths else f"{format_tokens(whole)} {unit}"
    return f"{size_bytes} {'byte' if size_bytes == 1 else 'bytes'}"


def format_date(day: date) -> str:
    """`2026-12-01` → `01/12/2026`."""
    return f"{day:%d/%m/%Y}"
