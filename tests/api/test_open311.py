"""Open311: civic apps report and look, departments' systems read, close and return; in JSON and in XML."""

from xml.etree import ElementTree

import httpx
import pytest
from shapely import box

from bridges.open311.bridge import Open311Bridge
from escalator import inbox as inbox_worker
from escalator import outbox
from escalator.delivery import ToPerson
from issues import switches
from linzhang.settings import Settings
from models import Address, Border, Inbox, Issue, Message, Origin, Outbox, State, Unit
from territory.borders.shapes import packed
from tests.api.programme import Api, api_for
from tests.factories import CARD_CODE, Territory, appoint, resident
from web.access.tokens import Right

HERE = {"service_code": "general", "address_id": CARD_CODE, "description": "楼道灯坏了"}


async def work(settings: Settings) -> None:
    """Let a worker take in what was reported."""
    for lane in await inbox_worker.due_lanes(settings, 100):
        await inbox_worker.drain(settings, lane)
    assert not await Inbox.exclude(error="").exists()


@pytest.fixture
async def water(settings: Settings, territory: Territory) -> Unit:
    """A department of the village."""
    tier, village = settings.territory.department, territory.units["village"]
    assert tier is not None
    return await Unit.create(
        code="water", name="供水站", tier=tier.key, parent=village, path=f"{village.path}water/"
    )


