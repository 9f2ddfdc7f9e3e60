"""The least that a route's description lets through, made from the server's own OpenAPI document."""

from __future__ import annotations

import re
from typing import Any

_TEXTS = ("00000000-0000-7000-8000-00000000abcd", "x", "checked", "123X", "123456", "123", "2026-11-25")
"""One of these is right for every pattern."""

_FORMATS = {
    "date": "2026-11-25",
    "date-time": "2026-11-25T08:00:00Z",
    "uuid": "00000000-0000-7000-8000-00000000abcd",
    "uuid7": "00000000-0000-7000-8000-00000000abcd",
}


def least(openapi: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A value of this schema with nothing in it that is not asked for."""
    if "$ref" in schema:
        return least(openapi, openapi["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for several in ("oneOf", "anyOf", "allOf"):
        if several in schema:
            return least(openapi, schema[several][0])
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            return {name: least(openapi, fields[name]) for name in schema.get("required", ())}
        case "array":
            return [least(openapi, schema["items"]) for _ in range(schema.get("minItems", 0))]
        case "integer" | "number":
            return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return True
        case _ if "pattern" in schema:
            most = schema.get("maxLength", 100)
            return next(text for text in _TEXTS if re.fullmatch(schema["pattern"], text) and len(text) <= most)
        case _:
            return _FORMATS.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))


def body_of(openapi: dict[str, Any], method: str, path: str) -> Any:
    """The least body of a route; None if it takes none."""
    named = next((own for own in openapi["paths"] if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", own), path)), path)
    told = openapi["paths"].get(named, {}).get(method.lower(), {}).get("requestBody")
    content = (told or {}).get("content", {}).get("application/json")
    return least(openapi, content["schema"]) if content else None
