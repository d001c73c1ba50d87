"""Tool calls: whether the simulator makes one, and with which arguments."""

import re

import orjson

from solaris.local.simulator.plan import Json, ToolCall, nested
from solaris.local.simulator.schema_values import instance_of


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
    arguments = instance_of(nested(schema) or {"type": "object"})
    return orjson.dumps(arguments if isinstance(arguments, dict) else {}).decode()
