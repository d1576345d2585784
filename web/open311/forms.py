"""How answers are written: JSON, and XML by the specification's own names for the parts of lists.

Both say the same; what is empty is null, or an empty element.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi.responses import JSONResponse, Response

#: The parts of each list, by the list's name.
_PARTS: Mapping[str, str] = {
    "discovery": "",
    "endpoints": "endpoint",
    "formats": "format",
    "services": "service",
    "service_definition": "",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
}

#: The forms, by the ending of an address.
JSON, XML = "json", "xml"

#: What XML cannot say, and a text may hold.
_UNSPEAKABLE = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}


def written(form: str, name: str, content: object, status: int = 200, **headers: str) -> Response:
    """An answer.

    Args:
        form: 'json' or 'xml'.
        name: What it is called, in XML.
        content: A mapping, or a list of mappings.
        status: Of the answer.
        headers: More of them; '_' for '-'.
    """
    more = {key.replace("_", "-"): value for key, value in headers.items()}
    more["Cache-Control"] = "no-store"
    if form == JSON:
        return JSONResponse(content, status, headers=more, media_type="application/json; charset=utf-8")
    root = Element(name)
    _fill(root, name, content)
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode").encode()
    return Response(body, status, headers=more, media_type="text/xml; charset=utf-8")


def _fill(element: Element, name: str, content: object) -> None:
    if isinstance(content, Mapping):
        for key, value in content.items():
            _fill(SubElement(element, key), key, value)
    elif isinstance(content, list):
        for each in content:
            _fill(SubElement(element, _PARTS[name]), _PARTS[name], each)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = str(content).translate(_UNSPEAKABLE)
