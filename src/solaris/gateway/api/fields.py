"""Reading the fields of bodies that others wrote: whole numbers and objects; nothing is believed unseen."""

from collections.abc import Mapping
from typing import Any

import orjson

from solaris.domain.errors import InvalidInput
from solaris.gateway.api.base import Json


def whole_number(body: Json, field: str, maximum: int, *, minimum: int = 1) -> int | None:
    """The field's whole number from `least` to `most`; None where it is absent or null. Raises InvalidInput else."""
    value = body.get(field)
    if value is None:
        return None
    # A bool is an int by inheritance alone.
    if type(value) is not int or not minimum <= value <= maximum:
        formatted = f"{maximum:,}".replace(",", ".")
        raise InvalidInput(f"O campo '{field}' deve ser um número inteiro de {minimum} a {formatted}.", param=field)
    return value


def check_stream(body: Json) -> None:
    """Raises InvalidInput where `stream` is neither absent nor a boolean."""
    if not isinstance(body.get("stream"), bool | None):
        raise InvalidInput("O campo 'stream' deve ser true ou false.", param="stream")


def check_messages(body: Json) -> None:
    """Raises InvalidInput where `messages` is no list of objects, or empty."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not _are_objects(messages):
        raise InvalidInput("O campo 'messages' deve ser uma lista não vazia de mensagens.", param="messages")


def _are_objects(values: list[Any]) -> bool:
    # Every call comes through here, and making a generator costs more than going through its messages.
    for one in values:  # noqa: SIM110
        if not isinstance(one, dict):
            return False
    return True


def nested(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under `key`; an empty one where there is none."""
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def objects(value: object) -> list[Json]:
    """The objects in a list; none where it is no list."""
    if not isinstance(value, list) or not value:
        return []
    # One choice, as in nearly every answer and event.
    return value if len(value) == 1 and isinstance(value[0], dict) else [one for one in value if isinstance(one, dict)]


def encoded(value: object) -> bytes:
    """The value as JSON. Raises InvalidInput where it is nested deeper (254 levels) than can be written again."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        raise InvalidInput("O corpo da requisição tem listas ou objetos aninhados demais.") from error


def dumped(value: object) -> str:
    """As `encoded`, as text."""
    return encoded(value).decode()


def error_body_of(value: Mapping[str, Any]) -> Json | None:
    """An answer or event that is an error in OpenAI's shape."""
    error = value.get("error")
    return {"error": error} if error else None