async def reports(app: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await app.post("/open311/v2/requests.json", data=HERE | fields)


async def test_an_app_finds_its_way_in_both_forms(water: Unit, api: Api) -> None:
    async with api.programme() as app:
        found = (await app.get("/open311/discovery.json")).json()
        assert found["endpoints"][0]["url"].endswith("/open311/v2")
        xml = await app.get("/open311/discovery.xml")
        assert xml.headers["content-type"] == "text/xml; charset=utf-8"
        assert xml.text.startswith('<?xml version="1.0" encoding="utf-8"?>')
        root = ElementTree.fromstring(xml.content)
        assert [each.text for each in root.iter("format")] == ["text/xml", "application/json"]
        services = (await app.get("/open311/v2/services.json?jurisdiction_id=34")).json()
        assert [each["service_code"] for each in services] == ["general", "water"]
        in_xml = ElementTree.fromstring((await app.get("/open311/v2/services.xml")).content)
        assert [each.tag for each in in_xml] == ["service", "service"]
        assert in_xml.findtext("service/metadata") == "false"
        definition = (await app.get("/open311/v2/services/water.json")).json()
        assert definition == {"service_code": "water", "attributes": []}
        gone = await app.get("/open311/v2/services/fire.json")
        assert (gone.status_code, gone.json()[0]["code"]) == (404, 404)
        assert "service_code" in gone.json()[0]["description"]
        elsewhere = await app.get("/open311/v2/services.xml?jurisdiction_id=sfgov.org")
        assert ElementTree.fromstring(elsewhere.content).findtext("error/code") == "404"


async def test_an_app_reports_and_sees_how_it_stands(
    settings: Settings, territory: Territory, api: Api
) -> None:
    leader = territory.leaders["village"]
    async with (
        api.programme(leader, Right.REPORT_ISSUES) as app,
        api.programme(leader, Right.REPORT_ISSUES) as other,
        api.programme(territory.leaders["block"]) as block,
    ):
        reported = await reports(app, last_name="王", first_name="小明", account_id="7")
        assert reported.status_code == 201
        told = reported.json()[0]
        pending = f"/open311/v2/tokens/{told['token']}.json"
        assert (await app.get(pending)).json() == [{"service_request_id": None, "token": told["token"]}]
        await work(settings)
        assert (await app.get(pending)).json()[0]["service_request_id"] == "1001"
        await block.post("/api/v1/issues/1001/answer", json={"words": "下午三点来修"})
        seen = (await app.get("/open311/v2/requests/1001.json")).json()[0]
        assert (seen["status"], seen["description"]) == ("open", "楼道灯坏了")
        assert (seen["status_notes"], seen["agency_responsible"]) == ("下午三点来修", "第3邻")
        assert seen["requested_datetime"] == "2026-11-24T10:00:00+08:00"
        listed = ElementTree.fromstring((await app.get("/open311/v2/requests.xml?status=open")).content)
        assert [each.findtext("service_request_id") for each in listed] == ["1001"]
        assert (await other.get("/open311/v2/requests/1001.json")).status_code == 404
        assert (await other.get("/open311/v2/requests.json")).json() == []
    issue = await Issue.get().select_related("reporter", "address")
    assert (issue.reporter.name, issue.address.bridge) == ("王小明", "open311")
    for row in await Outbox.filter(bridge="open311"):
        await outbox.drain(settings, {"open311": ToPerson(settings, Open311Bridge(), None)}, row.lane)  # type: ignore[arg-type]
    assert not await Outbox.filter(bridge="open311").exclude(state="sent").exists()


async def test_a_report_is_never_more_than_a_report(territory: Territory, api: Api) -> None:
    settings = api.settings
    await resident(settings, territory.block)
    async with api.programme(territory.leaders["village"], Right.REPORT_ISSUES) as app:
        again = {"Idempotency-Key": "one"}
        answers = [await app.post("/open311/v2/requests.json", data=HERE, headers=again) for _ in range(3)]
        assert len({each.json()[0]["token"] for each in answers}) == 1
        await work(settings)
        assert await Issue.all().count() == 1
        for words in ("STOP", "1", "已解决 1001", "撤销"):
            assert (await reports(app, description=words, phone="13800138000")).status_code == 201
        await work(settings)
    assert await Issue.all().count() == 5
    assert await Issue.filter(state=State.OPEN).count() == 5
    assert not await Address.exclude(stopped_at=None).exists()
    assert "13800138000" not in str([row.body for row in await Inbox.all()])


async def test_a_resident_is_known_by_their_number_and_answered_there(
    territory: Territory, api: Api, settings: Settings
) -> None:
    carrier = {"account_sid": "AC" + "0" * 32, "auth_token": "x", "number": "+8613900000000"}
    with_sms = Settings.model_validate(settings.model_dump() | {"twilio": carrier})
    known = await resident(with_sms, territory.block)
    async with api_for(with_sms).programme(territory.leaders["village"], Right.REPORT_ISSUES) as app:
        given = {"phone": "138 0013 8000", "address_id": "", "address_string": "家里"}
        assert (await reports(app, **given)).status_code == 201
        await work(with_sms)
        seen = (await app.get("/open311/v2/requests/1001.json")).json()[0]
        assert seen["address_id"] == territory.block.code
    async with api_for(with_sms).programme(territory.leaders["peace"], Right.REPORT_ISSUES) as elsewhere:
        assert (await reports(elsewhere, **given)).status_code == 201
        await work(with_sms)
        filed = (await elsewhere.get("/open311/v2/requests/1002.json")).json()[0]
        told = [filed[name] for name in ("address", "address_id", "lat", "long", "agency_responsible")]
        assert told == [None] * 5, "a number does not tell a neighbour where its owner lives"
    issue = await Issue.get(id=Issue.id_of(1001))
    assert (issue.reporter_id, issue.address_id) == (known.person_id, known.id)
    assert issue.block_id == territory.block.id
    assert await Outbox.filter(bridge="sms", address_id=known.id).exists()


async def test_a_department_lists_closes_and_returns_what_was_referred_to_it(
    settings: Settings, territory: Territory, api: Api, water: Unit
) -> None:
    plumber = await appoint(water, "钱工")
    async with (
        api.programme(territory.leaders["village"]) as village,
        api.programme(plumber) as system,
    ):
        for words in ("水管漏了", "水管又漏了", "井盖没了"):
            await reports(village, description=words, service_code="water")
            await work(settings)
        for number in (1001, 1002):
            given = {"department": "water", "reason": "主管道"}
            done = await village.post(f"/api/v1/issues/{number}/refer", json=given)
            assert done.status_code == 200, done.text
        listed = (await system.get("/open311/v2/requests.json?service_code=water")).json()
        assert [(each["service_request_id"], each["service_code"]) for each in listed] == [
            ("1002", "water"),
            ("1001", "water"),
        ]
        assert "【供水站】水管漏了" in listed[1]["description"]
        closing = {"status": "closed", "status_notes": "换了接头"}
        for _ in range(2):
            closed = await system.post("/open311/v2/requests/1001.json", data=closing)
            assert closed.status_code == 200, closed.text
            assert closed.json()[0]["status"] == "closed"
            assert closed.json()[0]["status_notes"] == "换了接头"
        back = {"status": "returned", "status_notes": "不是我们的管道"}
        returned = await system.post("/open311/v2/requests/1002.xml", data=back)
        assert returned.status_code == 200, returned.text
        assert (await Issue.get(id=2)).state is State.OPEN
        assert (await system.post("/open311/v2/requests/1003.json", data=closing)).status_code == 404


async def test_a_point_is_where_true_borders_say_and_nowhere_else(
    settings: Settings, territory: Territory, api: Api
) -> None:
    for name, origin in (
        ("county", Origin.GIVEN),
        ("township", Origin.GIVEN),
        ("village", Origin.GIVEN),
        ("section", Origin.DRAWN),
    ):
        await Border.create(
            unit=territory.units[name],
            shape=packed(box(115, 33, 116, 34)),
            west=115,
            south=33,
            east=116,
            north=34,
            origin=origin,
            version="1",
        )
    async with api.programme(territory.leaders["village"], Right.REPORT_ISSUES) as app:
        for place in ({"lat": "33.5", "long": "115.5"}, {"lat": "30", "long": "100"}):
            assert (await reports(app, address_id="", **place)).status_code == 201
        await work(settings)
    inside, outside = await Issue.all().order_by("id")
    assert (inside.block_id, outside.block_id) == (territory.units["village"].id, None)
    first = await Message.filter(issue_id=inside.id).order_by("id").first()
    assert first is not None
    assert "33.50000" in first.text


WRONG = [
    ({"service_code": ""}, 400, "service_code"),
    ({"service_code": "fire"}, 404, "service_code"),
    ({"address_id": ""}, 400, "address_string"),
    ({"address_id": "34010102"}, 404, "address_id"),
    ({"description": " "}, 400, "description"),
    ({"description": "x" * 4001}, 400, "4000"),
    ({"lat": "91", "long": "0"}, 400, "lat, long"),
    ({"lat": "nan", "long": "0"}, 400, "lat, long"),
    ({"phone": "abc"}, 400, "phone"),
    ({"jurisdiction_id": "sf"}, 404, "jurisdiction_id"),
    ({"api_key": "lz_wrong"}, 403, "api_key"),
]


@pytest.mark.parametrize(("fields", "status", "named"), WRONG)
async def test_what_is_wrong_is_named(
    territory: Territory, api: Api, fields: dict[str, str], status: int, named: str
) -> None:
    async with api.programme(territory.leaders["village"]) as app:
        refused = await reports(app, **fields)
        assert refused.status_code == status, refused.text
        assert refused.json()[0]["code"] == status
        assert named in refused.json()[0]["description"]
    assert not await Inbox.exists()


async def test_lists_span_ninety_days_and_an_administrator_can_stop_reports(
    settings: Settings, territory: Territory, api: Api
) -> None:
    async with api.programme(territory.leaders["village"]) as app, api.programme() as nobody:
        for query, status in (
            ("start_date=2026-08-01T00:00:00Z&end_date=2026-11-30T00:00:00Z", 400),
            ("start_date=2026-08-01T00:00:00Z", 200),
            ("end_date=2026-08-01T00:00:00+08:00", 200),
            ("end_date=yesterday", 400),
            ("status=new", 400),
            ("service_request_id=1001,1002,x", 200),
        ):
            assert (await app.get(f"/open311/v2/requests.json?{query}")).status_code == status, query
        assert (await nobody.get("/open311/v2/requests.json")).status_code == 403
        assert (await app.get("/open311/v2/requests.yaml")).status_code == 404
        await switches.turn_off(settings, "open311", "a test")
        refused = await reports(app)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
