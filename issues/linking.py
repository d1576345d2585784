"""How somebody of the roster ties a chat account of their own to their post: by a code that their phone gets.

Makes codes, reads them out of what people write, and binds accounts. A code is kept nowhere: only its keyed
hash, and, sealed, in the text that carries it. Through which room it comes is not decided here.
"""

import re
import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from issues import names, reaching, texts
from issues.effects import SEALED, Effects
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Address, DirectRoom, FormerAccount, Invitation, Person

#: For how long a code counts.
LASTS = timedelta(days=3)

#: For how long somebody whose code has run out is told so, and not turned away like any stranger.
REMEMBERED = timedelta(days=10)

#: Of all codes that there can be, those of a whole city's leaders are less than one in a million.
_DIGITS = 12
_GROUP = 4

_CODE = re.compile(r"(?<!\d)" + r"[ \-]?".join([r"(\d{4})"] * (_DIGITS // _GROUP)) + r"(?!\d)")

#: The bridge name under which hashes of codes are made, and that of accounts that count no more.
_INVITATION, _FORMER = "invitation", "former"


class Verdict(StrEnum):
    """What a code turned out to be."""

    GOOD = "good"
    WRONG = "wrong"  # there is no such code
    USED = "used"  # it was used, or a later one took its place
    EXPIRED = "expired"


async def invite(
    settings: Settings,
    effects: Effects,
    person: Person,
    bot: str,
    at: datetime,
    *,
    below: Callable[[int], int] = secrets.randbelow,
) -> bool:
    """Send somebody a code to their phone; an earlier one counts no more.

    Args:
        settings: The service's.
        effects: Where the text is put.
        person: Whom.
        bot: Matrix id of the service, to which the code is to be sent.
        at: Programme time.
        below: The source of chance: a number from 0 up to, and without, the given one.

    Returns:
        Whether they have a phone that takes texts.
    """
    phones = Address.filter(person_id=person.id, bridge=reaching.PHONE, fixed_line=False, stopped_at=None)
    phone = await phones.order_by("id").first()
    if phone is None:
        return False
    code = f"{below(10**_DIGITS):0{_DIGITS}d}"
    await Invitation.filter(person_id=person.id, used_at=None).update(used_at=at)
    until = at + LASTS
    lookup = settings.vault.lookup(_INVITATION, code)
    await Invitation.create(person=person, lookup=lookup, made_at=at, expires_at=until)
    profile = settings.territory
    language = names.language_of(person, profile)
    shown = " ".join(code[start : start + _GROUP] for start in range(0, _DIGITS, _GROUP))
    text = say(
        texts.TIE_ACCOUNT,
        language,
        name=person.name,
        bot=bot,
        code=SEALED,
        time=clock_time(until, at, profile.zone, language),
    )
    hold_until = profile.quiet.until(at, profile.zone)
    effects.tell(phone, text, hold_until=hold_until, secret=settings.vault.seal(shown))
    return True


async def is_anybody_invited(at: datetime) -> bool:
    """Whether a stranger may be somebody with a code."""
    return await Invitation.filter(made_at__gt=at - REMEMBERED).exists()


def read_code(text: str) -> str | None:
    """The code in what somebody wrote, however they have grouped it; None: there is none."""
    found = _CODE.search(unicodedata.normalize("NFKC", text))
    return "".join(found.groups()) if found else None


async def verdict(settings: Settings, code: str, at: datetime) -> tuple[Verdict, Invitation | None]:
    """What a code is good for, with its invitation, locked."""
    lookup = settings.vault.lookup(_INVITATION, code)
    found = await Invitation.filter(lookup=lookup).select_for_update().first()
    if found is None:
        return Verdict.WRONG, None
    if found.used_at is not None:
        return Verdict.USED, found
    return (Verdict.GOOD if found.expires_at > at else Verdict.EXPIRED), found


async def bind(
    settings: Settings, effects: Effects, invitation: Invitation, bridge: str, account: str, at: datetime
) -> Address:
    """Tie an account to the person of an invitation, in place of any other on the same platform.

    Whoever holds the phone of the roster decides; so a lost account is shut out by binding another one. Their
    phone is told, in case it was not they.

    Args:
        settings: The service's.
        effects: Where the text to the phone is put.
        invitation: Which is used up by this.
        bridge: The account's bridge.
        account: Its address there, which the roster must not know.
        at: Programme time.

    Returns:
        The address, with its person.
    """
    vault = settings.vault
    await Invitation.filter(person_id=invitation.person_id, used_at=None).update(used_at=at)
    lookup, sealed = vault.lookup(bridge, account), vault.seal(account)
    await FormerAccount.filter(bridge=bridge, lookup=lookup).delete()
    person = await Person.get(id=invitation.person_id)
    before = await Address.filter(person_id=person.id, bridge=bridge).order_by("id")
    for old in before:
        facts = {"person": person, "sealed": old.sealed, "until": at}
        await FormerAccount.update_or_create(facts, bridge=bridge, lookup=old.lookup)
    ids = [old.id for old in before]
    await DirectRoom.filter(address_id__in=ids, lost_at=None).update(lost_at=settings.clock.wall())
    # Rows of what was sent stay; the first one's go on to the new account.
    await Address.filter(id__in=ids[1:]).update(bridge=_FORMER, stopped_at=settings.clock.wall())
    address = before[0] if before else Address(bridge=bridge)
    address.person = person
    address.lookup, address.sealed = lookup, sealed
    address.seen_at, address.stopped_at = at, None
    await address.save()
    phone = await Address.filter(person_id=person.id, bridge=reaching.PHONE, fixed_line=False).first()
    if phone is not None:
        language = names.language_of(person, settings.territory)
        effects.tell(phone, say(texts.ACCOUNT_TIED_BY_TEXT, language, account=account))
    return address
