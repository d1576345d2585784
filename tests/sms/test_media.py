"""Pictures are fetched from the carrier and from nowhere else, whatever an address or a redirect says."""

import asyncio
import base64
import socket
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from bridges.contract import Media, Refused, TooLarge, Unavailable
from bridges.sms.bridge import SmsBridge
from demo.children import free_port
from linzhang.settings import Twilio
from tests.attachments.samples import picture
from tests.sms.wire import ACCOUNT, HOST, PHONE, PUBLIC_URL, TOKEN, account, serving

LIMIT = 100_000
EXPECTED = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


@dataclass
class Carrier:
    """A carrier's API that answers as a test wants it.

    Attributes:
        url: Where it is.
        other: Another address on the same machine, which is nobody's business.
        seen: What was asked for, with what authorisation.
        trespassed: What was asked of the other address.
    """

    url: str
    other: str
    seen: list[tuple[str, str]] = field(default_factory=list)
    trespassed: list[str] = field(default_factory=list)


@pytest.fixture
async def carrier() -> AsyncIterator[Carrier]:
    """The API, and beside it something that must never be asked."""
    api, inner = FastAPI(), FastAPI()
    listeners = [socket.create_server((HOST, 0)) for _ in range(2)]
    here, there = (f"http://{HOST}:{each.getsockname()[1]}" for each in listeners)
    made = Carrier(here, there)

    @api.get("/{path:path}")
    async def answer(request: Request, path: str) -> Response:
        made.seen.append((path, request.headers.get("authorization", "")))
        return await _answer(made, request, path)

    @inner.get("/{path:path}")
    async def secret(path: str) -> Response:
        made.trespassed.append(path)
        return Response(b"the inner network's secrets")

    async with serving(api, listeners[0]), serving(inner, listeners[1]):
        yield made


async def _answer(carrier: Carrier, request: Request, path: str) -> Response:
    kind, _, rest = path.partition("/")
    if kind == "status":
        return Response(status_code=int(rest))
    if kind == "to":
        return Response(status_code=307, headers={"Location": request.url.query or "/picture"})
    if kind == "round":
        return Response(status_code=302, headers={"Location": "/round/and/round"})
    if kind == "slow":
        await asyncio.sleep(3)
    if kind == "drip":
        return StreamingResponse(_drip(), media_type="image/jpeg")
    if kind == "endless":
        return StreamingResponse(_endless(), media_type="image/jpeg")
    if kind == "bomb":
        packed = zlib.compress(bytes(10_000_000))
        return Response(packed, headers={"Content-Encoding": "deflate"})
    if kind == "large":
        return Response(bytes(LIMIT + 1))
    return Response(b"x" * LIMIT, media_type="text/html")


async def _drip() -> AsyncIterator[bytes]:
    while True:
        yield b"x"
        await asyncio.sleep(0.05)


