"""Reads fields of untrusted JSON bodies, checking their types."""

from collections.abc import Mapping
from typing import Any

import orjson

from solaris.domain.errors import InvalidInput
from solaris.gateway.api.base import Json


def whole_number(body: Json, field: str, maximum: int, *, minimum: int = 1) -> int | None:
    """The field's integer, from `minimum` to `maximum`; None where it is absent or null.

    Raises:
        InvalidInput: the field holds anything else.
    """
    value = body.get(field)
    if value is None:
        return None
    # A bool is an instance of int, hence the comparison of types.
    if type(value) is not int or not minimum <= value <= maximum:
        formatted = f"{maximum:,}".replace(",", ".")
        raise InvalidInput(f"O campo '{field}' deve ser um número inteiro de {minimum} a {formatted}.", param=field)
    return value


def check_stream(body: Json) -> None:
    """Raises InvalidInput where `stream` is neither absent nor a boolean."""
    if not isinstance(body.get("stream"), bool | None):
        raise InvalidInput("O campo 'stream' deve ser true ou false.", param="stream")


def check_messages(body: Json) -> None:
    """Raises InvalidInput unless `messages` is a list of objects and not empty."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not _are_objects(messages):
        raise InvalidInput("O campo 'messages' deve ser uma lista não vazia de mensagens.", param="messages")


def _are_objects(values: list[Any]) -> bool:
    # On the hot path: creating a generator costs more than the loop.
    for one in values:  # noqa: SIM110
        if not isinstance(one, dict):
            return False
    return True


def nested(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under `key`; an empty object where there is none."""
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def objects(value: object) -> list[Json]:
    """The objects in a list; an empty list where `value` is not a list."""
    if not isinstance(value, list) or not value:
        return []
    # The common case: one choice.
    return value if len(value) == 1 and isinstance(value[0], dict) else [one for one in value if isinstance(one, dict)]


def encoded(value: object) -> bytes:
    """The value as JSON. Raises InvalidInput where it is nested deeper than orjson writes (254)."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        raise InvalidInput("O corpo da requisição tem listas ou objetos aninhados demais.") from error


def dumped(value: object) -> str:
    """As `encoded`, but text."""
    return encoded(value).decode()


def error_body_of(value: Mapping[str, Any]) -> Json | None:
    """The error of an answer or event in OpenAI's shape, as `{"error": …}`; None without one."""
    error = value.get("error")
    return {"error": error} if error else None
