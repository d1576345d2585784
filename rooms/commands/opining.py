"""The command by which a leader files up what people think, without making an issue of it."""

from collections.abc import Sequence

from issues import chain, segments
from issues.effects import Effects
from linzhang.words import clock_time, say
from programme import texts
from programme.opinions import filing, standing
from rooms.commands import noticing
from rooms.commands.call import Call
from rooms.commands.table import command
from rooms.heard import Heard

#: Notes that one answer lists, and characters of each.
_LISTED, _SHOWN = 10, 60


@command("opinion mood 民意 舆情", form=texts.FORM_OPINION, about=texts.HELP_OPINION)
async def opinion(call: Call) -> Sequence[Effects]:
    """File a note of public opinion, or list the latest."""
    heard = call.heard
    person = await call.leader()
    words = call.words if call.number is None else f"{call.number} {call.words}".strip()
    if not words:
        return [await _listed(heard)]
    unit = await noticing.unit_of(heard)
    filed = await filing.file(
        heard.settings, person, unit, words, heard.at, event_id=heard.inbound.external_id
    )
    return [heard.retort(texts.OPINION_FILED, unit=unit.name), filed]


async def _listed(heard: Heard) -> Effects:
    """The latest notes of the leader's units and of all below."""
    assert heard.person is not None
    language = heard.own_language
    latest = await standing.latest(await chain.units_of(heard.person, heard.at), _LISTED)
    if not latest:
        return heard.privately(say(texts.NO_OPINION_YET, language, form=texts.FORM_OPINION))
    zone = heard.settings.territory.zone
    lines = [
        say(
            texts.OPINION_LISTED,
            language,
            time=clock_time(each.made_at, heard.at, zone, language),
            unit=each.unit.name,
            words=segments.cut(each.words, _SHOWN),
        )
        for each in latest
    ]
    return heard.privately("\n".join(lines))
