"""WeCom as far as the service knows it: a corporation with members who write to one application and read it.

Speaks the HTTP of Tencent's server API (gettoken, message/send, media/upload, media/get) and calls the
application's address signed and encrypted. Errors come on request. It must never be kinder than WeCom is: a
text that is too long is cut, a token that was taken back is refused.
"""

import time
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from bridges.wecom.crypto import MessageCrypt
from linzhang.settings import WeCom

_TEXT_BYTES = 2048


@dataclass
class Corporation:
    """One corporation with one application.

    Attributes:
        wecom: The application's settings.
        members: Ids of those who may see the application, in small letters.
        sent: Every message that members got, oldest first, as it was sent, with 'msgid'.
        media: What is kept, by id: content and type.
        calls: How often each path of the API was called.
        swallows: Paths whose next answer is lost after the work is done.
    """

    wecom: WeCom
    members: set[str] = field(default_factory=set)
    sent: list[dict[str, Any]] = field(default_factory=list)
    media: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    swallows: set[str] = field(default_factory=set)
    _errors: list[tuple[str, int]] = field(default_factory=list)
    _token: str = ""
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def crypt(self) -> MessageCrypt:
        """What signs and encrypts."""
        wecom = self.wecom
        key = wecom.encoding_aes_key.get_secret_value()
        return MessageCrypt(wecom.token.get_secret_value(), key, wecom.corp_id)

    def forget(self) -> None:
        """Let nothing have happened yet; members stay."""
        for each in (self.sent, self.media, self.calls, self.swallows, self._errors):
            each.clear()
        self._token = ""

    def fails(self, path: str, code: int) -> None:
        """Let the next call of a path end with an error code."""
        self._errors.append((path, code))

    def takes_token_back(self) -> None:
        """Let no access token be good that was given out."""
        self._token = ""

    def texts_to(self, member: str) -> list[str]:
        """What a member has read, oldest first."""
        texts = [each for each in self.sent if each["msgtype"] == "text"]
        return [each["text"]["content"] for each in texts if each["touser"].lower() == member]

    async def says(self, http: httpx.AsyncClient, url: str, member: str, text: str) -> httpx.Response:
        """Let a member write a text to the application."""
        fields = {"MsgType": "text", "Content": text, "MsgId": str(10**15 + next(self._ids))}
        return await self.calls_back(http, url, member, fields)

    async def shows(
        self, http: httpx.AsyncClient, url: str, member: str, content: bytes, content_type: str
    ) -> httpx.Response:
        """Let a member send a picture, a voice or a film."""
        media_id = self.keep(content, content_type)
        kind = {"image": "image", "audio": "voice", "video": "video"}[content_type.partition("/")[0]]
        fields = {"MsgType": kind, "MediaId": media_id, "MsgId": str(10**15 + next(self._ids))}
        if kind == "voice":
            fields["Format"] = "amr"
        return await self.calls_back(http, url, member, fields)

    async def calls_back(
        self, http: httpx.AsyncClient, url: str, member: str, fields: Mapping[str, str]
    ) -> httpx.Response:
        """Call the application's address with a message or an event of a member."""
        facts = {
            "ToUserName": self.wecom.corp_id,
            "FromUserName": member,
            "CreateTime": str(int(time.time())),
            "AgentID": str(self.wecom.agent_id),
            **fields,
        }
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in facts.items())
        encrypted = self.crypt.seal(f"<xml>{inner}</xml>".encode())
        outer = {"ToUserName": self.wecom.corp_id, "Encrypt": encrypted}
        body = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in outer.items())
        return await http.post(f"{url}?{self._signed(encrypted)}", content=f"<xml>{body}</xml>".encode())

    async def verifies(self, http: httpx.AsyncClient, url: str, word: str) -> httpx.Response:
        """Ask the application to prove that it has the keys, as when its address is saved."""
        encrypted = self.crypt.seal(word.encode())
        return await http.get(f"{url}?{self._signed(encrypted)}&{urlencode({'echostr': encrypted})}")

    def keep(self, content: bytes, content_type: str) -> str:
        """Keep a medium; returns its id."""
        media_id = f"medium-{next(self._ids)}"
        self.media[media_id] = (content, content_type)
        return media_id

    def app(self) -> FastAPI:
        """The API."""
        app = FastAPI(openapi_url=None)
        app.add_api_route("/cgi-bin/gettoken", self._get_token)
        app.add_api_route("/cgi-bin/message/send", self._send, methods=["POST"])
        app.add_api_route("/cgi-bin/media/upload", self._upload, methods=["POST"])
        app.add_api_route("/cgi-bin/media/get", self._give)
        return app

    def _signed(self, encrypted: str) -> str:
        timestamp, nonce = str(int(time.time())), str(next(self._ids))
        signature = self.crypt.signature(timestamp, nonce, encrypted)
        return urlencode({"msg_signature": signature, "timestamp": timestamp, "nonce": nonce})

    def _error(self, path: str, request: Request) -> int:
        """The code with which a call ends before anything is done; 0: it does not."""
        self.calls[path] += 1
        for index, (where, code) in enumerate(self._errors):
            if where == path:
                del self._errors[index]
                return code
        if path != "gettoken" and request.query_params.get("access_token") != (self._token or None):
            return 40014
        return 0

    async def _get_token(self, request: Request) -> Response:
        if code := self._error("gettoken", request):
            return _refuses(code)
        asked = request.query_params
        if asked.get("corpid") != self.wecom.corp_id:
            return _refuses(40013)
        if asked.get("corpsecret") != self.wecom.secret.get_secret_value():
            return _refuses(40001)
        self._token = self._token or b64encode(f"token {next(self._ids)}".encode()).decode()
        return _answers(access_token=self._token, expires_in=7200)

    async def _send(self, request: Request) -> Response:
        if code := self._error("message/send", request):
            return _refuses(code)
        message = await request.json()
        if message["agentid"] != self.wecom.agent_id:
            return _refuses(40056)
        if message["touser"].lower() not in self.members:
            return _refuses(81013)
        checked = message.pop("enable_duplicate_check", 0)
        message.pop("duplicate_check_interval", None)
        known = [{name: fact for name, fact in each.items() if name != "msgid"} for each in self.sent]
        if message["msgtype"] == "text":
            content = message["text"]["content"].encode()[:_TEXT_BYTES]
            message["text"] = {"content": content.decode(errors="ignore")}
        elif message[message["msgtype"]]["media_id"] not in self.media:
            return _refuses(40007)
        msgid = f"msg-{next(self._ids)}"
        if not (checked and message in known):
            self.sent.append(message | {"msgid": msgid})
        if "message/send" in self.swallows:
            self.swallows.discard("message/send")
            return Response(b"", media_type="text/html")  # something in between has lost the answer
        return _answers(invaliduser="", msgid=msgid)

    async def _upload(self, request: Request) -> Response:
        if code := self._error("media/upload", request):
            return _refuses(code)
        async with request.form() as form:
            upload = form["media"]
            assert not isinstance(upload, str)
            media_id = self.keep(await upload.read(), upload.content_type or "")
        return _answers(type=request.query_params["type"], media_id=media_id)

    async def _give(self, request: Request) -> Response:
        if code := self._error("media/get", request):
            return _refuses(code)
        kept = self.media.get(request.query_params.get("media_id", ""))
        return Response(kept[0], media_type=kept[1]) if kept else _refuses(40007)


def _answers(**facts: Any) -> Response:
    return JSONResponse({"errcode": 0, "errmsg": "ok", **facts})


def _refuses(code: int) -> Response:
    return JSONResponse({"errcode": code, "errmsg": "refused, hint: [0], more info"})
