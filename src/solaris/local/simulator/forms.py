"""The JSON form that a request asks for: by a field, or by a schema quoted in the prompt."""

import json
import re
from collections.abc import Iterable

from solaris.local.simulator.answers import plain_text
from solaris.local.simulator.plan import Json, nested

_QUOTED = re.compile(r"json.?schema[^{]{0,200}(?=\{)", re.IGNORECASE)
# Phrases that instructor (JSON mode) and the AI SDK (generateObject without structured outputs) add
# to the schema.
_DEMANDS = ("return an instance of the JSON", "MUST answer with a JSON")


def wanted_form(given: object, messages: Iterable[Json], system: object = None) -> Json | None:
    """The schema of the answer; empty for any JSON object, None for plain text.

    `given` is the field `response_format` or its equivalent in another API. For `json_object` the
    schema is the one quoted in the prompt, if any. Without the field, a quoted schema counts where
    the prompt has a phrase that clients add to it.
    """
    asked = nested(given)
    if asked.get("type") == "json_schema":
        schema = asked.get("schema", nested(asked.get("json_schema")).get("schema"))
        return dict(schema) if isinstance(schema, dict) else {}
    texts = [plain_text(system), *(plain_text(message.get("content")) for message in messages)]
    if asked.get("type") == "json_object":
        return _quoted(texts) or {}
    return _quoted([text for text in texts if any(demand in text for demand in _DEMANDS)])


def _quoted(texts: Iterable[str]) -> Json | None:
    for text in texts:
        for place in _QUOTED.finditer(text):
            try:
                schema, _ = json.JSONDecoder().raw_decode(text, place.end())
            except (ValueError, RecursionError):
                continue
            if isinstance(schema, dict) and {"properties", "$ref", "type", "anyOf"} & schema.keys():
                return schema
    return None
