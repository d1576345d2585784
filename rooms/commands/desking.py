"""The command by which a leader gets a link into the desk."""

from collections.abc import Sequence

from issues import texts, tickets
from issues.effects import SEALED, Effects
from issues.errors import NotAllowed
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
