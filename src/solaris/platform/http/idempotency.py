"""The `Idempotency-Key` header: 1 to 200 visible ASCII characters that make a repeat harmless."""

import re
from typing import Annotated, Any

from fastapi import Header

from solaris.domain.errors import InvalidInput

HEADER = "Idempotency-Key"
REPLAY_HEADER = "Idempotent-Replay"
_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]{1,200}")


# For routes that need a key: `openapi_extra=KEY_REQUIRED` documents what `required_key` checks. A header that FastAPI itself
# required would be refused in its words, before ours that say what to send.
GivenKey = Annotated[str | None, Header(alias=HEADER.lower(), include_in_schema=False)]
KEY_REQUIRED: dict[str, Any] = {
    "parameters": [
        {
            "name": HEADER.lower(),
            "in": "header",
            "required": True,
            "description": "1–200 visible ASCII characters, one per operation.",
            "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
        }
    ]
}


class MissingIdempotencyKey(InvalidInput):
    """The operation needs an `Idempotency-Key`, and there is none."""

    code = "idempotency_key_required"


class InvalidIdempotencyKey(InvalidInput):
    """The `Idempotency-Key` is empty, too long, or holds other characters than visible ASCII."""

    code = "idempotency_key_invalid"


def optional_key(value: str | None) -> str | None:
    """The checked key; None where there is none.

    Raises:
        InvalidIdempotencyKey
    """
    if value is not None and not _VISIBLE_ASCII.fullmatch(value):
        raise InvalidIdempotencyKey(
            f"O cabeçalho {HEADER} deve ter de 1 a 200 caracteres ASCII visíveis, sem espaços.", param=HEADER
        )
    return value


def required_key(value: str | None) -> str:
    """The checked key.

    Raises:
        MissingIdempotencyKey, InvalidIdempotencyKey
    """
    key = optional_key(value)
    if key is None:
        raise MissingIdempotencyKey(
            f"Envie o cabeçalho {HEADER} com um valor único por operação (por exemplo, um UUID), "
            "para que uma repetição não credite duas vezes.",
            param=HEADER,
        )
    return key
