"""The Bot API over HTTP, as core.telegram.org/bots/api has it, and a control API for what people do.

/bot<token>/<method>          as JSON, form or multipart
/file/bot<token>/<path>       what getFile has named
/_telegram/…                  see docs/developers.md
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from demo.telegram.world import BotError, Fault, World

#: Characters of a message and of a caption, and bytes of what a button says.
_TEXT, _CAPTION, _DATA = 4096, 1024, 64

Params = dict[str, Any]


class BotApi:
    """The methods of the Bot API that the service uses."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._methods: dict[str, Callable[[Params], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
            "getUpdates": self._get_updates,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message_text,
            "editMessageCaption": self._edit_message_caption,
            "answerCallbackQuery": self._answer_callback_query,
            "getFile": self._get_file,
        } | {
            f"send{kind.capitalize()}": self._sends(kind)
            for kind in ("photo", "voice", "audio", "video", "document")
        }

    async def call(self, method: str, params: Params) -> Response:
        """Answer a call as Telegram does, or as a fault has it."""
        fault = next((each for each in self._world.faults if each.method == method), None)
        if fault is not None:
            self._world.faults.remove(fault)
        try:
            if fault is not None and fault.code:
                raise BotError(fault.code, fault.description, fault.retry_after)
            if method not in self._methods:
                raise BotError(404, "Not Found")
            result = await self._methods[method](params)
        except BotError as error:
            body: Params = {"ok": False, "error_code": error.code, "description": error.description}
            if error.retry_after is not None:
                body["parameters"] = {"retry_after": error.retry_after}
            return JSONResponse(body, error.code)
        if fault is not None:
            return JSONResponse({"ok": False, "error_code": 502, "description": "Bad Gateway"}, 502)
        return JSONResponse({"ok": True, "result": result})

    async def _get_me(self, params: Params) -> Any:
        del params
        return self._world.me | {"can_join_groups": True, "can_read_all_group_messages": True}

    async def _set_webhook(self, params: Params) -> Any:
        if not str(params.get("url", "")).startswith(("https://", "http://127.0.0.1")):
            raise BotError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self._world.webhook = params
        return True

    async def _delete_webhook(self, params: Params) -> Any:
        del params
        self._world.webhook = {}
        return True

    async def _get_webhook_info(self, params: Params) -> Any:
        del params
        url = self._world.webhook.get("url", "")
        return {"url": url, "has_custom_certificate": False, "pending_update_count": len(self._world.waiting)}

    async def _get_updates(self, params: Params) -> Any:
        if self._world.webhook:
            raise BotError(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(params.get("offset", 0))
        self._world.waiting = [each for each in self._world.waiting if each["update_id"] >= offset]
        return self._world.waiting

    async def _send_message(self, params: Params) -> Any:
        text = str(params.get("text", "")).strip()
        if not text:
            raise BotError(400, "Bad Request: message text is empty")
        if len(text) > _TEXT:
            raise BotError(400, "Bad Request: message is too long")
        return self._write(params, text=text)

    def _sends(self, kind: str) -> Callable[[Params], Awaitable[Any]]:
        async def send(params: Params) -> Any:
            if len(str(params.get("caption", ""))) > _CAPTION:
                raise BotError(400, "Bad Request: message caption is too long")
            self._world.chat(int(params["chat_id"]))
            file_id = self._world.keep(await _fetched(str(params[kind])))
            file = {"file_id": file_id, "file_unique_id": file_id, "width": 1, "height": 1, "duration": 1}
            shown: Any = [file] if kind == "photo" else file
            return self._write(params, caption=params.get("caption"), **{kind: shown})

        return send

    async def _edit_message_text(self, params: Params) -> Any:
        message = self._world.message(int(params["chat_id"]), int(params["message_id"]))
        if "text" not in message:
            raise BotError(400, "Bad Request: there is no text in the message to edit")
        return self._changed(message, "text", params["text"])

    async def _edit_message_caption(self, params: Params) -> Any:
        message = self._world.message(int(params["chat_id"]), int(params["message_id"]))
        if len(str(params.get("caption", ""))) > _CAPTION:
            raise BotError(400, "Bad Request: message caption is too long")
        return self._changed(message, "caption", params.get("caption", ""))

    def _changed(self, message: dict[str, Any], name: str, words: str) -> dict[str, Any]:
        if message.get(name) == words:
            raise BotError(400, "Bad Request: message is not modified")
        message[name] = words
        return message

    async def _answer_callback_query(self, params: Params) -> Any:
        self._world.answered.append(str(params["callback_query_id"]))
        return True

    async def _get_file(self, params: Params) -> Any:
        file_id = str(params["file_id"])
        if file_id not in self._world.files:
            raise BotError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self._world.files[file_id])
        if size > 20 * 2**20:
            raise BotError(400, "Bad Request: file is too big")
        path = f"files/{file_id}"
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": path}

    def _write(self, params: Params, **facts: Any) -> dict[str, Any]:
        chat = self._world.chat(int(params["chat_id"]))
        markup = _parsed(params.get("reply_markup"))
        for row in (markup or {}).get("inline_keyboard", []):
            if any(
                len(str(each.get("callback_data", "")).encode()) not in range(1, _DATA + 1) for each in row
            ):
                raise BotError(400, "Bad Request: BUTTON_DATA_INVALID")
        reply = _parsed(params.get("reply_parameters"))
        answered = None
        if reply:
            known = self._world.messages.get(chat["id"], [])
            answered = next((each for each in known if each["message_id"] == reply["message_id"]), None)
            if answered is None and not reply.get("allow_sending_without_reply"):
                raise BotError(400, "Bad Request: message to be replied not found")
        return self._world.write(
            chat, self._world.me, reply_markup=markup, reply_to_message=answered, **facts
        )


