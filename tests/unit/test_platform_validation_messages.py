"""Validation errors are correct Portuguese: plurals and numbers too."""

from decimal import Decimal
from typing import Any

import pytest

from solaris.platform.http.validation_messages import sentence_for


@pytest.mark.parametrize(
    ("kind", "context", "said"),
    [
        ("string_too_short", {"min_length": 1}, "O campo 'x' deve ter pelo menos 1 caractere."),
        ("string_too_short", {"min_length": 20}, "O campo 'x' deve ter pelo menos 20 caracteres."),
        ("string_too_long", {"max_length": 1}, "O campo 'x' deve ter no máximo 1 caractere."),
        ("string_too_long", {"max_length": 1000}, "O campo 'x' deve ter no máximo 1.000 caracteres."),
        ("less_than_equal", {"le": 1_000_000_000}, "O campo 'x' deve ser menor ou igual a 1.000.000.000."),
        ("less_than_equal", {"le": Decimal("10000.50")}, "O campo 'x' deve ser menor ou igual a 10.000,5."),
        ("greater_than", {"gt": 0.0}, "O campo 'x' deve ser maior que 0."),
        ("enum", {"expected": "'a' or 'b'"}, "O campo 'x' deve ser um destes valores: 'a' ou 'b'."),
    ],
)
def test_the_sentence_reads_as_brazilians_write(kind: str, context: dict[str, Any], said: str) -> None:
    assert sentence_for([{"type": kind, "loc": ("body", "x"), "ctx": context}]) == (said, "x")