async def _endless() -> AsyncIterator[bytes]:
    while True:
        yield bytes(LIMIT // 4)
        await asyncio.sleep(0.001)


@pytest.fixture
async def bridge_to(carrier: Carrier) -> AsyncIterator[SmsBridge]:
    """A bridge to that API; it is impatient."""
    bridge = SmsBridge(_account(carrier.url), public_url=PUBLIC_URL, region="CN", timeout=0.5)
    yield bridge
    await bridge.close()


def _account(api_url: str, **more: object) -> Twilio:
    return Twilio.model_validate(account(api_url).model_dump() | more)


async def fetch(bridge: SmsBridge, url: str) -> bytes:
    return await bridge.fetch(Media(url, "image/jpeg"), LIMIT)


async def test_a_picture_that_a_phone_has_sent_is_had_from_the_carrier(
    bridge: SmsBridge, control: httpx.AsyncClient
) -> None:
    sent = picture()
    media = [{"content_type": "image/jpeg", "base64": base64.b64encode(sent).decode()}]
    answer = await control.post(f"/phones/{PHONE}/texts", json={"body": "看", "media": media})
    answer.raise_for_status()
    records = (await control.get("/records")).json()
    (message,) = records["messages"]
    (medium,) = message["media"]
    url = f"{str(control.base_url).split('/_carrier')[0]}/2010-04-01/Accounts/{ACCOUNT}"
    url += f"/Messages/{message['sid']}/Media/{medium['sid']}"
    assert await fetch(bridge, url) == sent


async def test_the_secret_goes_to_the_api_and_what_it_gives_is_taken(
    bridge_to: SmsBridge, carrier: Carrier
) -> None:
    assert await fetch(bridge_to, f"{carrier.url}/picture") == b"x" * LIMIT
    assert carrier.seen == [("picture", EXPECTED)]


async def test_the_carrier_may_send_us_on_to_itself(bridge_to: SmsBridge, carrier: Carrier) -> None:
    assert await fetch(bridge_to, f"{carrier.url}/to/there") == b"x" * LIMIT
    assert [path for path, _ in carrier.seen] == ["to/there", "picture"]


def elsewhere() -> Iterator[str]:
    """Addresses that a forger could want to be asked; {port} is the inner service's, {api} the carrier's."""
    yield from (
        "http://127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "https://localhost/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://127.1:{port}/",
        "http://0.0.0.0:{port}/",
        "https://169.254.169.254/latest/meta-data/",
        "https://metadata.google.internal/",
        "https://10.0.0.1/",
        "http://api.twilio.com/",
        "http://mms.twiliocdn.com/",
        "https://mms.twiliocdn.com:8443/",
        "https://mms.twiliocdn.com.evil.example/",
        "https://twiliocdn.com.evil.example/",
        "https://eviltwiliocdn.com/",
        "https://evil.example/mms.twiliocdn.com/",
        "https://mms.twiliocdn.com@127.0.0.1:{port}/",
        "https://user:password@mms.twiliocdn.com/",
        "https://127.0.0.1:{port}#@mms.twiliocdn.com/",
        "https://127.0.0.1:{port}\\@mms.twiliocdn.com/",
        "https://s3-external-1.amazonaws.com/somebody-else/secret",
        "https://s3-external-1.amazonaws.com/media.twiliocdn.com.evil/x",
        "{api}@127.0.0.1:{port}/",
        "{api}0/",
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
        "ftp://mms.twiliocdn.com/x",
        "gopher://127.0.0.1:{port}/",
        "data:image/jpeg;base64,AAAA",
        "mxc://localhost/abc",
        "//mms.twiliocdn.com/x",
        "https://[/",
        "https:///x",
        "",
    )


@pytest.mark.parametrize("redirected", [False, True])
async def test_nothing_else_is_ever_asked(bridge_to: SmsBridge, carrier: Carrier, redirected: bool) -> None:
    port = carrier.other.rpartition(":")[2]
    asked = []
    for address in elsewhere():
        url = address.format(port=port, api=carrier.url)
        if redirected:
            if url in ("", "//mms.twiliocdn.com/x"):
                continue  # as a redirect the one means ourselves, and the other the carrier's own host
            url = f"{carrier.url}/to/elsewhere?{url.replace('#', '%23')}"
        try:
            await fetch(bridge_to, url)
        except Refused:
            continue
        except Unavailable as error:
            asked.append((address, str(error)))
        else:
            asked.append((address, "taken"))
    assert asked == []
    assert carrier.trespassed == []
    assert {path for path, _ in carrier.seen} == ({"to/elsewhere"} if redirected else set())


@pytest.mark.parametrize("host", ["localhost", "ip6-localhost"])
async def test_a_name_that_leads_into_the_own_network_leads_nowhere(carrier: Carrier, host: str) -> None:
    """As if the carrier's domain had been pointed at us: the name is right, what it means is not."""
    bridge = SmsBridge(
        _account(carrier.url, media_hosts=[host]), public_url=PUBLIC_URL, region="CN", timeout=0.5
    )
    with pytest.raises(Unavailable):
        await fetch(bridge, f"https://{host}/x")
    await bridge.close()
    assert (carrier.seen, carrier.trespassed) == ([], [])


async def test_a_ring_of_redirects_ends(bridge_to: SmsBridge, carrier: Carrier) -> None:
    with pytest.raises(Refused):
        await fetch(bridge_to, f"{carrier.url}/round/and/round")
    assert len(carrier.seen) == 4


@pytest.mark.parametrize("path", ["large", "endless"])
async def test_no_more_is_read_than_is_taken(bridge_to: SmsBridge, carrier: Carrier, path: str) -> None:
    with pytest.raises(TooLarge):
        await fetch(bridge_to, f"{carrier.url}/{path}")


async def test_what_is_packed_is_not_unpacked(bridge_to: SmsBridge, carrier: Carrier) -> None:
    assert len(await fetch(bridge_to, f"{carrier.url}/bomb")) < LIMIT


@pytest.mark.parametrize("path", ["slow", "drip"])
async def test_a_slow_carrier_is_given_up_on_in_time(
    bridge_to: SmsBridge, carrier: Carrier, path: str
) -> None:
    started = time.monotonic()
    with pytest.raises(Unavailable):
        await fetch(bridge_to, f"{carrier.url}/{path}")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 502, 503])
async def test_what_may_pass_is_tried_again(bridge_to: SmsBridge, carrier: Carrier, status: int) -> None:
    with pytest.raises(Unavailable) as caught:
        await fetch(bridge_to, f"{carrier.url}/status/{status}")
    assert caught.value.code == (404 if status == 410 else status)


@pytest.mark.parametrize("status", [204, 206, 304, 400, 418])
async def test_what_will_not_pass_is_not(bridge_to: SmsBridge, carrier: Carrier, status: int) -> None:
    with pytest.raises(Refused):
        await fetch(bridge_to, f"{carrier.url}/status/{status}")


async def test_a_carrier_that_is_away_is_asked_later() -> None:
    url = f"http://{HOST}:{free_port()}"
    bridge = SmsBridge(account(url), public_url=PUBLIC_URL, region="CN")
    with pytest.raises(Unavailable) as caught:
        await fetch(bridge, f"{url}/secret-address")
    assert "secret-address" not in str(caught.value)
    await bridge.close()


@pytest.mark.parametrize(
    ("address", "medium", "carried"),
    [
        ("+14155550123", Media("https://linzhang.example/m/x", "image/jpeg"), True),
        ("+14155550123", Media("https://linzhang.example/m/x", "audio/mpeg", 4_999_999), True),
        ("+14155550123", Media("https://linzhang.example/m/x", "image/jpeg", 5_000_001), False),
        ("+14155550123", Media("https://linzhang.example/m/x", "image/heic"), False),
        ("+14155550123", Media("mxc://localhost/abc", "image/jpeg"), False),
        ("+8613800000001", Media("https://linzhang.example/m/x", "image/jpeg"), False),
        ("10086", Media("https://linzhang.example/m/x", "image/jpeg"), False),
        ("BANK", Media("https://linzhang.example/m/x", "image/jpeg"), False),
    ],
)
def test_pictures_go_to_the_countries_that_are_configured(address: str, medium: Media, carried: bool) -> None:
    twilio = _account("https://api.twilio.com", mms_countries=["US", "CA"])
    bridge = SmsBridge(twilio, public_url=PUBLIC_URL, region="CN")
    assert bridge.carries(medium, address) is carried
