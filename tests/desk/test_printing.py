"""Cards and posters: what a camera reads on them, who may print them, and whose picture is on them."""

from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from linzhang.settings import Settings
from models import Leadership, Look, Portrait, Role
from tests.desk.desk import Browser, Desk
from tests.factories import MORNING, Territory, make_settings, open_database, plant, reachable

#: Dots to the inch at which a sheet is looked at.
_SHARP = 200


def scanned(pdf: bytes, page: int = 0) -> list[str]:
    """What a camera reads on a page."""
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=_SHARP / 72).to_pil()
    return [each.text for each in zxingcpp.read_barcodes(picture)]


def pages(pdf: bytes) -> list[str]:
    """The words on each page."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]


def plain(words: str) -> str:
    """Words without blanks."""
    return "".join(words.split())


#: The service's number, and that of the block's leader.
OURS, THEIRS = "+8655855550100", "+8613855500001"


@pytest.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings of a service that texts, with an open database."""
    account = {"account_sid": f"AC{'0' * 32}", "auth_token": "token", "number": OURS}
    settings = make_settings(tmp_path, twilio=account)
    async with open_database(settings):
        yield settings


@pytest.fixture
async def territory(settings: Settings) -> Territory:
    """A territory, whose block's leader has a telephone."""
    planted = await plant()
    await reachable(settings, planted.leaders["block"], THEIRS)
    return planted


@pytest.fixture
async def secretary(desk: Desk, territory: Territory) -> AsyncIterator[Browser]:
    """The browser of the village's secretary."""
    async with desk.browser(territory.leaders["village"]) as browser:
        yield browser


async def test_a_villages_contact_cards_come_ten_to_a_sheet_and_are_read_back(
    secretary: Browser, territory: Territory
) -> None:
    code, block = territory.units["village"].code, territory.block
    page = await secretary.get(f"/desk/print/{code}")
    assert page.status_code == 200
    answer = await secretary.get(f"/desk/print/{code}/contact.pdf?copies=10")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    leader = territory.leaders["block"]
    written = [each for each in pages(answer.content) if leader.name in each]
    assert len(written) == 1
    assert written[0].count(leader.name) == 10
    assert "138 5550 0001" in written[0]
    sheet = pages(answer.content).index(written[0])
    assert scanned(answer.content, sheet) == [f"SMSTO:{OURS}:{block.card_code} "] * 10


async def test_printing_numbers_is_recorded(secretary: Browser, territory: Territory) -> None:
    code = territory.block.code
    await secretary.get(f"/desk/print/{code}/work.pdf")
    assert await Look.all().count() == 0
    poster = await secretary.get(f"/desk/print/{code}/poster.pdf")
    looked = await Look.all().values_list("person_id", "whose_id")
    assert looked == [(territory.leaders["village"].id, territory.leaders["block"].id)]
    (words,) = pages(poster.content)
    assert territory.leaders["block"].name in words
    assert scanned(poster.content)


async def test_a_work_card_has_the_duties_on_its_back_and_nobodys_number(
    secretary: Browser, territory: Territory, settings: Settings
) -> None:
    answer = await secretary.get(f"/desk/print/{territory.units['village'].code}/work.pdf")
    front, back = (plain(each) for each in pages(answer.content)[:2])
    assert territory.leaders["village"].name in front
    assert "13855500001" not in front
    assert all(plain(duty.name["zh-Hans"]) in back for duty in settings.territory.duties)
    assert len(settings.territory.duties) == 5
    in_english = await secretary.get(f"/desk/print/{territory.block.code}/work.pdf?language=en")
    assert "Reconcile" in pages(in_english.content)[1]


async def test_nobody_prints_what_is_not_below_them(desk: Desk, territory: Territory) -> None:
    async with desk.browser(territory.leaders["block"]) as browser:
        for path in ("", "/contact.pdf", "/picture.jpg"):
            answer = await browser.get(f"/desk/print/{territory.units['village'].code}{path}")
            assert answer.status_code == 404
        assert (await browser.get(f"/desk/print/{territory.block.code}/contact.pdf")).status_code == 200


async def test_for_a_vacant_block_nothing_is_printed(secretary: Browser, territory: Territory) -> None:
    await Leadership.filter(unit_id=territory.block.id, role=Role.LEADER).update(until=MORNING)
    page = await secretary.get(f"/desk/print/{territory.units['village'].code}")
    assert f'/desk/unit/{territory.block.code}">' in page.text
    answer = await secretary.get(f"/desk/print/{territory.block.code}/contact.pdf")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/print/{territory.block.code}")


def picture(colour: str, size: tuple[int, int] = (300, 400)) -> bytes:
    """A picture of one colour."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


async def hand_in(browser: Browser, code: str, content: bytes) -> str:
    """Hand a picture in; returns where one is led."""
    answer = await browser.http.post(
        f"/desk/print/{code}/picture",
        data={"form_word": browser.form_word},
        files={"picture": ("me.png", content, "image/png")},
    )
    assert answer.status_code == 303
    return answer.headers["location"]


def colours(pdf: bytes) -> Sequence[tuple[int, int, int]]:
    """The colours of which much is seen on the first page."""
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("RGB")
    counted = image.getcolors(maxcolors=1 << 24) or []
    return [colour for count, colour in counted if count > 1000 and isinstance(colour, tuple)]


async def test_a_leaders_picture_is_on_their_cards(secretary: Browser, territory: Territory) -> None:
    code = territory.block.code
    await hand_in(secretary, code, picture("red"))
    shown = await secretary.get(f"/desk/print/{code}/picture.jpg")
    assert shown.headers["content-type"] == "image/jpeg"
    answer = await secretary.get(f"/desk/print/{code}/contact.pdf?copies=10")
    assert any(red > 240 and green < 20 and blue < 20 for red, green, blue in colours(answer.content))
    await secretary.post(f"/desk/print/{code}/picture", drop="1")
    assert await Portrait.all().count() == 0


async def test_what_is_no_picture_is_not_taken(secretary: Browser, territory: Territory) -> None:
    for content in (b"", b"%PDF-1.4 no picture", b"\x89PNG\r\n\x1a\nbroken"):
        await hand_in(secretary, territory.block.code, content)
        page = await secretary.get(f"/desk/print/{territory.block.code}")
        assert "16" in page.text
    assert await Portrait.all().count() == 0
