"""The `Idempotency-Key` header: 1 to 200 visible ASCII characters; a repeat has no effect."""

import re
from typing import Annotated, Any

from fastapi import Header

from solaris.domain.errors import InvalidInput

HEADER = "Idempotency-Key"
REPLAY_HEADER = "Idempotent-Replay"
_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]{1,200}")


# For routes that require a key: `openapi_extra=KEY_REQUIRED` documents what `required_key` checks.
# If FastAPI required the header, its generic message would replace ours, which explains the fix.
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
    """The operation requires an `Idempotency-Key`, and the request has none."""

    code = "idempotency_key_required"


class InvalidIdempotencyKey(InvalidInput):
    """The `Idempotency-Key` is empty, too long, or not all visible ASCII."""

    code = "idempotency_key_invalid"


def optional_key(value: str | None) -> str | None:
    """Return the validated key, or None without one.

    Raises:
        InvalidIdempotencyKey
    """
    if value is not None and not _VISIBLE_ASCII.fullmatch(value):
        raise InvalidIdempotencyKey(
            f"O cabeçalho {HEADER} deve ter de 1 a 200 caracteres ASCII visíveis, sem espaços.", param=HEADER
        )
    return value


def required_key(value: str | None) -> str:
    """Return the validated key.

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
