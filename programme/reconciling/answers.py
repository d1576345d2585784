"""'1' or '2' right after the words of an agreement: whether somebody agrees to them."""

from datetime import datetime

from bridges.contract import Inbound, Kind
from issues import lifecycle, names, numbers, reaching
from issues.effects import Effects
from issues.folding import bare
from issues.last_word import last_word
from issues.lifecycle import Actor
from issues.lifecycle.law import RULES
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Action, Address, Agreement, Dispute, Issue, Person
from programme import texts
from programme.notices.shaping import ended

_MEANS = {"1": True, "2": False}


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    """Take what somebody has written to the service alone as their answer to an agreement.

    Args:
        settings: The service's.
        inbound: What they wrote.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows; None: it is something else.
    """
    agrees = _MEANS.get(bare(inbound.text))
    if inbound.kind is not Kind.TEXT or inbound.media or agrees is None:
        return None
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    asked = await _asked(address) if address is not None else None
    if address is None or asked is None:
        return None
    agreement = await Agreement.select_for_update().get(id=asked)
    if agreement.ended_at is not None:
        return set()  # others were asked since, or they say it twice
    issue = await lifecycle.lock(agreement.issue_id)
    dispute = await Dispute.get(issue_id=issue.id).select_related("other", "mediator")
    return await _Answer(settings, issue, dispute, agreement, address, at).take(
        agrees=agrees, bridge=inbound.bridge
    )


async def _asked(address: Address) -> int | None:
    """The agreement that was our last word to somebody."""
    row = await last_word(address)
    return row.payload.get("agreement") if row is not None else None


class _Answer:
    """What follows from one answer."""

    def __init__(
        self,
        settings: Settings,
        issue: Issue,
        dispute: Dispute,
        agreement: Agreement,
        address: Address,
        at: datetime,
    ) -> None:
        self._settings = settings
        self._issue = issue
        self._dispute = dispute
        self._agreement = agreement
        self._address = address
        self._at = at
        self._is_reporter = address.person_id == issue.reporter_id
        side = "reporter" if self._is_reporter else "other"
        self._effects = Effects(f"ag{agreement.id}.{side}", settings.clock.wall())

    async def take(self, *, agrees: bool, bridge: str) -> set[str]:
        """Note the answer, and tell whom it concerns."""
        agreement = self._agreement
        said = agreement.reporter_says if self._is_reporter else agreement.other_says
        if said is not None:
            return set()
        if self._is_reporter:
            agreement.reporter_says = agrees
        else:
            agreement.other_says = agrees
        both = agreement.reporter_says and agreement.other_says
        if both or not agrees:
            agreement.ended_at = self._at
        await agreement.save()
        if not agrees:
            await self._tell_party(texts.AGREE_NO, leader=await self._leader())
            await self._tell_mediator(texts.MEDIATOR_NO)
            return await self._effects.save()
        if not both:
            await self._tell_party(texts.AGREE_WAITS)
            await self._tell_mediator(texts.MEDIATOR_YES)
            return await self._effects.save()
        return await self._agreed(bridge)

    async def _agreed(self, bridge: str) -> set[str]:
        issue, at = self._issue, self._at
        await Dispute.filter(issue_id=issue.id).update(agreed_at=at)
        for person in (issue.reporter, self._dispute.other):
            address = await reaching.address_of(self._settings, person, at)
            if address is not None:
                language = names.language_of(person, self._settings.territory)
                words = ended(self._agreement.words, language)
                self._effects.tell(address, say(texts.AGREED, language, words=words))
        await self._tell_mediator(texts.MEDIATOR_AGREED)
        lanes = await self._effects.save()
        if issue.state in RULES[Action.CONFIRM].start:
            closed = await lifecycle.confirm(self._settings, issue, Actor(issue.reporter, bridge), at)
            lanes |= await closed.save()
        return lanes

    async def _tell_party(self, text: Text, **values: object) -> None:
        party, other = self._parties()
        language = names.language_of(party, self._settings.territory)
        values |= {"other": names.resident(other, language)}
        self._effects.tell(self._address, say(text, language, **values), agreement=self._agreement.id)

    async def _tell_mediator(self, text: Text) -> None:
        mediator = self._dispute.mediator
        address = await reaching.address_of(self._settings, mediator, self._at)
        if address is None:
            return
        language = names.language_of(mediator, self._settings.territory)
        party, other = (names.resident(each, language) for each in self._parties())
        blanks = {"number": self._issue.number, "name": party, "other": other}
        self._effects.tell(address, say(text, language, **blanks))

    async def _leader(self) -> str:
        profile = self._settings.territory
        language = names.language_of(self._parties()[0], profile)
        return await names.speaker(self._dispute.mediator, self._issue.block, profile, language, self._at)

    def _parties(self) -> tuple[Person, Person]:
        """Who has answered, and the other."""
        parties = (self._issue.reporter, self._dispute.other)
        return parties if self._is_reporter else (parties[1], parties[0])
