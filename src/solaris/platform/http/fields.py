"""Types of JSON fields that several rooms share."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

# Python's own reading of decimals also takes digits of other scripts, underscores and exponents.
_PLAIN_DECIMAL = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)

# An amount of money in BRL: a JSON number with two decimals.
Brl = Annotated[
    Decimal, PlainSerializer(float, return_type=float, when_used="json"), WithJsonSchema({"type": "number"})
]


class StrictBody(BaseModel):
    """A request body in which an unknown field is an error."""

    model_config = ConfigDict(extra="forbid")


def no_boolean(value: Any) -> Any:
    """Return the value; JSON's true and false are no numbers.

    Raises:
        ValueError: it is a boolean, or a text that is no plain decimal; pydantic turns it into a validation error.
    """
    if isinstance(value, bool) or (isinstance(value, str) and not _PLAIN_DECIMAL.fullmatch(value)):
        raise ValueError("deve ser um número decimal")
    return value


def no_zero_byte(value: Any) -> Any:
    """Return the value; PostgreSQL holds no text with a zero byte.

    Raises:
        ValueError: it is a text with one; pydantic turns it into a validation error.
    """
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("não pode conter o caractere nulo")
    return value
