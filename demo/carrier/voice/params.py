"""What requests to the application carry about a call.

After 'TwiML for Programmable Voice' (Twilio's request to your application), 'Call resource' (status
callback parameters), 'TwiML Voice: Record' and 'Voice webhooks' (recording status callbacks). City,
state and zip are empty as they are for numbers outside North America. It must never decide whether
something is requested.
"""

from datetime import UTC, datetime
from email.utils import format_datetime
from math import ceil

from demo.carrier.delivery import API_VERSION
from demo.carrier.numbers import country_of
from demo.carrier.voice.records import OVER, Call, CallStatus, Recording

_CODES = {"completed": "200", "in-progress": "200", "busy": "486", "no-answer": "487", "canceled": "487"}


def call_params(account_sid: str, call: Call, status: CallStatus | None = None) -> dict[str, str]:
    """What every request about a call carries.

    Args:
        account_sid: The account's.
        call: What it is about.
        status: The status to tell; that of now when left out.
    """
    params = {
        "CallSid": call.sid,
        "AccountSid": account_sid,
        "From": call.caller_id,
        "To": call.recipient,
        "CallStatus": status or call.status,
        "ApiVersion": API_VERSION,
        "Direction": call.direction,
        "Caller": call.caller_id,
        "Called": call.recipient,
    }
    for side, number in (
        ("From", call.caller_id),
        ("Caller", call.caller_id),
        ("To", call.recipient),
        ("Called", call.recipient),
    ):
        params |= {f"{side}Country": country_of(number), f"{side}City": "", f"{side}State": ""}
        params[f"{side}Zip"] = ""
    if call.parent_sid is not None:
        params["ParentCallSid"] = call.parent_sid
    return params


def status_params(account_sid: str, call: Call, number: int) -> dict[str, str]:
    """What the callback of the status that a call has just got carries.

    Args:
        account_sid: The account's.
        call: The call with its new status.
        number: How many callbacks of statuses there were before.
    """
    params = call_params(account_sid, call) | {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(number),
        "Timestamp": rfc2822(call.updated_at),
    }
    if call.status in OVER:
        seconds = call.duration or 0
        params |= {"CallDuration": str(seconds), "Duration": str(ceil(seconds / 60))}
        if call.direction != "inbound":
            params["SipResponseCode"] = _CODES.get(call.status, "404")
    return params


def recorded_params(recording: Recording, url: str, digits: str) -> dict[str, str]:
    """What the action of a <Record> is told.

    Args:
        recording: The sound.
        url: Where it is.
        digits: The key that ended it; '' for silence, 'hangup' when the caller has gone.
    """
    return {
        "RecordingUrl": url,
        "RecordingSid": recording.sid,
        "RecordingDuration": str(recording.seconds),
        "Digits": digits,
    }


def recording_params(account_sid: str, recording: Recording, url: str, status: str) -> dict[str, str]:
    """What the status callback of a recording carries."""
    params = {
        "AccountSid": account_sid,
        "CallSid": recording.call_sid,
        "RecordingSid": recording.sid,
        "RecordingUrl": url,
        "RecordingStatus": status,
        "RecordingDuration": str(recording.seconds),
        "RecordingChannels": "1",
        "RecordingStartTime": rfc2822(recording.created_at),
        "RecordingSource": "RecordVerb",
        "RecordingTrack": "inbound",
    }
    if status == "absent":
        params["ErrorCode"] = "0"
    return params


def rfc2822(moment: datetime) -> str:
    """A moment as Twilio writes it."""
    return format_datetime(moment.astimezone(UTC))
