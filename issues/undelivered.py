"""What became of words to somebody: receipts of the platform, and what is done where they did not arrive.

Step by step, as `issues.remedies` has it for the code: sent again, sent to another address, read out over
the telephone, called again; and when nothing helps, the holder's leader is told to knock. A leader who does
not come to the phone for what is urgent is called again, and then the next one in the chain. Each step is
an outbox row whose key is the first one's with an ending, so that it is made once; proof that any of them
arrived takes back what still waits.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import Q

from attachments.kinds import LIMIT
from bridges.contract import Inbound
from bridges.registry import prescribing_bridges
from issues import chain, names, numbers, reaching, remedies, segments, standing, telling, texts
from issues.effects import CALLS, PARTS, Effects
from issues.lifecycle import alarm
from issues.remedies import Remedy
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, Inbox, Issue, Message, Outbox, OutboxState, State, Unit

#: How far along each status is; a late receipt of an earlier one changes nothing. The names are
#: those of Twilio's message status values, which other bridges translate into.
PROGRESS = {"accepted": 1, "queued": 1, "sending": 2, "sent": 3, "delivered": 4, "read": 5}
FAILURES = frozenset({"undelivered", "failed"})

#: The same of calls, whose names are those of Twilio's call status values.
PROGRESS |= {"in-progress": 3, "completed": 4}
FAILURES |= {"no-answer", "busy", "canceled"}

#: From here on they have arrived.
_ARRIVED = 4

#: Characters of the lost words that leaders are reminded of.
_QUOTED = 120

#: What a call keeps of the words' facts: by it they are stopped when they are taken back.
_KEPT = ("message",)

#: How a key of ours ends that is not the first attempt's: sent again, elsewhere, linked, in an approved form,
#: called.
_ENDING = re.compile(r"\.(?:r(?P<sent>\d+)|o|l|t|c(?P<called>\d*))$")


async def take_receipt(settings: Settings, inbound: Inbound, at: datetime) -> set[str]:
    """Note what the platform says about something that we sent, and do what follows.

    Args:
        settings: The service's.
        inbound: The receipt.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    row = await row_of(inbound)
    status = str(inbound.detail.get("status", ""))
    if row is None or not _is_news(row.receipt, status):
        return set()
    row.receipt = status
    row.receipt_code = inbound.detail.get("code")
    if row.state is OutboxState.CALLING:
        # The call died, but here is the proof that the platform had taken it.
        row.state = OutboxState.SENT
        row.external_id = inbound.target
        row.sent_at = settings.clock.wall()
        row.leased_until = None
    await row.save()
    if status in FAILURES:
        return await lost(settings, row, at)
    if PROGRESS[status] >= _ARRIVED:
        await _take_back(settings, row)
    return await _next_unless_taken_on(settings, row, at) if status == "completed" else set()


async def _next_unless_taken_on(settings: Settings, row: Outbox, at: datetime) -> set[str]:
    """Call the next leader about what is urgent, unless this one has pressed the key."""
    issue = await Issue.get_or_none(id=row.issue_id)
    if row.bridge != CALLS or issue is None or not issue.urgent or row.address_id is None:
        return set()
    address = await Address.get(id=row.address_id)
    # What they have pressed is kept before the call is over, but may not be worked on yet.
    pressed = Inbox.filter(external_id=f"{row.external_id}:accept")
    if address.person_id == issue.reporter_id or await pressed.exists():
        return set()
    return await lost(settings, row, at)


async def lost(
    settings: Settings, row: Outbox, at: datetime, *, refused: bool = False, unfit: bool = False
) -> set[str]:
    """Do the next thing about words to somebody that were refused or have not arrived.

    Args:
        settings: The service's.
        row: With the receipt that says so.
        at: Programme time.
        refused: Whether the platform did not even take them, and never will.
        unfit: Whether what went along with them was at fault, and nothing else.

    Returns:
        The outbox lanes that have got rows.
    """
    if row.address_id is None:
        return set()
    address = await Address.get(id=row.address_id).select_related("person")
    issue = await Issue.get_or_none(id=row.issue_id).select_related("address", "reporter", "block", "holder")
    loss = _Loss(settings, row, address, issue, at, refused)
    return await (loss.not_enclosed() if unfit else loss.next_step())


