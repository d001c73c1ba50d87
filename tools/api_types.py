"""Write the TypeScript types of both services' APIs from their OpenAPI documents: `web/shared/api/{proxy,admin}.gen.ts`.

    .venv/bin/python tools/api_types.py [--check]

`--check` writes nothing and fails where a file is not current.
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "web" / "shared" / "api"
_HEADER = "/** Generated from the API by `make types`; never edited by hand. */\n"
_NAMED_PARTS = ("path", "query", "header")
# What the pages never ask for: model calls have shapes of their own.
_SKIPPED_TAGS = frozenset({"gateway"})
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")


def typescript_of(document: Mapping[str, Any], table: str) -> str:
    """The types of one document: an interface per schema, and the table of all routes."""
    routes = [_route(path, method, operation) for path, method, operation in _operations(document)]
    used = _used_schemas(document, "\n".join(routes))
    schemas = document["components"]["schemas"]
    parts = [_HEADER, *(_declaration(name, schemas[name]) for name in sorted(used))]
    parts.append(f"export interface {table} {{\n" + "".join(routes) + "}\n")
    return "\n".join(parts)


def _operations(document: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, Any]]]:
    return [
        (path, method, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if not _SKIPPED_TAGS & set(operation.get("tags", ())) and not path.startswith("/v1")
    ]


def _route(path: str, method: str, operation: Mapping[str, Any]) -> str:
    parameters = operation.get("parameters", [])
    lines = [f"  /** {operation.get('summary', '').strip()} */", f"  {_quoted(f'{method.upper()} {path}')}: {{"]
    for place in _NAMED_PARTS:
        fields = "; ".join(
            f"{_key(one['name'])}{'' if one.get('required') else '?'}: {_type(one['schema'])}"
            for one in parameters
            if one["in"] == place and one["name"].lower() not in ("accept", "authorization")
        )
        name = "headers" if place == "header" else place
        lines.append(f"    {name}: {{ {fields} }};" if fields else f"    {name}: object;")
    lines += [f"    body: {_body(operation)};", f"    answer: {_answer(operation)};", "  };\n"]
    return "\n".join(lines)


def _body(operation: Mapping[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return _type(content["application/json"]["schema"]) if "application/json" in content else "never"


def _answer(operation: Mapping[str, Any]) -> str:
    types = []
    for status, response in operation["responses"].items():
        if not status.startswith("2"):
            continue
        content = response.get("content", {})
        types.append(_type(content["application/json"]["schema"]) if "application/json" in content else "undefined")
    return " | ".join(dict.fromkeys(types)) or "undefined"


def _used_schemas(document: Mapping[str, Any], text: str) -> set[str]:
    """The schemas that the routes name, and those that these name."""
    schemas = {_name(name): name for name in document["components"]["schemas"]}
    found: set[str] = set()
    waiting = [schemas[word] for word in set(re.findall(r"\w+", text)) if word in schemas]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        reference = json.dumps(document["components"]["schemas"][name])
        waiting += re.findall(r'"#/components/schemas/([^"]+)"', reference)
    return found


def _declaration(name: str, schema: Mapping[str, Any]) -> str:
    comment = _comment(schema.get("description", ""), "")
    if "properties" in schema:
        return f"{comment}export interface {_name(name)} {_object(schema)}\n"
    return f"{comment}export type {_name(name)} = {_type(schema)};\n"


def _object(schema: Mapping[str, Any]) -> str:
    required = set(schema.get("required", ()))
    lines = [
        f"{_comment(field.get('description', ''), '  ')}  {_key(name)}{'' if name in required else '?'}: {_type(field)};"
        for name, field in schema.get("properties", {}).items()
    ]
    return "{\n" + "\n".join(lines) + "\n}"


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return _name(str(schema["$ref"]).rsplit("/", 1)[1])
    if "const" in schema:
        return _quoted(schema["const"])
    if "enum" in schema:
        return " | ".join(_quoted(value) for value in schema["enum"])
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " | ".join(dict.fromkeys(_type(one) for one in schema[choice]))
    if "allOf" in schema:
        return " & ".join(_type(one) for one in schema["allOf"])
    return _plain_type(schema)


def _plain_type(schema: Mapping[str, Any]) -> str:
    match schema.get("type"):
        case "string":
            return "string"
        case "integer" | "number":
            return "number"
        case "boolean" | "null" as kind:
            return str(kind)
        case "array":
            item = _type(schema.get("items", {}))
            return f"({item})[]" if " " in item else f"{item}[]"
        case "object" if "properties" in schema:
            return _object(schema)
        case "object":
            values = schema.get("additionalProperties")
            return f"Record<string, {_type(values) if isinstance(values, dict) and values else 'unknown'}>"
        case _:
            return "unknown"


def _comment(text: str, indent: str) -> str:
    line = " ".join(text.replace("*/", "* /").split())
    return f"{indent}/** {line} */\n" if line else ""


def _name(schema: str) -> str:
    return re.sub(r"\W+", "_", schema).strip("_")


def _key(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else _quoted(name)


def _quoted(value: object) -> str:
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return json.dumps(value)


def current_files() -> dict[Path, str]:
    """What the files must hold, by their path."""
    from solaris.cli.openapi import Service, document_of

    tables = {Service.PROXY: "ProxyRoutes", Service.ADMIN: "AdminRoutes"}
    return {
        FOLDER / f"{service.value}.gen.ts": typescript_of(document_of(service), table)
        for service, table in tables.items()
    }


def main(arguments: list[str]) -> int:
    """Write the files, or only compare them."""
    outdated = [path for path, text in current_files().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in outdated:
            sys.stderr.write(f"{path.name} is not current: run `make types`\n")
        return 1 if outdated else 0
    for path in outdated:
        path.write_text(current_files()[path], "utf-8")
        sys.stdout.write(f"{path.name} written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
