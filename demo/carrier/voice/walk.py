"""Walks one call through the documents that the application answers.

    wanted ─► requested ─► read ─► verb by verb ─► waits: digits, recording, answer, hangup
       ▲          │ useless                │              │
       └─ fallback URL, else the end       └── Redirect   └─ goes on when somebody acts

After 'TwiML for Programmable Voice' and the pages of its verbs. It must never wait for a phone: a
walk ends where a phone has to act, and another begins when it has.
"""

from collections.abc import Callable
from typing import Protocol
from urllib.parse import urljoin

import httpx

from demo.carrier.addresses import is_url
from demo.carrier.faults import FaultKind, Faults
from demo.carrier.media import MediaProblem, fetch
from demo.carrier.records import WebhookPurpose
from demo.carrier.store import Store
from demo.carrier.voice.calls import Calls
from demo.carrier.voice.params import call_params
from demo.carrier.voice.records import Call, CallStatus, Document, Heard, Method, Problem, Waiting, Wanted
from demo.carrier.voice.twiml import (
    Dial,
    Gather,
    Hangup,
    NotImitated,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Script,
    Verb,
    VoiceTwimlError,
    read,
)
from demo.carrier.webhooks import Webhooks

DOCUMENTS_LIMIT = 50
"""Documents in a row without a phone having to act. 'Error 14106: Document retrieval limit reached'."""

_BROKEN = Heard(kind="error", text="We are sorry, an application error has occurred. Goodbye.")


class Exits(Protocol):
    """Where a walk leads that it cannot go itself."""

    def dial(self, call: Call, verb: Dial) -> None:
        """A <Dial> is to be begun."""

    def read_to_the_end(self, call: Call) -> None:
        """There is nothing more to be done in the document."""

    def end(self, sid: str, status: CallStatus) -> None:
        """The call is over, and so is what hangs on it."""


