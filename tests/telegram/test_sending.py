"""What aiogram hands over arrives as it should, and each of Telegram's refusals is told for what it is."""

import pytest
from pydantic import ValidationError

from bridges.contract import Choice, DeliveryError, Media, Outbound, Refused, TooLarge, Unavailable, Uncertain
from bridges.telegram.bridge import TelegramBridge
from demo.carrier.server import bind
from demo.telegram.api import create_app as telegram_app
from demo.telegram.world import Fault, World
from linzhang.settings import Telegram
from tests.sms.wire import serving
from tests.telegram.conftest import LIU, SECRET, TOKEN, bot


def words(text: str = "明天来修", **more: object) -> Outbound:
    return Outbound(key="k", address=str(LIU), text=text, **more)  # type: ignore[arg-type]


async def test_words_are_shown_as_they_are(bridge: TelegramBridge, world: World) -> None:
    world.person(LIU)
    text = "<b>1 < 2 & *3* _4_ [5](http://x)</b>"
    delivered = await bridge.deliver(words(text))
    (sent,) = world.got(LIU)
    assert sent["text"] == text
    assert delivered.external_id == f"123456.m{sent['message_id']}"


async def test_buttons_hold_what_they_say(bridge: TelegramBridge, world: World) -> None:
    world.person(LIU)
    await bridge.deliver(words(choices=[Choice("1024 1", "解决了"), Choice("长" * 22, "says too much")]))
    assert world.got(LIU)[0]["reply_markup"]["inline_keyboard"] == [
        [{"text": "解决了", "callback_data": "1024 1"}]
    ]


@pytest.mark.parametrize(
    ("fault", "error", "code", "wait"),
    [
        (Fault("sendMessage", 429, "Too Many Requests: retry after 31", 31), Unavailable, 429, 31.0),
        (Fault("sendMessage", 403, "Forbidden: user is deactivated"), Refused, 403, None),
        (Fault("sendMessage", 400, "Bad Request: chat not found"), Refused, 400, None),
        (Fault("sendMessage", 401, "Unauthorized"), Unavailable, 401, None),
        (Fault("sendMessage", 500, "Internal Server Error: restart"), Unavailable, 500, None),
        (Fault("sendMessage", 500), Uncertain, 500, None),
        (Fault("sendMessage", 0), Uncertain, 500, None),
    ],
)
async def test_refusals(
    bridge: TelegramBridge,
    world: World,
    fault: Fault,
    error: type[DeliveryError],
    code: int,
    wait: float | None,
) -> None:
    world.person(LIU)
    world.faults.append(fault)
    with pytest.raises(error) as raised:
        await bridge.deliver(words())
    assert (raised.value.code, getattr(raised.value, "retry_after", None)) == (code, wait)
    assert TOKEN not in repr(raised.getrepr())
    assert raised.value.__cause__ is None


async def test_a_server_that_is_not_there_has_taken_nothing() -> None:
    away = TelegramBridge(bot("http://127.0.0.1:1"), public_url="http://127.0.0.1:1", timeout=2.0)
    with pytest.raises(Unavailable) as raised:
        await away.deliver(words())
    assert TOKEN not in str(raised.value)
    await away.close()


async def test_a_picture_goes_along_from_our_own_links_only(world: World) -> None:
    """Telegram itself fetches it; what it cannot fetch is refused so that it is linked instead."""
    world.person(LIU)
    app = telegram_app(world)

    @app.get("/m/pass")
    async def picture() -> dict[str, str]:
        return {"a": "picture"}

    async with serving(app, bind(0)) as url:
        bridge = TelegramBridge(bot(url), public_url=url, timeout=2.0)
        ours = Media(f"{url}/m/pass", "image/jpeg", 1000)
        assert bridge.carries(ours, str(LIU))
        assert not bridge.carries(Media("https://elsewhere.test/m/pass", "image/jpeg", 1000), str(LIU))
        assert not bridge.carries(Media(ours.url, "image/jpeg", 6 * 2**20), str(LIU))
        await bridge.deliver(words(media=[ours]))
        assert world.texts(LIU) == ["明天来修"]
        assert world.got(LIU)[0]["photo"]
        for outbound in (
            words(media=[Media(f"{url}/m/gone", "image/jpeg", 9)]),
            words("长" * 1025, media=[ours]),
        ):
            with pytest.raises(Refused) as raised:
                await bridge.deliver(outbound)
            assert raised.value.code == 63019
        await bridge.close()


async def test_files_come_from_telegram_only(bridge: TelegramBridge, world: World) -> None:
    file_id = world.keep(b"12345")
    medium = Media(f"telegram:{file_id}", "image/jpeg")
    assert await bridge.fetch(medium, 5) == b"12345"
    with pytest.raises(TooLarge):
        await bridge.fetch(medium, 4)
    with pytest.raises(Refused):
        await bridge.fetch(Media("http://127.0.0.1:1/secret", "image/jpeg"), 5)
    with pytest.raises(Refused):
        await bridge.fetch(Media("telegram:unknown", "image/jpeg"), 5)


@pytest.mark.parametrize("wrong", [{"token": "bot-token"}, {"webhook_secret": "short"}])
def test_settings_are_checked_and_not_shown(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as raised:
        Telegram.model_validate({"token": TOKEN, "webhook_secret": SECRET} | wrong)
    assert next(iter(wrong.values())) not in str(raised.value.errors(include_input=False))