async def uncertain(settings: Settings, row: Outbox) -> set[str]:
    """Say in the holder's room that a leader's words may not have arrived, where nobody can find out."""
    if not row.payload.get("message"):
        return set()
    issue = await Issue.get_or_none(id=row.issue_id)
    if issue is None or issue.holder_id is None:
        return set()
    effects = Effects(f"{_first(row.key)}.q", settings.clock.wall())
    words = segments.cut(str(row.payload["text"]), _QUOTED)
    line = say(texts.LINE_UNCERTAIN, settings.territory.default_language, words=words)
    effects.say(issue, issue.holder_id, line)
    return await effects.save_once()


@dataclass(frozen=True, slots=True)
class _Loss:
    """Words that have not arrived, with what is known about them."""

    settings: Settings
    row: Outbox
    address: Address
    issue: Issue | None
    at: datetime
    refused: bool

    async def next_step(self) -> set[str]:
        remedy = await self._remedy()
        if await self._pointless():
            await self._superseded()
            return set()
        if self.row.bridge == CALLS:
            return await self._not_picked_up()
        if remedy.linked and "enclosed" in self.row.payload:
            return await self._linked()
        if remedy.prescribed and self._may_be_prescribed:
            return await self._prescribed()
        tries = self._tries()
        if tries < len(remedy.again) and not self.refused and not self._is_elsewhere:
            return await self._again(tries, remedy.again[tries])
        # A code proves that somebody has this very phone.
        may_go_elsewhere = remedy.elsewhere and "secret" not in self.row.payload
        other = await self._other_address() if may_go_elsewhere else None
        if other is not None:
            return await self._elsewhere(other)
        phone = await self._phone() if remedy.call and self._is_residents else None
        if phone is not None:
            return await self._call(phone)
        return await (self._knock() if self._is_residents else self._department_unreached())

    async def not_enclosed(self) -> set[str]:
        """Tell the holder's room that what went along with the words was left out."""
        if self.issue is None or self.issue.holder_id is None:
            return set()
        effects = Effects(f"{_first(self.row.key)}.u", self.settings.clock.wall())
        language = self.settings.territory.default_language
        line = say(texts.LINE_NOT_ENCLOSED, language, limit=LIMIT // 2**20)
        effects.say(self.issue, self.issue.holder_id, line)
        return await effects.save_once()

    async def _remedy(self) -> Remedy:
        """What helps, after noting what the loss tells of the address."""
        remedy = remedies.of(self.row.receipt_code)
        if self.row.bridge == CALLS:
            return remedy
        if self.address.stopped_at is not None:
            return remedies.REMEDIES[21610]
        if remedy.fixed_line and not self.address.fixed_line:
            self.address.fixed_line = True
            await self.address.save(update_fields=["fixed_line"])
        if remedy.stopped:
            self.address.stopped_at = self.settings.clock.wall()
            await self.address.save(update_fields=["stopped_at"])
        return remedy

    async def _pointless(self) -> bool:
        """Whether newer words say what these would, or these were taken back."""
        message_id = self.row.payload.get("message")
        message = await Message.get_or_none(id=message_id) if message_id else None
        if message is not None:
            carries_words = "number" not in self.row.payload
            was_corrected = carries_words and message.text not in self.row.payload["text"]
            return message.retracted_at is not None or was_corrected
        if self.row.bridge == CALLS and self.issue is not None and not self._is_residents:
            return self.issue.state is not State.OPEN or await standing.accepted_by(self.issue) is not None
        if not self.row.topic:
            return False
        newer = Outbox.filter(id__gt=self.row.id, topic=self.row.topic, issue_id=self.row.issue_id)
        return await newer.exclude(key__startswith=f"{_first(self.row.key)}.").exists()

    @property
    def _is_residents(self) -> bool:
        return self.issue is not None and self.issue.reporter_id == self.address.person_id

    @property
    def _is_elsewhere(self) -> bool:
        return self.row.key.endswith(".o")

    @property
    def _may_be_prescribed(self) -> bool:
        """Whether the platform may have an approved form for these words, and has not refused it yet."""
        forms = prescribing_bridges(self.settings)
        return self.row.bridge in forms and not self.row.payload.get("prescribed")

    @property
    def _words(self) -> str:
        """What was said, without links that nobody could type."""
        return str(self.row.payload.get("enclosed") or self.row.payload.get("text", ""))

    async def _phone(self) -> Address | None:
        """Where the person can be called."""
        phone = await numbers.on_phone(self.settings, self.address)
        return phone if phone is not None and phone.stopped_at is None else None

    def _tries(self) -> int:
        ending = _ENDING.search(self.row.key)
        return int(ending["sent"] or ending["called"] or 0) if ending else 0

    async def _again(self, tries: int, wait: timedelta) -> set[str]:
        due = self.at + wait
        morning = await self._morning(due)
        return await self._step(f"r{tries + 1}", self.address, hold_until=morning or due)

    async def _morning(self, due: datetime) -> datetime | None:
        if self.issue is not None and self._is_residents:
            return None if self.issue.urgent else await telling.morning(self.settings, self.issue, due)
        return self.settings.territory.quiet.until(due, self.settings.territory.zone)

    async def _other_address(self) -> Address | None:
        """Another address of the same person at which these words have not been tried."""
        first = _first(self.row.key)
        tried = {row.address_id for row in await Outbox.filter(Q(key=first) | Q(key=f"{first}.o"))}
        phone = await self._phone()
        own = await Address.filter(person_id=self.address.person_id, stopped_at=None).order_by("id")
        usable = (each for each in (phone, *own) if each and each.id not in tried and not each.fixed_line)
        return next(usable, None)

    async def _elsewhere(self, other: Address) -> set[str]:
        facts = {name: value for name, value in self.row.payload.items() if name != "prescribed"}
        return await self._step("o", other, hold_until=await self._morning(self.at), payload=facts)

    async def _step(
        self,
        ending: str,
        address: Address,
        *,
        hold_until: datetime | None,
        payload: dict[str, Any] | None = None,
    ) -> set[str]:
        """Send the same words once more, or what stands in their place."""
        effects = Effects(_first(self.row.key), self.settings.clock.wall())
        await self._superseded()
        payload = {name: value for name, value in (payload or self.row.payload).items() if name != PARTS}
        text = payload.pop("text")
        effects.tell(
            address, text, self.issue, hold_until=hold_until, topic=self.row.topic, ending=ending, **payload
        )
        return await effects.save_once()

    async def _superseded(self) -> None:
        """Note that nobody need look after this attempt: another is made, or none is needed."""
        await settle(self.settings, self.row)

    async def _linked(self) -> set[str]:
        """Link what did not go along, in words of its own."""
        facts = {name: value for name, value in self.row.payload.items() if name != "enclosed"}
        return await self._step("l", self.address, hold_until=await self._morning(self.at), payload=facts)

    async def _prescribed(self) -> set[str]:
        """Send the same in the form that the platform has approved; nothing goes along with that."""
        facts = {name: value for name, value in self.row.payload.items() if name != "enclosed"}
        facts["prescribed"] = True
        return await self._step("t", self.address, hold_until=await self._morning(self.at), payload=facts)

    async def _call(self, phone: Address) -> set[str]:
        assert self.issue is not None
        await self._superseded()
        profile = self.settings.territory
        effects = Effects(_first(self.row.key), self.settings.clock.wall())
        effects.call(
            phone,
            self._words,
            names.language_of(self.address.person, profile),
            self.issue,
            hold_until=None if self.issue.urgent else profile.no_calls.until(self.at, profile.zone),
            topic=self.row.topic,
            ending="c",
            **{name: value for name, value in self.row.payload.items() if name in _KEPT},
        )
        return await effects.save_once()

    async def _not_picked_up(self) -> set[str]:
        """Call again, or else let the leader knock; for a leader's phone, call the next one in the chain."""
        is_urgent = self.issue is not None and self.issue.urgent
        if self.issue is not None and not self._is_residents and not is_urgent:
            return set()
        again = remedies.RUNG_AGAIN if is_urgent else remedies.CALLED_AGAIN
        tries = self._tries()
        if tries < len(again) and self.row.receipt in remedies.NOT_PICKED_UP:
            return await self._call_again(tries, again[tries])
        is_leaders = self.issue is not None and not self._is_residents
        return await (self._next_leader() if is_leaders else self._knock())

    async def _call_again(self, tries: int, wait: timedelta) -> set[str]:
        profile = self.settings.territory
        due = self.at + wait
        is_urgent = self.issue is not None and self.issue.urgent
        morning = None if is_urgent else profile.no_calls.until(due, profile.zone)
        ending = _ENDING.search(self.row.key)
        was_text = ending is not None and ending["called"] is not None
        payload = dict(self.row.payload)
        await self._superseded()
        effects = Effects(_first(self.row.key), self.settings.clock.wall())
        effects.call(
            self.address,
            payload.pop("text"),
            payload.pop("language", names.language_of(self.address.person, profile)),
            self.issue,
            hold_until=morning or due,
            topic=self.row.topic,
            ending=f"{'c' if was_text else 'r'}{tries + 1}",
            **payload,
        )
        return await effects.save_once()

    async def _next_leader(self) -> set[str]:
        assert self.issue is not None
        effects = Effects(f"{self.row.key}.n", self.settings.clock.wall())
        await alarm.call_next(self.settings, self.issue, effects, self.address.person, self.at)
        return await effects.save_once()

    async def _department_unreached(self) -> set[str]:
        """Let whoever referred an issue know that nobody has read of it at the department."""
        issue = self.issue
        if issue is None or issue.holder is None or issue.returns_to_id is None:
            return set()
        if all(
            person.id != self.address.person_id for person in await chain.actors_of(issue.holder, self.at)
        ):
            return set()
        referrer = await Unit.get(id=issue.returns_to_id)
        mention = [person.id for person in await chain.actors_of(referrer, self.at)][:1]
        effects = Effects(f"{_first(self.row.key)}.k", self.settings.clock.wall())
        line = say(
            texts.LINE_DEPARTMENT_UNREACHED,
            self.settings.territory.default_language,
            department=issue.holder.name,
            number=issue.number,
        )
        effects.say(issue, referrer.id, line, mention=mention)
        return await effects.save_once()

    async def _knock(self) -> set[str]:
        """Tell the holder's leader to go there, in the room and, if need be, by text."""
        issue = self.issue
        if issue is None or issue.holder is None:
            return set()
        profile = self.settings.territory
        acting = await chain.acting(issue.holder, self.at)
        text = texts.LINE_KNOCK if self.address.stopped_at is None else texts.LINE_NO_TEXTS
        effects = Effects(f"{_first(self.row.key)}.k", self.settings.clock.wall())

        def line(language: str) -> str:
            return say(
                text,
                language,
                name=names.resident(issue.reporter, language),
                place=place[language],
                words=segments.cut(self._words, _QUOTED),
            )

        languages = {profile.default_language}
        if acting:
            languages.add(names.language_of(acting.person, profile))
        place = {each: await names.place(issue.block, profile, each) for each in languages}
        mention = [acting.person.id] if acting else []
        effects.say(issue, issue.holder.id, line(profile.default_language), mention=mention)
        if acting:
            by_text = line(names.language_of(acting.person, profile))
            await reaching.by_phone_only(self.settings, effects, acting.person, by_text, self.at, issue)
        return await effects.save_once()


async def settle(settings: Settings, row: Outbox) -> None:
    """Note that nobody need look after a row any more, although it failed."""
    row.settled_at = settings.clock.wall()
    await Outbox.filter(id=row.id).update(settled_at=row.settled_at)


async def send_again(settings: Settings, row: Outbox) -> set[str]:
    """Send words once more that have not arrived, because a leader wants so.

    Args:
        settings: The service's.
        row: Locked, with its address and issue at hand; it is settled by this.

    Returns:
        The outbox lanes that have got rows.
    """
    await settle(settings, row)
    assert row.address is not None
    before = await Outbox.filter(key__startswith=f"{row.key}.d").count()
    effects = Effects(row.key, settings.clock.wall())
    payload = {name: value for name, value in row.payload.items() if name not in (PARTS, "prescribed")}
    text = payload.pop("text")
    effects.tell(row.address, text, row.issue, topic=row.topic, ending=f"d{before + 1}", **payload)
    return await effects.save_once()


async def _take_back(settings: Settings, row: Outbox) -> None:
    """Take back what was still to be tried for words that have arrived; what failed of them is settled."""
    first = _first(row.key)
    failed = Q(key=first) | Q(key__startswith=f"{first}.")
    await Outbox.filter(failed, settled_at=None).exclude(id=row.id).update(settled_at=settings.clock.wall())
    waiting = Outbox.filter(key__startswith=f"{first}.", state=OutboxState.WAITING)
    ids = [each.id for each in await waiting if _ENDING.search(each.key) and _first(each.key) == first]
    await Outbox.filter(id__in=ids, state=OutboxState.WAITING).update(state=OutboxState.CANCELLED)


def _first(key: str) -> str:
    """The key of the first attempt."""
    return _ENDING.sub("", key)


async def row_of(inbound: Inbound) -> Outbox | None:
    """The row that a receipt is about: by our own key, which is known even where the id is not."""
    key = inbound.detail.get("key")
    rows = Outbox.filter(bridge=inbound.bridge).select_for_update()
    if key:
        return await rows.get_or_none(key=key)
    return await rows.filter(external_id=inbound.target).first()


def _is_news(before: str, status: str) -> bool:
    if before in FAILURES:
        return PROGRESS.get(status, 0) >= _ARRIVED
    if PROGRESS.get(before, 0) >= _ARRIVED and status in FAILURES:
        return False
    return status in FAILURES or PROGRESS.get(status, 0) > PROGRESS.get(before, 0)
