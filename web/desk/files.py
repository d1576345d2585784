"""Files to be saved: how a browser is told what they are called."""

from urllib.parse import quote

from fastapi.responses import Response


def saved(content: bytes, kind: str, plain: str, name: str) -> Response:
    """A file to be saved; its name in letters of all languages (RFC 6266), and in plain ones.

    Args:
        content: Its bytes.
        kind: Its MIME type.
        plain: Its name in plain letters.
        name: Its name.
    """
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=headers)
