"""The `Idempotency-Key` header: 1 to 200 visible ASCII characters that make a repeat harmless."""

import re

from solaris.domain.errors import InvalidInput

HEADER = "Idempotency-Key"
REPLAY_HEADER = "Idempotent-Replay"
_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]{1,200}")


class MissingIdempotencyKey(InvalidInput):
    """The `Idempotency-Key` header is missing or can't be used."""

    code = "idempotency_key_required"


def optional_key(value: str | None) -> str | None:
    """The checked key; None where there is none.

    Raises:
        MissingIdempotencyKey: it is empty, too long, or holds other characters.
    """
    if value is not None and not _VISIBLE_ASCII.fullmatch(value):
        raise MissingIdempotencyKey(
            f"O cabeçalho {HEADER} deve ter de 1 a 200 caracteres ASCII visíveis, sem espaços.", param=HEADER
        )
    return value


def required_key(value: str | None) -> str:
    """The checked key.

    Raises:
        MissingIdempotencyKey: there is none, or it can't be used.
    """
    key = optional_key(value)
    if key is None:
        raise MissingIdempotencyKey(
            f"Envie o cabeçalho {HEADER} com um valor único por operação (por exemplo, um UUID), "
            "para que uma repetição não credite duas vezes.",
            param=HEADER,
        )
    return key
