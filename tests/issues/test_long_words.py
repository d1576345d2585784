"""However much people say, it is shown: no homeserver is given what it would refuse."""

import json
from typing import Any

import pytest

from issues import inbox
from linzhang.settings import Settings
from models import Issue, Unit
from rooms import render
from tests.factories import Territory, resident
from tests.issues.diary import Phone

#: Bytes of an event that every homeserver takes, and what is kept free for all that it adds.
EVENT, ADDED = 65_536, 4_000

LONG = "水" * 1_600


def fits(content: dict[str, Any]) -> bool:
    """Whether a homeserver takes an event with this content."""
    return len(json.dumps(content, ensure_ascii=False).encode()) <= EVENT - ADDED


async def post_in(settings: Settings, unit: Unit) -> dict[str, Any]:
    """The first issue's post in the room of a unit."""
    issue = await Issue.get(id=1).select_related("reporter", "block", "holder")
    return render.post(await render.card(settings, issue, unit), issue, unit, "key")


@pytest.mark.parametrize("character", ["水", "<", '"', "\n", "🌊"])
async def test_a_story_of_many_long_texts_is_shown_to_the_next_leader(
    settings: Settings, territory: Territory, character: str
) -> None:
    await resident(settings, territory.block)
    phone = Phone(settings)
    await phone.text("水管坏了")
    for _ in range(25):
        await phone.text(f"1001 水{character * 1_500}。")
    content = await post_in(settings, territory.units["group"])
    assert fits(content)
    assert fits(render.edit(content, "$post"))
    assert "水管坏了" in content["body"]


@pytest.mark.parametrize("character", ["水", "<", '"', "🌊"])
async def test_the_longest_report_is_shown(settings: Settings, territory: Territory, character: str) -> None:
    await resident(settings, territory.block)
    await Phone(settings).text("水管" + character * inbox.TEXT_LIMIT)
    content = await post_in(settings, territory.block)
    assert fits(render.edit(content, "$post"))
    assert character * 990 in content["body"]


@pytest.mark.parametrize("character", ["水", "<", '"', "\n", "🌊"])
@pytest.mark.parametrize("by_resident", [True, False])
async def test_the_longest_words_are_said_in_a_thread(character: str, by_resident: bool) -> None:
    text = character * inbox.TEXT_LIMIT
    content = render.in_thread(render.line(text, "key", by_resident=by_resident), "$root")
    assert fits(content)
    assert len(content["body"]) > inbox.TEXT_LIMIT / 2
    assert fits(render.whisper(text, "key"))


async def test_what_has_room_is_shown_as_it_is(settings: Settings, territory: Territory) -> None:
    await resident(settings, territory.block)
    phone = Phone(settings)
    await phone.text(f"停{LONG}")
    await phone.text(f"1001 {LONG}尾")
    body = (await post_in(settings, territory.units["group"]))["body"]
    assert f"停{LONG}" in body
    assert f"{LONG}尾" in body
