"""What the carrier's parameters say about calls, in the form that the core understands.

After Twilio's 'TwiML for Programmable Voice', 'TwiML Voice: Record', 'TwiML Voice: Dial' and 'Call
resource'. Who calls is the person who texts from the same number, so their words are the SMS bridge's.
This module must never fetch anything, nor trust an address that a parameter names.
"""

import re
from collections.abc import Mapping

from bridges.calls import WITHHELD, Call, Happened
from bridges.contract import Inbound, Kind, Media
from bridges.sms import incoming
from bridges.sms.senders import sender_of
from linzhang import phones
from linzhang.settings import Twilio

#: The bridge that places calls; people's addresses are those of `incoming.NAME`.
NAME = "voice"

#: What a sound without an ending in its address is. 'Recordings resource', fetch the media.
_SOUND = "audio/x-wav"

_RECORDING = re.compile(r"RE[0-9a-fA-F]{32}")

#: What stands in the place of a number that was withheld: ANONYMOUS, BLOCKED, RESTRICTED, UNAVAILABLE and
#: UNKNOWN on a keypad; the words themselves, and other names, are no numbers anyway.
_WITHHELD = frozenset({"+266696687", "+2562533", "+7378742833", "+86282452253", "+8656696"})


def call(params: Mapping[str, str], place: str, key: str, region: str) -> Call:
    """A turn of a call.

    Args:
        params: The webhook's parameters.
        place: From the query of the address that was called.
        key: The same.
        region: ISO 3166 code that numbers without a country code belong to.

    Raises:
        Incomplete: CallSid is missing.
    """
    sid = incoming.required(params, "CallSid")
    person, withheld = _person(params, sid, region)
    return Call(
        external_id=sid,
        bridge=incoming.NAME,
        person=person,
        happened=_happened(params),
        place=place,
        key=key,
        digits=params.get("Digits", ""),
        fixed_line=phones.is_fixed_line(person),
        withheld=withheld,
    )


def began(turn: Call) -> Inbound:
    """Somebody is on the line: kept, because what they leave may be told without their number."""
    return Inbound(
        bridge=turn.bridge,
        external_id=turn.external_id,
        sender=turn.person,
        kind=Kind.CALL,
        detail=_detail(turn),
    )


def left(params: Mapping[str, str], turn: Call, twilio: Twilio) -> Inbound | None:
    """The message that a caller has left, told when they have finished; None: there is none."""
    return _message(params, twilio, sender=turn.person, detail=_detail(turn))


def ready(params: Mapping[str, str], twilio: Twilio) -> Inbound | None:
    """The same message, told when the sound can be fetched; None: nothing was said.

    The carrier does not say again who has called.

    Raises:
        Incomplete: CallSid is missing.
    """
    sid = incoming.required(params, "CallSid")
    if params.get("RecordingStatus") != "completed":
        return None
    return _message(params, twilio, sender="", detail={"call": sid})


def receipt(params: Mapping[str, str], key: str, region: str) -> Inbound:
    """The fate of a call of ours.

    Args:
        params: The webhook's parameters.
        key: The key of the message that it carries, from the query of the address that was called.
        region: ISO 3166 code that numbers without a country code belong to.

    Raises:
        Incomplete: CallSid or CallStatus is missing.
    """
    sid = incoming.required(params, "CallSid")
    status = incoming.required(params, "CallStatus")
    return Inbound(
        bridge=NAME,
        external_id=f"{sid}:{status}",
        sender=sender_of(params.get("To", ""), region),
        kind=Kind.RECEIPT,
        target=sid,
        detail={"status": status, "code": None, "key": key},
    )


def _person(params: Mapping[str, str], sid: str, region: str) -> tuple[str, bool]:
    """Who is on the line, and whether their number was withheld."""
    outwards = params.get("Direction", "").startswith("outbound")
    raw = params.get("To" if outwards else "From", "")
    person = sender_of(raw, region)
    if person in _WITHHELD or not person.startswith("+"):
        return f"{WITHHELD}{sid}", True
    return person, False


def _happened(params: Mapping[str, str]) -> Happened:
    if "RecordingSid" in params:
        return Happened.RECORDED
    if "DialCallStatus" in params:
        return Happened.TALKED if params.get("DialBridged") == "true" else Happened.NOT_CONNECTED
    return Happened.PRESSED if params.get("Digits") else Happened.BEGAN


def _detail(turn: Call) -> dict[str, object]:
    facts = {"fixed_line": turn.fixed_line, "withheld": turn.withheld}
    return {"call": turn.external_id} | {name: True for name, holds in facts.items() if holds}


def _message(
    params: Mapping[str, str], twilio: Twilio, *, sender: str, detail: dict[str, object]
) -> Inbound | None:
    sid = params.get("RecordingSid", "")
    if not _RECORDING.fullmatch(sid):
        return None
    # Put together here: what is fetched with our credentials is never an address that came in.
    url = f"{twilio.api_url}/2010-04-01/Accounts/{twilio.account_sid}/Recordings/{sid}"
    length = incoming.number(params.get("RecordingDuration", ""))
    sound = Media(url, _SOUND, seconds=length)
    return Inbound(bridge=incoming.NAME, external_id=sid, sender=sender, media=[sound], detail=detail)
