"""The document for programmes, `/openapi.json`, and the page for people, `/docs`, which is made of it.

No script, nothing from elsewhere: it is read on a machine without internet too.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.access.tokens import Right
from web.api.problems import Kind
from web.desk.frame import asset

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def router(described: Callable[[], dict[str, Any]]) -> APIRouter:
    """The two addresses.

    Args:
        described: Gives the OpenAPI document.
    """
    routes = APIRouter(include_in_schema=False)

    @routes.get("/openapi.json")
    async def openapi() -> Response:
        """For programmes."""
        return JSONResponse(described())

    @routes.get("/docs")
    async def docs() -> Response:
        """For people."""
        return HTMLResponse(page(described()))

    return routes


def page(document: dict[str, Any]) -> str:
    """The page of a document."""
    schemas = document["components"]["schemas"]
    return _templates.get_template("docs.html").render(
        document=document,
        groups=_groups(document),
        schemas=schemas,
        called=_called,
        example=lambda schema: json.dumps(_example(schema, schemas), ensure_ascii=False, indent=2),
        kinds=list(Kind),
        rights=list(Right),
        asset=asset,
    )


def _groups(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations by what they are about."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            given = operation["responses"]["200"].get("content", {}).get("application/json", {})
            groups.setdefault(operation["tags"][0], []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "summary": operation["summary"],
                    "about": operation["description"].replace("`", "").split("\n\n"),
                    "parameters": operation.get("parameters", []),
                    "takes": body.get("schema"),
                    "gives": given.get("schema"),
                }
            )
    return groups


def _called(schema: dict[str, Any]) -> str:
    """What a schema is called in a table: its own name, or what it is made of."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "anyOf" in schema:
        return " or ".join(_called(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_called(schema['items'])}"
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    return str(schema.get("format") or schema.get("type") or "anything")


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> object:
    """A value as the examples of a schema's fields tell."""
    if "$ref" in schema:
        return _example(schemas[_called(schema)], schemas)
    if schema.get("examples"):
        return schema["examples"][0]
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], schemas)
    if "properties" in schema:
        return {name: _example(each, schemas) for name, each in schema["properties"].items()}
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [_example(schema["items"], schemas)]
    plain = {"boolean": False, "integer": 0, "number": 0, "object": {}}
    dates = {"date-time": "2026-11-24T02:00:00Z", "date": "2026-11-24"}
    return dates.get(schema.get("format", ""), plain.get(schema.get("type", ""), ""))
