"""Decides whether the simulator calls a tool, and with which arguments."""

import re

import orjson

from solaris.local.simulator.plan import Json, ToolCall, nested
from solaris.local.simulator.schema_values import instance_of


def chosen_tool(body: Json, question: str, *, already_called: bool) -> ToolCall | None:
    """The tool to call: the one in `tool_choice`, the first where a call is required, or one that the question mentions.

    `already_called`: the last message is a tool's result, and a mention is ignored.
    """
    tools = _functions(body.get("tools"))
    choice = body.get("tool_choice")
    if not tools or choice == "none" or nested(choice).get("type") == "none":
        return None
    named = nested(choice).get("name") or nested(nested(choice).get("function")).get("name")
    name = named if isinstance(named, str) and named in tools else None
    if name is None and not already_called:
        name = next((one for one in tools if re.search(rf"\b{re.escape(one)}\b", question)), None)
    if name is None and (choice in ("required", "any") or nested(choice).get("type") in ("any", "required")):
        name = next(iter(tools))
    return None if name is None else ToolCall(name, _arguments(tools[name]))


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
