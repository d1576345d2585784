"""Commands that lead to the desk: a link into it, and to where a leader's cards are printed."""

from collections.abc import Sequence

from issues import chain, texts, tickets
from issues.effects import SEALED, Effects
from issues.errors import NotAllowed
from linzhang import phones
from linzhang.words import duration, say
from rooms.commands.call import Call
from rooms.commands.table import command


@command("desk 工作台 地图", form=texts.FORM_DESK, about=texts.HELP_DESK, wordy=False)
async def desk(call: Call) -> Sequence[Effects]:
    """A link that opens the desk once, to the leader alone."""
    heard = call.heard
    person = await call.leader()
    if heard.is_in_the_open or heard.sees_no_threads:
        raise NotAllowed(texts.NOT_IN_THE_OPEN)
    assert heard.address is not None
    link = tickets.link(heard.settings, await tickets.make(heard.settings, person))
    lasts = duration(tickets.LASTS, heard.own_language)
    words = say(texts.DESK_LINK, heard.own_language, link=SEALED, lasts=lasts)
    effects = heard.effects()
    effects.whisper(heard.address, words, secret=heard.settings.vault.seal(link))
    if not heard.is_direct:
        effects.press(heard.inbound.room, heard.inbound.external_id, "📬")
    return [effects]


@command("cards posters 名片 海报", form=texts.FORM_CARDS, about=texts.HELP_CARDS, wordy=False)
async def cards(call: Call) -> Sequence[Effects]:
    """The code on a leader's cards, and where these are printed."""
    heard = call.heard
    person = await call.leader()
    settings, language = heard.settings, heard.own_language
    lines = []
    for unit in await chain.units_of(person, heard.at):
        page = f"{settings.public_url}/desk/print/{unit.code}"
        if unit.card_code and settings.twilio:
            number = phones.readable(settings.twilio.number, settings.territory.region)
            lines.append(say(texts.CARD_CODE, language, unit=unit.name, code=unit.card_code, number=number))
        lines.append(say(texts.CARDS_HERE, language, unit=unit.name, page=page))
    return [heard.privately("\n".join(lines))]
