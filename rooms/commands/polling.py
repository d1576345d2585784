"""The command by which a leader asks all below something, and sees what they have answered."""

from collections.abc import Sequence

from issues import chain, segments
from issues.effects import Effects
from linzhang.words import say
from models import Notice
from programme import texts
from programme.notices import standing
from programme.polls import reading
from rooms.commands import noticing
from rooms.commands.call import Call
from rooms.commands.table import command
from rooms.heard import Heard

#: Polls that one answer lists.
_LISTED = 10


@command("poll vote 投票 征求意见", form=texts.FORM_POLL, about=texts.HELP_POLL)
async def poll(call: Call) -> Sequence[Effects]:
    """Write a poll, send it, take it back, or see what it has come to."""
    heard = call.heard
    await call.leader()
    words = call.words if call.number is None else f"{call.number} {call.words}".strip()
    if not words:
        return [await _listed(heard)]
    done = await noticing.about_one(heard, words)
    if done is not None:
        return done
    unit = await noticing.unit_of(heard)
    asked, words = await noticing.addressed(heard, unit, words)
    read = reading.read(words, say(texts.FORM_POLL, heard.language))
    return [await noticing.draft(heard, unit, read.words, asked, options=read.options, days=read.days)]


async def _listed(heard: Heard) -> Effects:
    """The latest polls that concern the leader's units."""
    assert heard.person is not None
    language = heard.own_language
    own = await chain.units_of(heard.person, heard.at)
    found = Notice.filter(standing.concerning(own), options__isnull=False).order_by("-id").limit(_LISTED)
    latest = await found.select_related("unit")
    if not latest:
        return heard.privately(say(texts.NO_POLL_YET, language, form=texts.FORM_POLL))
    lines = [
        say(
            texts.LISTED,
            language,
            number=each.id,
            unit=each.unit.name,
            state=say(texts.STATES[each.state], language),
            words=segments.cut(each.words, 30),
        )
        for each in latest
    ]
    form = say(texts.FORM_POLL_SHOW, language, number=latest[0].id)
    return heard.privately("\n".join([*lines, say(texts.POLL_LIST_END, language, form=form)]))
