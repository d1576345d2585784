"""The OpenAPI document: what FastAPI knows of the routes, said as it really is.

Problems have a media type of their own, and a route says which right it needs.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from web.api.problems import MEDIA_TYPE

_ABOUT = """
What leaders see and do on the desk, for programmes. A programme comes with a **token** in the header
`Authorization: Bearer lz_…`; leaders make tokens on the desk, at `/desk/tokens`. A token reaches the units
that its owner leads at that moment, or some of them, and what lies below; everything else is answered as if
it were not there. No telephone number is ever given.

Lists come in parts: send `next` of one part as `cursor` to get the next one. Times are RFC 3339. Requests
that do something take an `Idempotency-Key`. Errors are RFC 9457 problems: `type` for programmes, `detail`, in
the language of `Accept-Language`, for whoever has to mend it.
"""


def document(app: FastAPI, prefix: str) -> dict[str, Any]:
    """The document of an application that is mounted somewhere."""
    made = get_openapi(
        title="Linzhang",
        version="1",
        summary="Neighbourhood government: units, issues and figures.",
        description=_ABOUT.strip(),
        routes=app.routes,
        servers=[{"url": prefix}],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    for path in made["paths"].values():
        for operation in path.values():
            _say_rights(operation)
            for status, response in operation["responses"].items():
                if not status.startswith("2"):
                    _as_problem(response)
    unused = ("HTTPValidationError", "ValidationError")
    for name in unused:
        made["components"]["schemas"].pop(name, None)
    return made


def _say_rights(operation: dict[str, Any]) -> None:
    rights = sorted({right for each in operation.get("security", []) for right in each.get("token", [])})
    if rights:
        needed = ", ".join(f"`{right}`" for right in rights)
        operation["description"] = f"{operation.get('description', '')}\n\nNeeds the right {needed}.".strip()


def _as_problem(response: dict[str, Any]) -> None:
    content = response.get("content", {})
    if "application/json" in content:
        content[MEDIA_TYPE] = content.pop("application/json")
