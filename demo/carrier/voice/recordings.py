"""Twilio's REST API for recordings, and their sound.

After Twilio's 'Recordings resource'. It must never record anybody: the switchboard does.
"""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from demo.carrier.delivery import API_VERSION
from demo.carrier.errors import CarrierError
from demo.carrier.exchange import Exchange
from demo.carrier.faults import FaultKind
from demo.carrier.paging import dates, lies_in, page
from demo.carrier.rest import PREFIX, Authenticated
from demo.carrier.voice.params import rfc2822
from demo.carrier.voice.records import Recording
from demo.carrier.voice.rest import find_call
from demo.carrier.voice.sounds import FORMATS, NoSound, convert

_FILTERS = ("CallSid", *dates("DateCreated"))

router = APIRouter(prefix=PREFIX)


@router.get("/Recordings.json")
async def list_recordings(exchange: Authenticated, request: Request) -> JSONResponse:
    """List recordings, newest first, by call or by date."""
    query = dict(request.query_params)
    path = f"/{API_VERSION}/Accounts/{exchange.config.account_sid}/Recordings.json"
    return _list(exchange, path, query, query.get("CallSid"))


@router.get("/Calls/{call_sid}/Recordings.json")
async def list_recordings_of_call(exchange: Authenticated, request: Request, call_sid: str) -> JSONResponse:
    """List the recordings of one call."""
    find_call(exchange, request, call_sid)
    return _list(exchange, request.url.path, dict(request.query_params), call_sid)


@router.get("/Recordings/{recording_sid}.json")
async def fetch_recording(exchange: Authenticated, request: Request, recording_sid: str) -> JSONResponse:
    """Fetch the description of a recording."""
    return JSONResponse(recording_json(exchange, _recording(exchange, request, recording_sid)))


@router.get("/Calls/{call_sid}/Recordings/{recording_sid}.json")
async def fetch_recording_of_call(
    exchange: Authenticated, request: Request, call_sid: str, recording_sid: str
) -> JSONResponse:
    """Fetch the description of a recording of a call."""
    recording = _recording(exchange, request, recording_sid)
    if recording.call_sid != call_sid:
        raise CarrierError(20404, request.url.path)
    return JSONResponse(recording_json(exchange, recording))


@router.delete("/Recordings/{recording_sid}.json")
async def delete_recording(exchange: Authenticated, request: Request, recording_sid: str) -> Response:
    """Delete a recording, with its sound."""
    exchange.store.erase(_recording(exchange, request, recording_sid).sid, "deleted")
    return Response(status_code=204)


@router.get("/Recordings/{name}")
async def fetch_sound(exchange: Authenticated, request: Request, name: str) -> Response:
    """Fetch the sound, as the RecordingUrl of a webhook names it: WAV, or MP3 with that ending."""
    sid, _, ending = name.partition(".")
    recording = _recording(exchange, request, sid)
    wanted = FORMATS.get(ending or "wav")
    if wanted is None or exchange.faults.next_of(FaultKind.RECORDING_LATE):
        raise CarrierError(20404, request.url.path)
    content = recording.content
    if wanted.sent_as != recording.content_type:
        try:
            content = await asyncio.to_thread(convert, content, ending or "wav")
        except NoSound as error:
            raise CarrierError(20404, request.url.path) from error
    return Response(content, media_type=wanted.content_type)


def recording_json(exchange: Exchange, recording: Recording) -> dict[str, object]:
    """The Recording resource as Twilio writes it."""
    account = exchange.config.account_sid
    path = f"/{API_VERSION}/Accounts/{account}/Recordings/{recording.sid}"
    at = rfc2822(recording.created_at)
    return {
        "account_sid": account,
        "api_version": API_VERSION,
        "call_sid": recording.call_sid,
        "conference_sid": None,
        "date_created": at,
        "date_updated": at,
        "start_time": at,
        "duration": str(recording.seconds),
        "sid": recording.sid,
        "price": None,
        "price_unit": "USD",
        "status": "completed",
        "channels": 1,
        "source": "RecordVerb",
        "error_code": None,
        "uri": f"{path}.json",
        "encryption_details": None,
        "subresource_uris": {
            "add_on_results": f"{path}/AddOnResults.json",
            "transcriptions": f"{path}/Transcriptions.json",
        },
        "media_url": exchange.recording_url(recording.sid),
    }


def _recording(exchange: Exchange, request: Request, sid: str) -> Recording:
    recording = exchange.store.recordings.get(sid)
    if recording is None or recording.deleted:
        raise CarrierError(20404, request.url.path)
    return recording


def _list(exchange: Exchange, path: str, query: dict[str, str], call_sid: str | None) -> JSONResponse:
    recordings = exchange.store.recordings
    found = [
        recording
        for recording in reversed(recordings.values())
        if not recording.deleted
        and call_sid in (None, recording.call_sid)
        and lies_in(recording.created_at, "DateCreated", query)
    ]

    def shown(recording: Recording) -> dict[str, object]:
        return recording_json(exchange, recording)

    return JSONResponse(page(path, "recordings", found, recordings, query, _FILTERS, shown))
