"""Random callers on a random application: whatever they do, a call waits for somebody or is over."""

import asyncio
import base64
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from tests.carrier.line import ALSO_OURS, OTHER_PHONE, OURS, PHONE, Application, Line, until

THIRD_PHONE = "+8610000000003"
PHONES = (PHONE, OTHER_PHONE, THIRD_PHONE)
PATHS = tuple(f"/page{number}" for number in range(6))
SOUND = {"content_type": "audio/wav", "base64": base64.b64encode(b"RIFF").decode(), "seconds": 3}

DEEDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("answer", {}),
    ("answer", {}),
    ("digits", {"digits": "1"}),
    ("digits", {"digits": "12#"}),
    ("digits", {"digits": "*"}),
    ("record", SOUND),
    ("record", SOUND | {"digits": "hangup"}),
    ("wait", {}),
    ("wait", {}),
    ("decline", {}),
    ("no-answer", {}),
    ("fail", {}),
    ("hangup", {}),
)

#: Which status can follow which.
LEGAL = {
    "queued": {"initiated", "canceled"},
    "initiated": {"ringing", "busy", "failed", "canceled"},
    "ringing": {"in-progress", "busy", "no-answer", "failed", "canceled", "completed"},
    "in-progress": {"completed"},
}


def page(random: Random) -> str:
    """What the application says on one of its paths."""
    action = random.choice(PATHS)
    verbs = [
        "<Say>您好</Say>",
        "<Pause/>",
        f'<Gather action="{action}" numDigits="1"/>',
        f'<Gather action="{action}" actionOnEmptyResult="true"><Say>请按键</Say></Gather>',
        f'<Record action="{action}" recordingStatusCallback="/sounds"/>',
        f"<Dial>{random.choice(PHONES)}</Dial>",
        f'<Dial action="{action}" hangupOnStar="true">{random.choice(PHONES)}</Dial>',
        f'<Dial action="{action}"><Number url="{action}">{THIRD_PHONE}</Number>'
        f"<Number>{PHONE}</Number></Dial>",
        f'<Dial sequential="true" answerOnBridge="true"><Number>{PHONE}</Number>'
        f"<Number>{OTHER_PHONE}</Number></Dial>",
        f"<Redirect>{action}</Redirect>",
        "<Hangup/>",
        "<Reject/>",
        "<Sing/>",
    ]
    return f"<Response>{''.join(random.choices(verbs, k=random.randint(0, 3)))}</Response>"


def check(calls: dict[str, dict[str, Any]]) -> None:
    """What holds of all calls whenever nothing is under way."""
    for call in calls.values():
        steps = [step["status"] for step in call["history"]]
        assert all(second in LEGAL[first] for first, second in pairwise(steps)), steps
        legs = [leg for leg in calls.values() if leg["parent_sid"] == call["sid"]]
        live = [leg for leg in legs if leg["status"] in LEGAL]
        waiting = call["waits_for"]
        if call["status"] not in LEGAL:
            assert (waiting, live) == (None, []), call
            continue
        assert waiting is not None, call
        assert {leg["sid"] for leg in live} <= set(waiting["calls"]), call
        if waiting["calls"]:
            assert live, call
        if waiting["kind"] == "hangup" and waiting["calls"]:
            assert [leg["status"] for leg in live] == ["in-progress"], call


async def settled(line: Line) -> dict[str, dict[str, Any]]:
    """All calls, once every phone rings that is called."""

    async def find() -> tuple[dict[str, dict[str, Any]]] | None:
        calls = (await line.control.get("/calls")).json()["calls"]
        on_the_way = [call for call in calls if call["status"] in LEGAL and call["waits_for"] is None]
        return None if on_the_way else ({call["sid"]: call for call in calls},)

    (calls,) = await until(find, "every call to wait for a phone, or to be over")
    return calls


@pytest.mark.parametrize("seed", range(12))
async def test_every_call_waits_for_somebody_or_is_over(
    sdk_async: Any, line: Line, app: Application, seed: int
) -> None:
    random = Random(seed)
    await line.settle(status_delay=0.001, voice_status_url=f"{app.url}/status")
    for path in (*PATHS, "/voice"):
        app.says(path, page(random))
    for _ in range(25):
        calls = await settled(line)
        check(calls)
        live = [sid for sid, call in calls.items() if call["status"] in LEGAL]
        choice = random.random()
        if not live or choice < 0.15:
            await line.call(phone=random.choice(PHONES), to=random.choice((OURS, ALSO_OURS)))
        elif choice < 0.25:
            await sdk_async.calls.create_async(
                to=random.choice(PHONES),
                from_=OURS,
                url=app.url + random.choice(PATHS),
                status_callback=f"{app.url}/status",
            )
        elif choice < 0.3:
            app.says(random.choice(PATHS), page(random))
        else:
            picked = [(random.choice(live), *random.choice(DEEDS)) for _ in range(random.choice((1, 1, 2)))]
            answers = await asyncio.gather(
                *(line.control.post(f"/calls/{sid}/{deed}", json=how or None) for sid, deed, how in picked)
            )
            assert {answer.status_code for answer in answers} <= {200, 409}
    calls = await settled(line)
    for sid, call in calls.items():
        if call["status"] in LEGAL and call["parent_sid"] is None:
            phone_is_up = call["direction"] == "inbound" or call["status"] == "in-progress"
            await line.control.post(f"/calls/{sid}/{'hangup' if phone_is_up else 'decline'}")
    calls = await settled(line)
    check(calls)
    assert {call["status"] for call in calls.values()}.isdisjoint(LEGAL)
    ours = [sid for sid, call in calls.items() if call["parent_sid"] is None]

    async def told() -> bool:
        return len({call.params["CallSid"] for call in app.on("/status")}) == len(ours)

    await until(told, "the end of every call to be told")
    told_sids = [call.params["CallSid"] for call in app.on("/status")]
    assert sorted(told_sids) == sorted(ours)
    assert all(call.genuine for call in app.calls)