def create_app(world: World) -> FastAPI:
    """Telegram, for one bot."""
    app = FastAPI(openapi_url=None)
    api = BotApi(world)

    @app.api_route("/bot{token}/{method}", methods=["GET", "POST"])
    async def call(token: str, method: str, request: Request) -> Response:
        if token != world.token:
            return JSONResponse({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
        if request.headers.get("content-type", "").startswith("application/json"):
            return await api.call(method, await request.json())
        async with request.form() as form:
            return await api.call(method, {**request.query_params, **form})

    @app.get("/file/bot{token}/files/{file_id}")
    async def file(token: str, file_id: str) -> Response:
        if token != world.token or file_id not in world.files:
            raise HTTPException(404)
        return Response(world.files[file_id], media_type="application/octet-stream")

    async def bring(update: dict[str, Any]) -> dict[str, Any]:
        status, answer = await deliver(world, update)
        return {"update": update, "status": status, "answer": answer}

    @app.post("/_telegram/people/{person}/texts")
    async def says(person: int, body: dict[str, Any]) -> dict[str, Any]:
        world.person(person, body.pop("name", ""))
        return await bring(world.says(person, body.pop("text", ""), group=body.pop("group", 0), **body))

    @app.post("/_telegram/people/{person}/presses")
    async def presses(person: int, body: dict[str, str]) -> dict[str, Any]:
        return await bring(world.presses(person, body["label"], below=body.get("below", "")))

    @app.post("/_telegram/people/{person}/shares")
    async def shares(person: int, body: dict[str, Any]) -> dict[str, Any]:
        return await bring(world.shares(person, body["phone"], of=body.get("of")))

    @app.post("/_telegram/people/{person}/edits")
    async def edits(person: int, body: dict[str, Any]) -> dict[str, Any]:
        return await bring(world.edits(person, body["message_id"], body["text"], group=body.get("group", 0)))

    @app.post("/_telegram/people/{person}/blocks")
    async def blocks(person: int, body: dict[str, bool]) -> dict[str, Any]:
        return await bring(world.blocks(person, blocked=body.get("blocked", True)))

    @app.post("/_telegram/faults", status_code=201)
    async def fault(body: dict[str, Any]) -> dict[str, Any]:
        world.faults.append(Fault(**body))
        return body

    @app.get("/_telegram/chats/{chat}/messages")
    async def messages(chat: int) -> dict[str, Any]:
        return {"messages": world.messages.get(chat, [])}

    return app


async def deliver(world: World, update: dict[str, Any]) -> tuple[int, Any]:
    """Bring an update to the webhook, and do what its answer asks for; without a webhook it waits."""
    if not world.webhook:
        world.waiting.append(update)
        return 0, None
    headers = {}
    if world.webhook.get("secret_token"):
        headers["X-Telegram-Bot-Api-Secret-Token"] = str(world.webhook["secret_token"])
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        answer = await client.post(str(world.webhook["url"]), json=update, headers=headers)
    said = answer.json() if answer.headers.get("content-type", "").startswith("application/json") else None
    if isinstance(said, dict) and "method" in said:
        await BotApi(world).call(said.pop("method"), said)
    return answer.status_code, said


async def _fetched(url: str) -> bytes:
    """What lies at an address that the bot has named."""
    try:
        async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
            answer = await client.get(url)
        answer.raise_for_status()
    except httpx.HTTPError:
        raise BotError(400, "Bad Request: failed to get HTTP URL content") from None
    return answer.content


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value else value
