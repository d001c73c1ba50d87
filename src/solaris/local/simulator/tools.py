"""Tool calls: whether the simulator makes one, and with which arguments."""

import re

import orjson

from solaris.local.simulator.plan import Json, ToolCall, nested

_SAMPLES: dict[str, object] = {
    "string": "exemplo",
    "number": 1.5,
    "integer": 1,
    "boolean": True,
    "array": [],
    "object": {},
}


def chosen_tool(body: Json, question: str, *, already_called: bool) -> ToolCall | None:
    """The tool that is called: the one `tool_choice` names, any where it is required, or one that the question mentions."""
    tools = _functions(body.get("tools"))
    choice = body.get("tool_choice")
    if not tools or choice == "none" or already_called:
        return None
    named = nested(choice).get("name") or nested(nested(choice).get("function")).get("name")
    for name, schema in tools.items():
        if name == named or (named is None and re.search(rf"\b{re.escape(name)}\b", question)):
            return ToolCall(name, _arguments(schema))
    if choice in {"required", "any"} or nested(choice).get("type") in {"any", "required"}:
        name = next(iter(tools))
        return ToolCall(name, _arguments(tools[name]))
    return None


def _functions(tools: object) -> dict[str, object]:
    found: dict[str, object] = {}
    for tool in tools if isinstance(tools, list) else []:
        function = nested(nested(tool).get("function")) or nested(tool)
        if isinstance(function.get("name"), str):
            found[str(function["name"])] = function.get("parameters") or function.get("input_schema")
    return found


def _arguments(schema: object) -> str:
    properties = nested(nested(schema).get("properties"))
    return orjson.dumps({name: _sample(nested(definition)) for name, definition in properties.items()}).decode()


def _sample(definition: object) -> object:
    schema = nested(definition)
    allowed = schema.get("enum")
    if isinstance(allowed, list) and allowed:
        return allowed[0]
    return _SAMPLES.get(str(schema.get("type", "string")), "exemplo")
