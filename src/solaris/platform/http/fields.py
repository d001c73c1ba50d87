"""Shared types of JSON fields."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

# Python's Decimal also accepts digits of other scripts, underscores and exponents.
_PLAIN_DECIMAL = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)

# An exact decimal, sent as a JSON number.
ExactNumber = Annotated[
    Decimal, PlainSerializer(float, return_type=float, when_used="json"), WithJsonSchema({"type": "number"})
]
# An amount of money in BRL, with two decimals.
Brl = ExactNumber


class StrictBody(BaseModel):
    """Base of request bodies that reject unknown fields."""

    model_config = ConfigDict(extra="forbid")


def no_boolean(value: Any) -> Any:
    """Return the value unless it is a boolean or a text that is not a plain decimal.

    Raises:
        ValueError: it is one of these; pydantic turns this into a validation error.
    """
    if isinstance(value, bool) or (isinstance(value, str) and not _PLAIN_DECIMAL.fullmatch(value)):
        raise ValueError("deve ser um número decimal")
    return value


def no_zero_byte(value: Any) -> Any:
    """Return the value unless it is a text with a zero byte, which PostgreSQL cannot store.

    Raises:
        ValueError: it is one; pydantic turns this into a validation error.
    """
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("não pode conter o caractere nulo")
    return value
