"""Files on a real Synapse: uploaded, given out, refused, and shown to one person."""

import httpx
import pytest

from bridges.contract import Media, Outbound, Refused, TooLarge, Unavailable
from bridges.matrix.bridge import MatrixBridge
from tests.attachments.samples import picture
from tests.matrix.house import House

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="module")]


async def test_what_was_uploaded_is_given_out_again(house: House) -> None:
    uri = await house.service.upload(picture(), "image/jpeg", "图片 1.jpg")
    assert uri.startswith("mxc://localhost/")
    assert await house.service.download(uri, 10_000) == picture()
    assert await house.bridge.fetch(Media(uri, "image/jpeg"), 10_000) == picture()
    async with house.service.opened(uri) as pieces:
        assert b"".join([piece async for piece in pieces]) == picture()


async def test_what_a_leader_has_uploaded_is_given_out(house: House) -> None:
    leader = await house.person("uploader")
    async with httpx.AsyncClient(base_url=house.homeserver.url, trust_env=False) as client:
        answer = await client.post(
            "/_matrix/media/v3/upload",
            content=picture("PNG"),
            headers={
                "Authorization": f"Bearer {leader.client.access_token}",
                "Content-Type": "image/png",
            },
        )
    assert await house.service.download(answer.json()["content_uri"], 10_000) == picture("PNG")


async def test_no_more_is_read_than_is_taken(house: House) -> None:
    uri = await house.service.upload(bytes(200_000), "application/pdf", "a.pdf")
    with pytest.raises(TooLarge):
        await house.service.download(uri, 199_999)
    assert len(await house.service.download(uri, 200_000)) == 200_000


@pytest.mark.parametrize("uri", ["mxc://localhost/nothing", "mxc://localhost/", "mxc://localhost/a%2Fb"])
async def test_what_is_not_there_is_refused(house: House, uri: str) -> None:
    with pytest.raises(Refused):
        await house.service.download(uri, 10_000)


@pytest.mark.parametrize("url", ["http://127.0.0.1/x", "file:///etc/passwd", "", "mxc:/x"])
async def test_nothing_but_uploads_is_fetched(house: House, url: str) -> None:
    assert not house.bridge.carries(Media(url, "image/jpeg"), "@a:localhost")
    with pytest.raises(Refused):
        await house.bridge.fetch(Media(url, "image/jpeg"), 10_000)


async def test_a_homeserver_that_takes_no_such_file_says_so(house: House) -> None:
    with pytest.raises(TooLarge):
        await house.service.upload(bytes(51 * 2**20), "application/pdf", "a.pdf")


async def test_a_homeserver_that_is_away_is_asked_later(house: House) -> None:
    away = MatrixBridge([house.homeserver.model_copy(update={"url": "http://127.0.0.1:1"})])
    service = away.service(house.homeserver.server_name)
    with pytest.raises(Unavailable):
        await service.upload(picture(), "image/jpeg", "a.jpg")
    with pytest.raises(Unavailable):
        await service.download("mxc://localhost/abc", 10_000)
    await away.close()


async def test_a_picture_goes_to_one_person_with_its_words(house: House) -> None:
    leader = await house.person("shown-to")
    uri = await house.service.upload(picture(), "image/jpeg", "a.jpg")
    medium = Media(uri, "image/jpeg")
    assert house.bridge.carries(medium, leader.user_id)
    sent = Outbound("m1", leader.user_id, "陈建国给您发来一张图片", [medium])
    delivered = await house.bridge.deliver(sent)
    room_id = await house.service.direct_room(leader.user_id)
    await leader.join(room_id)
    words = await leader.event(room_id, delivered.external_id)
    assert words["content"]["body"] == "陈建国给您发来一张图片"
    shown = await house.service.find(room_id, "m1.1")
    assert shown is not None
    assert (await leader.event(room_id, shown))["content"]["url"] == uri
