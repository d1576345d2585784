"""What goes to WeCom, and what comes of it when WeCom does not take it."""

import logging
from datetime import UTC, datetime

import pytest

from bridges.contract import Media, Outbound, Refused, TooLarge, Unavailable, Uncertain, Unfit
from bridges.wecom.bridge import WeComBridge
from demo.wecom import Corporation
from tests.wecom.conftest import application

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS = Outbound("i1.2.0", "zhangsan", "陈建国（邻长）回您：下午来修")


async def test_words_reach_a_member(bridge: WeComBridge, corporation: Corporation) -> None:
    delivered = await bridge.deliver(WORDS)
    assert corporation.texts_to("zhangsan") == [WORDS.text]
    assert delivered.external_id == corporation.sent[0]["msgid"]
    await bridge.deliver(WORDS)
    assert corporation.calls["gettoken"] == 1


@pytest.mark.parametrize("code", [40014, 42001, 42007])
async def test_a_stale_token_is_fetched_anew_once(
    bridge: WeComBridge, corporation: Corporation, code: int
) -> None:
    await bridge.deliver(WORDS)
    corporation.takes_token_back()
    corporation.fails("message/send", code)
    await bridge.deliver(WORDS)
    assert corporation.calls["gettoken"] == 2
    assert len(corporation.sent) == 2
    for _ in range(2):
        corporation.fails("message/send", code)
    with pytest.raises(Unavailable):
        await bridge.deliver(WORDS)
    assert len(corporation.sent) == 2


@pytest.mark.parametrize(
    ("path", "code", "expected", "after"),
    [
        ("message/send", 45009, Unavailable, 60.0),
        ("message/send", 45033, Unavailable, 5.0),
        ("message/send", -1, Unavailable, None),
        ("message/send", 60020, Unavailable, None),
        ("message/send", 999999, Unavailable, None),
        ("message/send", 60111, Refused, None),
        ("message/send", 81013, Refused, None),
        ("gettoken", 45009, Unavailable, 60.0),
        ("gettoken", 40001, Unavailable, None),
    ],
)
async def test_codes_say_whether_to_try_again(
    bridge: WeComBridge,
    corporation: Corporation,
    path: str,
    code: int,
    expected: type[Exception],
    after: float | None,
) -> None:
    corporation.fails(path, code)
    with pytest.raises(expected) as caught:
        await bridge.deliver(WORDS)
    assert getattr(caught.value, "code", None) == code
    assert getattr(caught.value, "retry_after", None) == after
    assert corporation.sent == []
    await bridge.deliver(WORDS)
    assert len(corporation.sent) == 1


async def test_who_is_no_member_gets_nothing_and_is_not_named(
    bridge: WeComBridge, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(Refused) as caught:
        await bridge.deliver(Outbound("k", "lisi", "收到"))
    assert caught.value.code == 81013
    assert "lisi" not in str(caught.value) + caplog.text
    assert "secret" not in caplog.text


async def test_a_text_of_the_limit_is_taken_whole(bridge: WeComBridge, corporation: Corporation) -> None:
    limit = bridge.capabilities.text_limit
    for character in "水x𠮷":
        await bridge.deliver(Outbound(character, "zhangsan", character * limit))
        assert corporation.texts_to("zhangsan")[-1] == character * limit
    with pytest.raises(Refused):
        await bridge.deliver(Outbound("k", "zhangsan", "水" * 1000))


async def test_what_was_taken_is_not_said_again_when_the_rest_is_tried_again(
    bridge: WeComBridge, corporation: Corporation
) -> None:
    await bridge.deliver(WORDS)
    link = (
        f"{corporation.wecom.api_url}/cgi-bin/media/get?media_id={corporation.keep(b'photo', 'image/jpeg')}"
    )
    medium = Media(f"{link}&access_token={corporation._token}", "image/jpeg", 5)
    words = Outbound("k", "zhangsan", "看这里", [medium])
    corporation.fails("media/upload", 45009)
    with pytest.raises(Unavailable):
        await bridge.deliver(words)
    await bridge.deliver(words)
    assert [each["msgtype"] for each in corporation.sent] == ["text", "text", "image"]


async def test_what_may_have_been_taken_is_sent_again_but_not_shown_twice(
    bridge: WeComBridge, corporation: Corporation
) -> None:
    corporation.swallows.add("message/send")
    with pytest.raises(Uncertain):
        await bridge.deliver(WORDS)
    assert await bridge.find(WORDS, datetime.now(UTC), []) is None
    await bridge.deliver(WORDS)
    assert corporation.texts_to("zhangsan") == [WORDS.text]
    # The same words with another key are another message.
    await bridge.deliver(Outbound("i1.3.0", "zhangsan", WORDS.text))
    assert len(corporation.sent) == 2


async def test_nobody_answers() -> None:
    bridge = WeComBridge(application(), public_url="http://test", timeout=1.0)
    with pytest.raises(Unavailable):
        await bridge.deliver(WORDS)
    await bridge.close()


async def test_what_a_member_has_sent_is_fetched(bridge: WeComBridge, corporation: Corporation) -> None:
    medium = Media(f"wecom:{corporation.keep(b'#!AMR...', 'audio/amr')}", "audio/amr")
    assert await bridge.fetch(medium, 100) == b"#!AMR..."
    corporation.takes_token_back()
    assert await bridge.fetch(medium, 100) == b"#!AMR..."
    with pytest.raises(TooLarge):
        await bridge.fetch(medium, 4)
    with pytest.raises(Unavailable) as caught:
        await bridge.fetch(Media("wecom:gone", "image/jpeg"), 100)
    assert caught.value.code == 404
    with pytest.raises(Refused):
        await bridge.fetch(Media("http://169.254.169.254/", "image/jpeg"), 100)


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [("image/jpeg", "image"), ("video/mp4", "video"), ("audio/mpeg", "file"), ("application/pdf", "file")],
)
async def test_pictures_go_behind_words(
    bridge: WeComBridge, corporation: Corporation, content_type: str, kind: str
) -> None:
    # Our own link: here the corporation's server itself gives out what it keeps.
    await bridge.deliver(WORDS)
    ours = corporation.keep(b"picture", content_type)
    link = f"{corporation.wecom.api_url}/cgi-bin/media/get?media_id={ours}&access_token={corporation._token}"
    medium = Media(link, content_type, 7)
    assert bridge.carries(medium, "zhangsan")
    await bridge.deliver(Outbound("k", "zhangsan", "看这里", [medium]))
    text, shown = corporation.sent[1:]
    assert text["text"]["content"] == "看这里"
    assert shown["msgtype"] == kind
    assert corporation.media[shown[kind]["media_id"]] == (b"picture", content_type)


async def test_a_medium_that_cannot_go_does_not_take_the_words_along(
    bridge: WeComBridge, corporation: Corporation
) -> None:
    medium = Media(f"{corporation.wecom.api_url}/m/over", "image/jpeg", 7)
    assert not bridge.carries(Media("mxc://localhost/1", "image/jpeg"), "zhangsan")
    assert not bridge.carries(Media(medium.url, "image/jpeg", 30_000_000), "zhangsan")
    with pytest.raises(Unfit):
        await bridge.deliver(Outbound("k", "zhangsan", "看这里", [medium]))
    assert corporation.texts_to("zhangsan") == ["看这里"]