class Walk:
    """The interpreter.

    Args:
        account_sid: For the parameters of requests.
        store: Where requests are kept.
        calls: What calls are.
        webhooks: What documents are requested with.
        faults: Which of the requests go wrong.
        is_machine: Whether a phone is an answering machine, which never acts.
        exits: What is done by others.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        store: Store,
        calls: Calls,
        webhooks: Webhooks,
        faults: Faults,
        is_machine: Callable[[str], bool],
        exits: Exits,
    ) -> None:
        self._account_sid = account_sid
        self._store = store
        self._calls = calls
        self._webhooks = webhooks
        self._faults = faults
        self._is_machine = is_machine
        self._exits = exits

    async def run(self, sid: str, turn: int) -> None:
        """Go on with a call until it has to wait, is over, or somebody acts on it."""
        documents = 0
        while self._calls.is_current(sid, turn):
            call = self._calls[sid]
            if call.wanted is not None:
                documents += 1
                if documents > DOCUMENTS_LIMIT:
                    self._break_off(call, 14106, "Too many documents in a row.", call.wanted.url)
                    return
                await self._request(call, call.wanted, turn)
            elif call.waiting is None and call.document is not None:
                await self._step(call, call.document, turn)
            else:
                break
        self._hang_up_machine(sid, turn)

    def _hang_up_machine(self, sid: str, turn: int) -> None:
        if not self._calls.is_current(sid, turn):
            return
        call = self._calls[sid]
        acts = call.waiting is not None and call.waiting.kind in ("digits", "recording")
        if acts and self._is_machine(call.phone):
            self._exits.end(sid, "completed")

    async def _request(self, call: Call, wanted: Wanted, turn: int) -> None:
        params = call_params(self._account_sid, call) | wanted.params
        if call.detects_machines:
            params["AnsweredBy"] = "machine_start" if self._is_machine(call.phone) else "human"
        purpose = WebhookPurpose.VOICE_FALLBACK if wanted.is_fallback else WebhookPurpose.VOICE
        times = 2 if self._faults.next_of(FaultKind.VOICE_TWICE) else 1
        for time in range(times):
            answered = await self._webhooks.call(
                purpose,
                wanted.url,
                params,
                call_sid=call.sid,
                method=wanted.method,
                signature=call.signature,
            )
            if call.sid not in self._calls:
                return
            if time < times - 1:
                self._store.add_webhook(answered.attempt)
        attempt = answered.attempt
        problems: list[Problem] = []
        document = None
        if attempt.errors:
            status = "no answer" if attempt.status_code is None else f"HTTP {attempt.status_code}"
            problems.append(Problem(code=attempt.errors[0], detail=f"{status}.", url=wanted.url))
        else:
            document, problems = _document(wanted, answered.content_type, answered.text)
            attempt.errors.extend(problem.code for problem in problems)
        self._store.add_webhook(attempt)
        if not self._calls.is_current(call.sid, turn):
            return
        if document is not None:
            self._calls.complain(call.sid, problems, document=document, wanted=None)
        else:
            self._fall_back(call, wanted, problems[0])

    def _fall_back(self, call: Call, wanted: Wanted, problem: Problem) -> None:
        if call.fallback_url is None or wanted.is_fallback:
            self._break_off(call, problem.code, problem.detail, problem.url)
            return
        why = {"ErrorCode": str(problem.code), "ErrorUrl": wanted.url}
        instead = Wanted(
            url=call.fallback_url,
            method=call.fallback_method,
            params=wanted.params | why,
            is_fallback=True,
        )
        self._calls.complain(call.sid, [problem], wanted=instead)

    def _break_off(self, call: Call, code: int, detail: str, url: str | None) -> None:
        """End a call with the carrier's own announcement that the application is broken."""
        problem = Problem(code=code, detail=detail, url=url)
        self._calls.complain(call.sid, [problem])
        self._calls.hear(call.sid, [_BROKEN])
        self._exits.end(call.sid, "completed")

    async def _step(self, call: Call, document: Document, turn: int) -> None:
        """Do the next verb of the document."""
        verbs = self._verbs(call, document)
        if verbs is None:
            return
        if document.place >= len(verbs):
            self._exits.read_to_the_end(call)
            return
        verb = verbs[document.place]
        moved = document.model_copy(update={"place": document.place + 1})
        if call.status == "ringing" and not _lets_it_ring(verb):
            call = self._calls.step(call.sid, "in-progress")
        match verb:
            case Say() | Play() | Pause():
                heard, problems = await self._sound(call, document, verb)
                if self._calls.is_current(call.sid, turn):
                    self._calls.complain(call.sid, problems)
                    self._calls.hear(call.sid, [heard], document=moved)
            case Gather():
                await self._gather(call, moved, verb, turn)
            case Record():
                self._record(call, moved, verb)
            case Dial():
                self._exits.dial(self._calls.change(call.sid, document=moved), verb)
            case Redirect():
                self.want(self._calls.change(call.sid, document=moved), verb.url, verb.method, {})
            case Hangup():
                self._exits.end(call.sid, "completed")
            case Reject():
                self._exits.end(call.sid, _refused(call, verb))
            case NotImitated():
                self._break_off(call, 501, f"This carrier does not imitate {verb.name}.", document.url)

    def _verbs(self, call: Call, document: Document) -> list[Verb] | None:
        """What the document says; None when it came with the request and cannot be read."""
        try:
            script = read(document.content_type, document.text)
        except VoiceTwimlError as error:
            self._break_off(call, error.code, error.detail, document.url)
            return None
        if document.url is None and document.place == 0:
            self._calls.complain(
                call.sid, [Problem(code=code, detail=detail) for code, detail in script.problems]
            )
        return script.verbs

    def want(self, call: Call, url: str | None, method: Method, params: dict[str, str]) -> None:
        """Go on with another document; without an address, with the same one again."""
        where = self.address(call, url)
        if where is None:
            self._break_off(call, 11100, f"There is no address to go on with: {url or '(none)'}.", None)
            return
        wanted = Wanted(url=where, method=method, params=params)
        self._calls.change(call.sid, wanted=wanted, waiting=None)

    def address(self, call: Call, url: str | None) -> str | None:
        """A whole address for one that a verb names, or for that of the document itself."""
        base = call.document.url if call.document is not None else None
        if not url:
            return base
        try:
            whole = urljoin(base or "", url)
        except ValueError:
            return None
        return whole if is_url(whole) else None

    def verb(self, call: Call) -> Verb | None:
        """What a call is at."""
        if call.document is None or call.document.place == 0:
            return None
        return read(call.document.content_type, call.document.text).verbs[call.document.place - 1]

    async def _gather(self, call: Call, moved: Document, verb: Gather, turn: int) -> None:
        heard, problems = [], []
        for prompt in verb.prompts:
            sound, wrong = await self._sound(call, moved, prompt, in_gather=True)
            heard.append(sound)
            problems.extend(wrong)
        if not self._calls.is_current(call.sid, turn):
            return
        waiting = Waiting(
            kind="digits",
            num_digits=verb.num_digits,
            finish_on_key=verb.finish_on_key,
            timeout=verb.timeout,
        )
        self._calls.complain(call.sid, problems)
        self._calls.hear(call.sid, heard, document=moved, waiting=waiting)

    def _record(self, call: Call, moved: Document, verb: Record) -> None:
        waiting = Waiting(
            kind="recording",
            finish_on_key=verb.finish_on_key,
            timeout=verb.timeout,
            max_length=verb.max_length,
        )
        beep = [Heard(kind="beep")] if verb.beeps else []
        self._calls.hear(call.sid, beep, document=moved, waiting=waiting)

    async def _sound(
        self, call: Call, document: Document, verb: Say | Play | Pause, in_gather: bool = False
    ) -> tuple[Heard, list[Problem]]:
        """What is to be heard, and what is wrong with it."""
        match verb:
            case Say():
                said = Heard(
                    kind="say", text=verb.text, language=verb.language, voice=verb.voice, loop=verb.loop
                )
                return said, []
            case Pause():
                return Heard(kind="pause", seconds=verb.seconds), []
        if verb.digits is not None:
            return Heard(kind="play", digits=verb.digits, loop=verb.loop), []
        if not verb.url:  # the document itself is the sound
            kind = document.content_type.partition(";")[0]
            return Heard(kind="play", url=document.url, content_type=kind, loop=1), []
        url = self.address(call, verb.url)
        if url is None:
            return Heard(kind="play", url=verb.url), [
                Problem(code=11100, detail=f"<Play>: {verb.url!r} is no address.", url=document.url)
            ]
        try:
            content_type, _ = await fetch(url)
        except (MediaProblem, httpx.HTTPError, httpx.InvalidURL, OSError):
            problem = Problem(code=11200, detail=f"<Play>: {url} cannot be fetched.", url=document.url)
            return Heard(kind="play", url=url, loop=verb.loop), [problem]
        problems = []
        if not content_type.startswith("audio/"):
            code = 13325 if in_gather else 13420
            detail = f"<Play>: {url} is {content_type}, which is no sound."
            problems.append(Problem(code=code, detail=detail, url=document.url))
        return Heard(kind="play", url=url, content_type=content_type, loop=verb.loop), problems


def _document(wanted: Wanted, content_type: str, text: str) -> tuple[Document | None, list[Problem]]:
    """An answer as a document, or None if it is none; and what is wrong with it."""
    try:
        script: Script = read(content_type, text)
    except VoiceTwimlError as error:
        return None, [Problem(code=error.code, detail=error.detail, url=wanted.url)]
    document = Document(url=wanted.url, content_type=content_type, text=text)
    return document, [Problem(code=code, detail=detail, url=wanted.url) for code, detail in script.problems]


def _lets_it_ring(verb: Verb) -> bool:
    """Whether a verb does not pick up: <Reject>, and a <Dial> that answers only when it is through."""
    return isinstance(verb, Reject) or (isinstance(verb, Dial) and verb.answers_late)


def _refused(call: Call, verb: Reject) -> CallStatus:
    """How a call ends by <Reject>; one that was picked up before can only be hung up."""
    if call.status != "ringing":
        return "completed"
    return "busy" if verb.reason == "busy" else "no-answer"
