"""Calls as their phones know them, for pages and tests.

It must never show more of a call than there is.
"""

from demo.carrier.exchange import Exchange
from demo.carrier.voice.records import Call


def shown_call(carrier: Exchange, call: Call) -> dict[str, object]:
    """A call as its phone knows it: what it heard and did, and what is waited for."""
    recordings = [carrier.store.recordings[each.recording] for each in call.heard if each.recording]
    waiting = call.waiting
    return {
        "sid": call.sid,
        "phone": call.phone,
        "direction": "inbound" if call.direction == "inbound" else "outbound",
        "kind": call.direction,
        "from": call.sender,
        "to": call.recipient,
        "parent_sid": call.parent_sid,
        "status": call.status,
        "seconds": call.duration,
        "heard": [each.model_dump(mode="json", exclude_none=True) for each in call.heard],
        "waits_for": None if waiting is None else waiting.model_dump(mode="json"),
        "recordings": [
            {
                "sid": each.sid,
                "content_type": each.content_type,
                "seconds": each.seconds,
                "url": f"/_carrier/recordings/{each.sid}",
                "deleted": each.deleted,
            }
            for each in recordings
        ],
        "errors": [each.model_dump(mode="json") for each in call.problems],
        "history": [each.model_dump(mode="json") for each in call.history],
        "at": call.created_at.isoformat(),
    }
