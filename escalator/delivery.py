"""Who delivers an effect: the one shape that rooms and all bridges have towards the outbox.

Here too stands the deliverer for words to one person; rooms have theirs in `rooms.delivery`.
"""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bridges.contract import Bridge, Choice, Delivered, Media, OptedOut, Outbound
from escalator import parts
from issues import letters, names, reaching
from issues.effects import PARTS, PHONE, SEALED
from issues.reaching import YOURS
from linzhang import phones
from linzhang.settings import Settings
from models import Address, Issue, Message, Outbox
from rooms.openly import Openly
from rooms.uploads import medium_of


class Deliverer(Protocol):
    """Carries one outbox row to the outside; raises the errors of `bridges.contract`."""

    async def deliver(self, row: Outbox) -> Delivered:
        """Send it."""
        ...

    async def find(self, row: Outbox) -> Delivered | None:
        """Look for it on the far side, after a call of which nobody knows how it ended."""
        ...


class Encloser(Protocol):
    """Makes what came with a leader's words fit to go to a phone."""

    async def enclosure(self, message: Message, number: int, attempts: int) -> Media:
        """What goes along, at an address that the platform itself can call.

        Args:
            message: The leader's.
            number: Which of what came with it, from 0.
            attempts: How often it has been tried.

        Raises:
            Unfit: It can never be sent.
            Unavailable: It cannot be had now.
        """
        ...


class ToMatrix:
    """Delivers words to a person on Matrix: alone, or openly to somebody of another network."""

    def __init__(self, settings: Settings, alone: Deliverer, openly: Openly) -> None:
        self._settings = settings
        self._alone = alone
        self._openly = openly

    async def deliver(self, row: Outbox) -> Delivered:
        """See `Deliverer.deliver`."""
        return await (await self._way(row)).deliver(row)

    async def find(self, row: Outbox) -> Delivered | None:
        """See `Deliverer.find`."""
        return await (await self._way(row)).find(row)

    async def _way(self, row: Outbox) -> Deliverer:
        address = await Address.get(id=row.address_id)
        return self._openly if reaching.in_the_open(self._settings, address) else self._alone


class ToPerson:
    """Delivers words to a person through a bridge, as that bridge can: the only thing that is asked of it.

    What goes along is linked where it cannot be carried, what can be chosen is a matter of buttons or of
    words, and words that are longer than a message may be go out in parts, one after the other. The last
    part has the row's own key, so that its receipt is the row's.
    """

    def __init__(self, settings: Settings, bridge: Bridge, encloser: Encloser) -> None:
        self._settings = settings
        self._bridge = bridge
        self._encloser = encloser

    async def deliver(self, row: Outbox) -> Delivered:
        """See `Deliverer.deliver`.

        Raises:
            OptedOut: The person wants no messages.
        """
        address = await Address.get(id=row.address_id).select_related("person")
        # Who wants no texts may be called all the same: whoever wrote the row has decided that.
        stopped = address.stopped_at is not None and address.bridge == row.bridge
        if stopped and not row.payload.get("even_stopped"):
            raise OptedOut("The person has asked for no messages.")
        return await self._in_parts(row, await self._outbound(row, address))

    async def find(self, row: Outbox) -> Delivered | None:
        """See `Deliverer.find`; what is missing behind a part that is found goes out."""
        address = await Address.get(id=row.address_id).select_related("person")
        siblings = await Outbox.filter(address_id=address.id).exclude(id=row.id)
        gone: list[str] = row.payload.get(PARTS, [])
        known = [each.external_id for each in siblings if each.external_id] + gone
        since: datetime = row.called_at or row.created_at
        whole = await self._outbound(row, address)
        pieces = self._pieces(whole)
        found = await self._bridge.find(pieces[len(gone)], since, known)
        if found is None or len(gone) == len(pieces) - 1:
            return found
        await self._remember(row, found)
        return await self._in_parts(row, whole)

    async def _in_parts(self, row: Outbox, whole: Outbound) -> Delivered:
        pieces = self._pieces(whole)
        gone = len(row.payload.get(PARTS, []))
        for piece in pieces[gone:-1]:
            await self._remember(row, await self._bridge.deliver(piece))
        return await self._bridge.deliver(pieces[-1])

    def _pieces(self, whole: Outbound) -> list[Outbound]:
        """Words as messages that are short enough; what goes along and the buttons go with the last."""
        *first, last = parts.split(whole.text, self._bridge.capabilities.text_limit)
        before = [
            replace(whole, key=f"{whole.key}.p{number}", text=text, media=(), choices=())
            for number, text in enumerate(first, start=1)
        ]
        return [*before, replace(whole, text=last)]

    async def _remember(self, row: Outbox, delivered: Delivered) -> None:
        row.payload = row.payload | {PARTS: [*row.payload.get(PARTS, []), delivered.external_id]}
        await row.save(update_fields=["payload"])

    async def _outbound(self, row: Outbox, address: Address) -> Outbound:
        vault, text = self._settings.vault, row.payload["text"]
        if "phone_of" in row.payload:
            phone = await Address.get(id=row.payload["phone_of"])
            number = phones.readable(vault.open(phone.sealed), self._settings.territory.region)
            text = text.replace(PHONE, number)
        if "secret" in row.payload:
            text = text.replace(SEALED, vault.open(row.payload["secret"]))
        choices: list[Choice] = []
        if self._bridge.capabilities.choices and "choices" in row.payload:
            text = row.payload["asked"]
            choices = [Choice(**each) for each in row.payload["choices"]]
        words = Outbound(
            key=row.key,
            address=vault.open(address.sealed),
            text=text,
            choices=choices,
            language=names.language_of(address.person, self._settings.territory),
            kind="answer" if row.payload.get("message") else row.topic,
            prescribed=bool(row.payload.get("prescribed")),
        )
        if self._bridge.capabilities.letters:
            words = await self._as_letter(row, address, words)
        if "enclosed" in row.payload:
            return await self._with_medium(row, words)
        return words

    async def _as_letter(self, row: Outbox, address: Address, words: Outbound) -> Outbound:
        """The words with what stands above a letter; who gets an issue by one gets its whole story."""
        issue = await Issue.get_or_none(id=row.issue_id).select_related("holder", "block", "reporter")
        about = str(issue.number) if issue else row.payload.get("about", "")
        text = words.text
        if issue is not None and row.topic == YOURS:
            text = await letters.given(self._settings, issue, address.person, self._settings.clock.now())
        subject = await letters.subject(self._settings, about, words.language)
        return replace(words, text=text, subject=subject, about=about)

    async def _with_medium(self, row: Outbox, words: Outbound) -> Outbound:
        """The words with a leader's picture, where it can go along; else as they are, with the link."""
        message = await Message.get(id=row.payload["message"])
        number = row.payload["number"]
        medium = medium_of(message, number)
        if not self._bridge.carries(medium, words.address):
            # Made fit even where it is only linked: the link shows what is made here.
            medium = await self._encloser.enclosure(message, number, row.attempts)
        if not self._bridge.carries(medium, words.address):
            return words
        return replace(words, text=row.payload["enclosed"], media=[medium])
