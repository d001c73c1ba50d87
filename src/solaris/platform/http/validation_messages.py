"""Validation errors as Portuguese sentences with the field and the correction."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from solaris.domain.formats import format_tokens

_SENTENCES = {
    "missing": "é obrigatório",
    "json_invalid": "não é um JSON válido",
    "extra_forbidden": "não é um campo conhecido",
    "int_parsing": "deve ser um número inteiro",
    "int_type": "deve ser um número inteiro",
    "int_from_float": "deve ser um número inteiro",
    "decimal_parsing": "deve ser um número decimal",
    "decimal_type": "deve ser um número decimal",
    "decimal_max_places": "tem casas decimais demais (no máximo {decimal_places})",
    "decimal_max_digits": "tem dígitos demais (no máximo {max_digits})",
    "decimal_whole_digits": "é grande demais",
    "finite_number": "deve ser um número finito",
    "string_type": "deve ser um texto",
    "string_too_short": "deve ter pelo menos {min_length} {characters}",
    "string_too_long": "deve ter no máximo {max_length} {characters}",
    "string_pattern_mismatch": "não está no formato esperado",
    "bool_parsing": "deve ser verdadeiro ou falso",
    "bool_type": "deve ser verdadeiro ou falso",
    "uuid_parsing": "deve ser um identificador UUID",
    "uuid_type": "deve ser um identificador UUID",
    "literal_error": "deve ser um destes valores: {expected}",
    "enum": "deve ser um destes valores: {expected}",
    "greater_than": "deve ser maior que {gt}",
    "greater_than_equal": "deve ser maior ou igual a {ge}",
    "less_than": "deve ser menor que {lt}",
    "less_than_equal": "deve ser menor ou igual a {le}",
    "date_from_datetime_parsing": "deve ser uma data no formato AAAA-MM-DD",
    "date_parsing": "deve ser uma data no formato AAAA-MM-DD",
    "date_type": "deve ser uma data no formato AAAA-MM-DD",
    "datetime_parsing": "deve ser uma data e hora no formato ISO 8601",
    "datetime_from_date_parsing": "deve ser uma data e hora no formato ISO 8601",
    "timezone_aware": "deve trazer o fuso horário",
    "list_type": "deve ser uma lista",
    "dict_type": "deve ser um objeto",
    "model_attributes_type": "deve ser um objeto JSON",
}

_BRAZILIAN = str.maketrans(",.", ".,")


def field_of(error: Mapping[str, Any]) -> str:
    """Return the name of an error's field as a dotted path (`usage.input_tokens`)."""
    parts = [str(part) for part in error.get("loc", ()) if part not in ("body", "query", "path", "header", "cookie")]
    return ".".join(parts)


def sentence_for(errors: Sequence[Mapping[str, Any]]) -> tuple[str, str | None]:
    """Return a Portuguese sentence for the first error, and the field's name if it has one."""
    first = errors[0]
    kind = str(first.get("type", ""))
    if kind == "json_invalid":
        return "O corpo da requisição não é um JSON válido. Confira vírgulas, aspas e chaves.", None
    field = field_of(first)
    if kind == "missing" and not field:
        return "Envie um corpo em JSON nesta requisição.", None
    template = _SENTENCES.get(kind, "tem um valor inválido")
    context = dict(first.get("ctx") or {})
    values = {key: _shown(value) for key, value in context.items()}
    values["characters"] = "caractere" if 1 in (context.get("min_length"), context.get("max_length")) else "caracteres"
    try:
        problem = template.format(**values)
    except KeyError:
        problem = "tem um valor inválido"
    if kind == "value_error":
        problem = str(first.get("msg", problem)).removeprefix("Value error, ")
    return (f"O campo '{field}' {problem}." if field else f"A requisição {problem}."), field or None


def _shown(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return format_tokens(value)
    if isinstance(value, float | Decimal):
        return f"{value:,f}".rstrip("0").rstrip(".").translate(_BRAZILIAN) if value % 1 else format_tokens(int(value))
    return str(value).replace(" or ", " ou ")
