"""What a homeserver tells is taken once, and only about rooms that are its own to tell of."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from bridges.contract import Inbound, Kind
from bridges.matrix.transactions import router
from linzhang.settings import Homeserver

pytestmark = pytest.mark.asyncio

FIRST, SECOND = (
    Homeserver(
        server_name=f"{name}.example",
        url=f"http://{name}.example",
        as_token=SecretStr("ours"),
        hs_token=SecretStr(name),
    )
    for name in ("first", "second")
)


def said(sender: str, room_id: str, **more: Any) -> dict[str, Any]:
    content = {"msgtype": "m.text", "body": "!done 1001"}
    facts = {"type": "m.room.message", "event_id": f"${sender}{room_id}", "content": content}
    return facts | {"sender": sender, "room_id": room_id} | more


async def told(teller: Homeserver, *events: dict[str, Any]) -> list[Inbound]:
    """What of a homeserver's transaction is taken."""
    taken: list[Inbound] = []

    async def accept(inbound: Inbound) -> bool:
        taken.append(inbound)
        return True

    app = FastAPI()
    app.include_router(router([FIRST, SECOND], accept))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://us") as client:
        answer = await client.put(
            "/_matrix/app/v1/transactions/1",
            json={"events": events},
            headers={"Authorization": f"Bearer {teller.hs_token.get_secret_value()}"},
        )
    assert answer.status_code == 200
    return taken


async def test_an_event_is_taken_from_the_homeserver_that_keeps_its_room() -> None:
    event = said("@leader:second.example", "!township:first.example")
    assert len(await told(FIRST, event)) == 1
    assert await told(SECOND, event) == []


async def test_none_puts_words_into_the_mouths_of_another_ones_people_there() -> None:
    assert await told(SECOND, said("@mayor:first.example", "!township:first.example")) == []


async def test_what_is_said_in_rooms_of_other_homeservers_is_told_by_whoever_is_there() -> None:
    for room_id in ("!chat:guest.example", "!a-room-of-version-12"):
        assert len(await told(SECOND, said("@leader:guest.example", room_id))) == 1


async def test_what_one_bot_says_is_no_news_from_another_homeserver() -> None:
    for sender in (FIRST.bot_id, FIRST.ghost_id(7), SECOND.bot_id):
        assert await told(SECOND, said(sender, "!village:second.example")) == []


async def test_an_invitation_is_heard_from_the_homeserver_of_whoever_is_invited() -> None:
    facts = {"type": "m.room.member", "content": {"membership": "invite", "is_direct": True}}
    for bot, heard in ((SECOND.bot_id, [Kind.MEMBERSHIP]), (FIRST.bot_id, [])):
        event = said("@leader:first.example", "!chat:first.example", state_key=bot, **facts)
        assert [each.kind for each in await told(SECOND, event)] == heard
