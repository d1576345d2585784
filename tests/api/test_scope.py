"""Nobody sees a neighbour's issues, units, people or telephone numbers, whatever route they ask.

Every route of the application stands in a table here: a new one without an entry fails the test. Each is
asked by the leader of one village about the things of the next one, and whatever it answers is searched for
the neighbour's words, names and numbers. The neighbour's own leader asks the same, so that it is known that
there was something to see.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from escalator.webhooks import targets
from escalator.webhooks.targets import Event
from linzhang.settings import Settings
from models import (
    Address,
    Allowance,
    ApiToken,
    Campaign,
    CampaignBlock,
    CampaignState,
    CareKind,
    CareRecord,
    CareRhythm,
    Concern,
    Door,
    DoorState,
    DoorVisit,
    Flood,
    Help,
    History,
    HonourRound,
    Household,
    Issue,
    Leadership,
    Message,
    Notice,
    NoticePerson,
    NoticeState,
    NoticeTally,
    Outbox,
    OutboxState,
    Person,
    Place,
    StatusNote,
    Survey,
    SurveyBlock,
    SurveyState,
    Task,
    Unit,
)
from tests.api.programme import Api
from tests.desk.desk import Desk
from tests.factories import MORNING, Territory, appoint, reachable, resident
from tests.issues.diary import Phone
from web.access import visits

#: What must not be seen, as it stands in the neighbour's data.
WORDS, NAME, PLACE, STATUS = "邻村秘密话", "邻村秘密人", "邻村秘密邻", "邻村秘密状态"
NUMBERS = ("13911112222", "13933334444")
MARKS = (WORDS, NAME, PLACE, STATUS, *NUMBERS)


@dataclass(frozen=True)
class Probe:
    """How a route is asked.

    Attributes:
        query: What stands behind the question mark.
        form: Fields of a form.
        json: A body.
        shows: Whether the neighbour's own leader sees something of it there.
        passes: Whether it answers well although it was asked about the neighbour's: it changes or shows only
            one's own.
    """

    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    json: Mapping[str, Any] | None = None
    shows: bool = False
    passes: bool = False


WHY = {"reason": "x"}
BLOCK: Final = "34010102010101"

#: Routes that know nobody: who calls is a platform, a balancer or a browser that wants a picture.
OPEN = {
    "PUT /transactions/{txn_id}": "the homeserver, by its token",
    "PUT /_matrix/app/v1/transactions/{txn_id}": "the homeserver, by its token",
    "POST /_matrix/app/v1/ping": "the homeserver, by its token",
    "GET /rooms/{name}": "the homeserver, by its token",
    "GET /users/{name}": "the homeserver, by its token",
    "GET /_matrix/app/v1/rooms/{name}": "the homeserver, by its token",
    "GET /_matrix/app/v1/users/{name}": "the homeserver, by its token",
    "GET /metrics": "Prometheus, and it knows of numbers of things alone",
    "GET /desk/events": "tests/desk/test_live.py: a stream that does not end",
    "* /desk/static/{path}": "files of ours",
}

PROBES = {
    "GET /m/{word}": Probe(),
    "GET /g/{word}": Probe(),
    "GET /health": Probe(passes=True),
    "GET /ready": Probe(passes=True),
    "GET /desk/": Probe(passes=True),
    "GET /desk/in/{word}": Probe(),
    "POST /desk/in/{word}": Probe(form={}),
    "POST /desk/tastes": Probe(form={"look": "dark"}, passes=True),
    "GET /desk/login": Probe(passes=True),
    "POST /desk/login": Probe(form={"name": "@x:test", "password": "x"}),
    "GET /desk/figures": Probe(query={"unit": BLOCK}, passes=True),
    "GET /desk/figures/{code}": Probe(shows=True),
    "GET /desk/figures/{code}/units.csv": Probe(),
    "GET /desk/figures/{code}/weeks.csv": Probe(),
    "GET /desk/figures/{code}/figures.xlsx": Probe(),
    "GET /desk/figures/{code}/month.pdf": Probe(),
    "GET /desk/map": Probe(passes=True),
    "GET /desk/map/{code}": Probe(),
    "GET /desk/map/{code}/cells": Probe(query={"box": "115,33,116,34", "zoom": "12"}),
    "GET /desk/disputes": Probe(passes=True),
    "GET /desk/opinions": Probe(passes=True),
    "POST /desk/opinions": Probe(form={"words": "x", "unit": BLOCK}),
    "GET /desk/honours": Probe(passes=True),
    "POST /desk/honours": Probe(form={"unit": BLOCK, "period": "2026-11"}),
    "GET /desk/honours/{round_number}": Probe(shows=True),
    "GET /desk/honours/{round_number}/results.csv": Probe(),
    "POST /desk/honours/{round_number}/nominate": Probe(form={"block": BLOCK, "reason": "x"}),
    "POST /desk/honours/{round_number}/send": Probe(form={}),
    "POST /desk/honours/{round_number}/stop": Probe(form={}),
    "GET /desk/print/{code}": Probe(shows=True),
    "GET /desk/print/{code}/{kind}.pdf": Probe(),
    "POST /desk/print/{code}/picture": Probe(form={"drop": "1"}),
    "GET /desk/print/{code}/picture.jpg": Probe(),
    "GET /desk/teaching/{code}": Probe(shows=True),
    "POST /desk/teaching/{code}": Probe(),
    "GET /desk/tasks": Probe(shows=True, passes=True),
    "POST /desk/tasks": Probe(form={"words": "x", "payer": BLOCK, "need": "1", "pay": "5"}),
    "GET /desk/tasks/{task_id}": Probe(shows=True),
    "POST /desk/tasks/{task_id}/send": Probe(form={}),
    "POST /desk/tasks/{task_id}/stop": Probe(form={}),
    "POST /desk/tasks/{task_id}/help/{help_id}": Probe(form={"verdict": "confirm"}),
    "GET /desk/tasks/{task_id}/help/{help_id}/{which}": Probe(),
    "GET /desk/allowances": Probe(shows=True, passes=True),
    "POST /desk/allowances/pay": Probe(form={"payer": BLOCK, "upto": "1"}),
    "GET /desk/allowances.csv": Probe(shows=True, passes=True),
    "GET /desk/allowances.xlsx": Probe(passes=True),
    "GET /desk/surveys": Probe(shows=True, passes=True),
    "POST /desk/surveys": Probe(form={"unit": BLOCK}),
    "GET /desk/surveys/{survey_id}": Probe(shows=True),
    "POST /desk/surveys/{survey_id}/word": Probe(form={"words": "x"}),
    "POST /desk/surveys/{survey_id}/stop": Probe(form={}),
    "GET /desk/surveys/{survey_id}/proof.json": Probe(),
    "GET /desk/merits": Probe(passes=True),
    "GET /desk/merits/{code}": Probe(shows=True),
    "GET /desk/encouraging": Probe(passes=True),
    "GET /desk/encouraging/{code}": Probe(shows=True),
    "POST /desk/encouraging/{code}/{post_id}/word": Probe(form={"words": "x"}),
    "POST /desk/encouraging/{code}/{post_id}/step": Probe(form={"kind": "talked", "note": "x"}),
    "GET /desk/doors": Probe(shows=True, passes=True),
    "POST /desk/doors": Probe(
        form={"title": "x", "unit": BLOCK, "first": "2026-12-01", "last": "2026-12-02"}
    ),
    "GET /desk/doors/{campaign_id}": Probe(shows=True),
    "POST /desk/doors/{campaign_id}/begin": Probe(form={}),
    "POST /desk/doors/{campaign_id}/stop": Probe(form={}),
    "POST /desk/doors/{campaign_id}/{code}/tick": Probe(form={"once": "x", "numbers": "1"}),
    "POST /desk/doors/{campaign_id}/{code}/{number}": Probe(form={"once": "x", "state": "visited"}),
    "GET /desk/doors/{campaign_id}/picture/{visit_id}/{which}": Probe(),
    "GET /desk/doors/{campaign_id}/{code}/units.csv": Probe(),
    "GET /desk/doors/{campaign_id}/{code}/doors.xlsx": Probe(),
    "GET /desk/unit/{code}": Probe(shows=True),
    "POST /desk/unit/{code}/call": Probe(form={"person": "{person}"}),
    "POST /desk/unit/{code}/note": Probe(form={"text": "x"}),
    "GET /desk/admin/import": Probe(),
    "POST /desk/admin/import": Probe(form={}),
    "GET /desk/admin/import/columns/{kind}.csv": Probe(),
    "GET /desk/admin/import/{import_id}": Probe(),
    "GET /desk/admin/import/{import_id}/state": Probe(),
    "POST /desk/admin/import/{import_id}/apply": Probe(form={}),
    "POST /desk/admin/import/{import_id}/drop": Probe(form={}),
    "GET /desk/tokens": Probe(passes=True),
    "POST /desk/tokens": Probe(form={"name": "x", "rights": "issues:read", "units": BLOCK}),
    "POST /desk/tokens/{token_id}/revoke": Probe(form={}),
    "GET /desk/admin/bridges": Probe(),
    "POST /desk/admin/bridges/ties/{tie_id}": Probe(form={}),
    "POST /desk/admin/bridges/{name}": Probe(form={"to": "off"}),
    "GET /desk/issue/{number}": Probe(shows=True),
    "GET /desk/issue/{number}/media/{message}/{which}": Probe(),
    "POST /desk/issue/{number}/{deed}": Probe(form={"words": "x"}),
    "GET /desk/care": Probe(passes=True),
    "GET /desk/care/{code}": Probe(shows=True),
    "POST /desk/care/{code}": Probe(
        form={
            "person": "{cared}",
            "kind": "alone",
            "rhythm": "off",
            "clock": "08:00",
            "consent": "x",
        }
    ),
    "POST /desk/care/{code}/round": Probe(form={"occasion": "heat", "once": "x"}),
    "POST /desk/care/{code}/{record_id}/visit": Probe(form={"words": "x", "once": "x"}),
    "POST /desk/care/{code}/{record_id}/end": Probe(form={"why": "x"}),
    "GET /desk/notices": Probe(shows=True, passes=True),
    "POST /desk/notices": Probe(form={"words": "x", "unit": BLOCK, "tiers": "block", "households": "all"}),
    "GET /desk/notices/{notice_id}": Probe(query={"unit": BLOCK}, shows=True),
    "POST /desk/notices/{notice_id}/send": Probe(form={"at": ""}),
    "POST /desk/notices/{notice_id}/stop": Probe(form={}),
    "GET /desk/search": Probe(query={"q": PLACE}, shows=True, passes=True),
    "POST /desk/search": Probe(form={"q": NUMBERS[0]}, passes=True),
    "GET /desk/triage": Probe(shows=True, passes=True),
    "POST /desk/triage/failed": Probe(form={}),
    "POST /desk/triage/flooding/{flood_id}": Probe(form={"how": "let"}),
    "POST /desk/triage/unconnected/{post_id}": Probe(form={}),
    "POST /desk/triage/undelivered/{row_id}": Probe(form={"how": "again"}),
    "POST /desk/triage/unplaced/{number}": Probe(form={"to": BLOCK}),
    "POST /desk/triage/vacant/{code}": Probe(form={"name": "x"}),
    "GET /desk/webhooks": Probe(passes=True),
    "POST /desk/webhooks": Probe(
        form={"url": "https://x.example/", "unit": BLOCK, "events": "issue.changed"}
    ),
    "POST /desk/webhooks/{target_id}/remove": Probe(form={}),
    "POST /desk/webhooks/{target_id}/enable": Probe(form={}),
    "GET /desk/board": Probe(query={"q": WORDS, "unit": BLOCK, "state": "all"}, shows=True, passes=True),
    "GET /desk/board/units": Probe(query={"q": BLOCK}, shows=True, passes=True),
    "GET /api/v1/units": Probe(passes=True),
    "GET /api/v1/units/{code}": Probe(shows=True),
    "GET /api/v1/units/{code}/children": Probe(),
    "GET /api/v1/issues": Probe(query={"q": ""}, shows=True, passes=True),
    "GET /api/v1/issues/{number}": Probe(shows=True),
    "POST /api/v1/issues/{number}/accept": Probe(),
    "POST /api/v1/issues/{number}/answer": Probe(json={"words": "x"}),
    "POST /api/v1/issues/{number}/note": Probe(json={"words": "x"}),
    "POST /api/v1/issues/{number}/done": Probe(),
    "POST /api/v1/issues/{number}/undo": Probe(),
    "POST /api/v1/issues/{number}/up": Probe(json=WHY),
    "POST /api/v1/issues/{number}/refer": Probe(json=WHY | {"department": "x"}),
    "POST /api/v1/issues/{number}/return": Probe(json=WHY),
    "POST /api/v1/issues/{number}/urgent": Probe(),
    "POST /api/v1/issues/{number}/calm": Probe(),
    "POST /api/v1/issues/{number}/withdraw": Probe(json=WHY),
    "POST /api/v1/issues/{number}/merge": Probe(json={"into": 1001}),
    "GET /api/v1/figures/{code}": Probe(),
    "GET /api/v1/figures/{code}/weeks": Probe(),
    "GET /api/v1/figures/{code}/children": Probe(),
    "GET /api/v1/triage": Probe(passes=True),
    "GET /api/v1/search": Probe(query={"q": PLACE}, shows=True, passes=True),
    "GET /api/v1/openapi.json": Probe(passes=True),
    "GET /api/v1/docs": Probe(passes=True),
    "GET /open311/discovery.{form}": Probe(passes=True),
    "GET /open311/v2/services.{form}": Probe(passes=True),
    "GET /open311/v2/services/{code}.{form}": Probe(),
    "GET /open311/v2/requests.{form}": Probe(shows=True, passes=True),
    "POST /open311/v2/requests.{form}": Probe(
        form={"service_code": "general", "address_id": BLOCK, "description": "x"}
    ),
    "GET /open311/v2/requests/{number}.{form}": Probe(shows=True),
    "POST /open311/v2/requests/{number}.{form}": Probe(form={"status": "closed", "status_notes": "x"}),
    "GET /open311/v2/tokens/{token}.{form}": Probe(),
    # The last: who has gone sees nothing any more.
    "POST /desk/out": Probe(form={}, passes=True),
}


def routes(app: Any, prefix: str = "") -> Iterator[str]:
    """Every route of an application and of all that is mounted in it, as 'GET /path'."""
    while not hasattr(app, "routes") and hasattr(app, "_app"):
        app = app._app  # what only adds headers, or looks at sizes
    if not hasattr(app, "routes"):
        yield f"* {prefix}/{{path}}"
        return
    for route in iter_route_contexts(app.routes):
        inner = getattr(route, "original_route", route)
        if isinstance(inner, Mount):
            yield from routes(inner.app, prefix + inner.path)
            continue
        for method in sorted(route.methods or ()):
            if method != "HEAD":
                yield f"{method} {prefix}{route.path}"


async def test_every_route_stands_in_the_table(api: Api) -> None:
    there = set(routes(api.app))
    assert there - set(PROBES) - set(OPEN) == set(), "say in PROBES how these are asked about a neighbour's"
    assert (set(PROBES) | set(OPEN)) - there == set(), "these are gone"


async def test_nobody_sees_a_neighbours_things_whatever_they_ask(
    settings: Settings, territory: Territory, api: Api
) -> None:
    number = await _neighbour(settings, territory)
    _, key = await api.token(territory.leaders["peace"])
    neighbours_token = await ApiToken.get()
    target, _ = await targets.make(
        settings,
        territory.leaders["peace"],
        territory.units["peace"],
        "https://x.example/",
        [Event.ISSUE],
        "a test",
    )
    values = {
        "code": BLOCK,
        "number": str(number),
        "token_id": str(neighbours_token.id),
        "import_id": "1",
        "tie_id": "1",
        "name": "sms",
        "message": str((await Message.get()).id),
        "which": "0",
        "deed": "answer",
        "post_id": str((await Leadership.get(person__name=NAME)).id),
        "row_id": str((await Outbox.filter(state=OutboxState.FAILED).order_by("id"))[0].id),
        "flood_id": str((await Flood.get()).id),
        "target_id": str(target.id),
        "notice_id": str((await Notice.get()).id),
        "round_number": str((await HonourRound.get()).notice_id),
        "task_id": str((await Task.get()).id),
        "survey_id": str((await Survey.get()).id),
        "help_id": str((await Help.get()).id),
        "campaign_id": str((await Campaign.get()).id),
        "visit_id": str((await DoorVisit.get()).id),
        "record_id": str((await CareRecord.get()).id),
        "cared": str((await CareRecord.get()).person_id),
        "kind": "units",
        "form": "json",
        "person": str((await Person.get(name=NAME, block_id=None)).id),
        "word": "x",
        "token": "x",
    }
    desk = Desk(settings, api.app)
    _, own = await api.token(territory.leaders["village"])
    async with desk.browser(territory.leaders["village"]) as browser:
        for route, probe in PROBES.items():
            answer = await _ask(browser.http, browser.form_word, own, route, probe, values)
            _shows_nothing(route, answer)
            assert probe.passes == (answer.status_code < 400), f"{route}: {answer.status_code}"
    assert await History.filter(issue_id=Issue.id_of(number)).count() == 1
    assert await Message.filter(issue_id=Issue.id_of(number)).count() == 1
    assert (await ApiToken.get(id=neighbours_token.id)).revoked_at is None
    async with desk.browser(territory.leaders["peace"]) as browser:
        for route, probe in PROBES.items():
            if probe.shows:
                answer = await _ask(browser.http, browser.form_word, key, route, probe, values)
                assert any(mark in answer.text for mark in MARKS), f"{route} shows nobody anything"
                assert not any(each in _digits(answer.text) for each in NUMBERS), route


async def _ask(
    http: httpx.AsyncClient,
    form_word: str,
    key: str,
    route: str,
    probe: Probe,
    values: Mapping[str, str],
) -> httpx.Response:
    method, path = route.split(" ", 1)
    headers = {"Authorization": f"Bearer {key}", visits.HEADER: form_word, "Accept": "*/*"}
    if path.startswith("/open311"):
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return await http.request(
        method,
        path.format(**values),
        params=dict(probe.query),
        data={name: value.format(**values) for name, value in probe.form.items()} if probe.form else None,
        json=probe.json,
        headers=headers,
    )


def _shows_nothing(route: str, answer: httpx.Response) -> None:
    shown = answer.text + str(answer.headers)
    found = [mark for mark in MARKS if mark in shown or mark in _digits(shown)]
    typed = "".join(answer.request.url.params.values())  # and stands in the field for it again
    found = [mark for mark in found if mark not in typed]
    assert not found, f"{route} shows {found}"


def _digits(text: str) -> str:
    """A text without what people write between the digits of a number."""
    return text.replace(" ", "").replace("-", "")


async def _neighbour(settings: Settings, territory: Territory) -> int:
    """Fill the next village with what nobody else may see; returns the number of an issue there."""
    peace = territory.units["peace"]
    block = await Unit.create(
        code=BLOCK, name=PLACE, tier="block", parent=peace, path=f"{peace.path}{BLOCK}/", card_code="87654321"
    )
    leader = await appoint(block, NAME)
    await reachable(settings, leader, f"+86{NUMBERS[1]}")
    await resident(settings, block, name=NAME, number=f"+86{NUMBERS[0]}")
    await Household.create(block=block, label=NAME)
    await Place.create(block=block, name=NAME, kind="shop")
    until = MORNING.replace(year=2027)
    await StatusNote.create(unit=block, person=leader, text=STATUS, since=MORNING, until=until)
    await Phone(settings, f"+86{NUMBERS[0]}").text(WORDS)
    issue = await Issue.get()
    found = Address.filter(lookup=settings.vault.lookup("sms", f"+86{NUMBERS[0]}"))
    address = await found.select_related("person").get()
    await Flood.create(
        address=address, lane=f"sender:{address.lookup}", began_at=MORNING, answered_at=MORNING
    )
    await Outbox.filter(issue_id=issue.id, bridge="sms").update(state=OutboxState.FAILED)
    aim = {"paths": [block.path], "tiers": ["block"], "households": "all"}
    notice = await Notice.create(
        author=leader, unit=block, path=block.path, words=WORDS, aim=aim, made_at=MORNING
    )
    task = await Task.create(
        author=leader,
        payer=block,
        unit=block,
        path=block.path,
        words=WORDS,
        need=1,
        pay=5000,
        currency="CNY",
        made_at=MORNING,
    )
    helped = await Help.create(task=task, person=leader, accepted_at=MORNING, words=WORDS)
    await Allowance.create(
        help=helped, person=leader, payer=block, amount=5000, currency="CNY", at=MORNING, by=leader
    )
    campaign = await Campaign.create(
        author=leader,
        unit=block,
        path=block.path,
        title=WORDS,
        words=WORDS,
        from_at=MORNING,
        until_at=until,
        state=CampaignState.OPEN,
        made_at=MORNING,
        begun_at=MORNING,
    )
    listed = await CampaignBlock.create(campaign=campaign, unit=block, path=block.path, doors=1)
    door = await Door.create(block=listed, number=1, person=address.person)
    await DoorVisit.create(
        door=door,
        campaign=campaign,
        path=block.path,
        visitor=leader,
        at=MORNING,
        state=DoorState.VISITED,
        words=WORDS,
        media=[{"url": "mxc://test/x", "content_type": "image/png"}],
        bridge="matrix",
        external_id="$door",
    )
    await CareRecord.create(
        person=address.person,
        unit=block,
        path=block.path,
        kind=CareKind.ALONE,
        why=WORDS,
        recorder=leader,
        since=MORNING,
        consent=WORDS,
        consent_at=MORNING,
        rhythm=CareRhythm.OFF,
    )
    survey = await Survey.create(
        unit=peace,
        path=peace.path,
        author=leader,
        event_id="x",
        state=SurveyState.OVER,
        made_at=MORNING,
        least=6,
        margin=0.05,
        digest="x",
        sealed=settings.vault.seal("x"),
        ended_at=MORNING,
    )
    await SurveyBlock.create(
        survey=survey, unit=block, path=block.path, leader=leader, listed=WORDS, people=9, asked=9, good=9
    )
    post = await Leadership.get(person=leader)
    await Concern.create(post=post, person=leader, unit=block, path=block.path, missed=3, since=MORNING)
    await NoticeTally.create(notice=notice, unit=block, residents=1)
    await HonourRound.create(
        notice=notice, unit=block, path=block.path, period="2026-11", nominate_days=7, vote_days=5
    )
    await NoticePerson.create(notice=notice, person=address.person, unit=block, path=block.path)
    await Notice.filter(id=notice.id).update(state=NoticeState.OUT)
    return issue.number
