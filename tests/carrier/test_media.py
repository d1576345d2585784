"""Pictures, sound and film in both directions, right ones and wrong ones."""

import base64
from typing import Any

import httpx
import pytest
from fastapi import Response

from tests.carrier.line import AUTH, OTHER_PHONE, OURS, PHONE, Application, Line

BEGINNINGS = {
    "image/jpeg": b"\xff\xd8\xff\xe0",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/gif": b"GIF89a",
    "audio/amr": b"#!AMR\n",
    "audio/mpeg": b"ID3\x04",
    "audio/ogg": b"OggS",
    "video/mp4": b"\x00\x00\x00 ftypisom",
    "video/3gpp": b"\x00\x00\x00 ftyp3gp4",
    "text/vcard": b"BEGIN:VCARD",
    "application/pdf": b"%PDF-1.7",
    "application/x-msdownload": b"MZ",
    "text/html": b"<script>alert(1)</script>",
}


def attached(content_type: str, content: bytes) -> dict[str, str]:
    """Something that a phone sends along."""
    return {"content_type": content_type, "base64": base64.b64encode(content).decode()}


@pytest.mark.parametrize("content_type", list(BEGINNINGS))
async def test_a_phone_can_send_anything(line: Line, app: Application, content_type: str) -> None:
    content = BEGINNINGS[content_type] + bytes(range(256))
    await line.text("", media=[attached(content_type, content)])
    (call,) = app.on("/inbound")
    assert (call.params["MediaContentType0"], call.params["NumMedia"]) == (content_type, "1")
    async with httpx.AsyncClient(trust_env=False, auth=AUTH) as http:
        answer = await http.get(call.params["MediaUrl0"])
    assert (answer.content, answer.headers["content-type"].partition(";")[0]) == (content, content_type)


async def test_a_phone_can_lie_about_what_it_sends(line: Line, app: Application) -> None:
    await line.text("照片", media=[attached("image/jpeg", b"MZ no picture"), attached("image/png", b"")])
    (call,) = app.on("/inbound")
    async with httpx.AsyncClient(trust_env=False, auth=AUTH) as http:
        lie, nothing = [await http.get(call.params[f"MediaUrl{index}"]) for index in range(2)]
    assert (lie.content, lie.headers["content-type"]) == (b"MZ no picture", "image/jpeg")
    assert (nothing.content, nothing.headers["content-type"]) == (b"", "image/png")


async def test_a_phone_can_send_too_much(line: Line, app: Application) -> None:
    large = bytes(6 * 1024 * 1024)
    await line.text("录像", media=[attached("video/mp4", large)] * 2)
    (call,) = app.on("/inbound")
    async with httpx.AsyncClient(trust_env=False, auth=AUTH) as http:
        answer = await http.get(call.params["MediaUrl1"])
    assert len(answer.content) == len(large)


async def test_media_can_lie_elsewhere(line: Line, app: Application) -> None:
    await line.settle(media_redirects=True)
    await line.text("照片", media=[attached("image/jpeg", b"\xff\xd8")])
    (call,) = app.on("/inbound")
    async with httpx.AsyncClient(trust_env=False, auth=AUTH) as http:
        first = await http.get(call.params["MediaUrl0"])
        stranger = await http.get(call.params["MediaUrl0"], auth=None)
    assert (first.status_code, stranger.status_code) == (307, 401)
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(first.headers["location"])
        wrong = await http.get(first.headers["location"][:-1])
    assert (answer.content, answer.headers["content-type"]) == (b"\xff\xd8", "image/jpeg")
    assert wrong.status_code == 404


@pytest.mark.parametrize("content_type", list(BEGINNINGS))
async def test_what_is_sent_to_a_phone_is_shown(
    sdk_async: Any, line: Line, app: Application, content_type: str
) -> None:
    content = BEGINNINGS[content_type]
    app.answers["/file"] = Response(content, media_type=content_type)
    message = await sdk_async.messages.create_async(
        to=PHONE, from_=OURS, body="请看", media_url=[f"{app.url}/file"]
    )
    await line.ends(message.sid)
    (shown,) = await line.received()
    (medium,) = shown["media"]
    seen = await line.control.get(medium["url"].removeprefix("/_carrier"))
    assert (medium["content_type"], seen.content) == (content_type, content)
    assert seen.headers["content-security-policy"] == "sandbox"
    assert (await sdk_async.messages(message.sid).fetch_async()).num_media == "1"


async def test_a_picture_that_nobody_can_fetch_spoils_the_message(
    sdk_async: Any, line: Line, app: Application
) -> None:
    app.answers["/gone"] = Response(status_code=404)
    gone, seen = [
        await sdk_async.messages.create_async(
            to=OTHER_PHONE, from_=OURS, body="请看", media_url=[app.url + path]
        )
        for path in ("/gone", "/picture")
    ]
    await line.ends(seen.sid)
    assert (await line.ends(gone.sid, "failed"))["error_code"] == 11200
    assert [len(each["media"]) for each in await line.received(OTHER_PHONE)] == [0, 1]
