"""The command by which an office sees which leaders may need a word or help, and notes what it has done.

Names are said to whoever asks alone; where others read along, nothing is done about a single leader.
"""

import re
from collections.abc import Mapping, Sequence

from issues import chain
from issues import texts as issue_texts
from issues.effects import Effects
from issues.errors import NotAllowed, NotFound
from linzhang.words import clock_time, say
from models import Concern, Person, StepKind
from programme.thanks.encouraging import standing, stepping, texts
from rooms.commands.call import Call, Misused
from rooms.commands.table import command
from rooms.heard import Heard

_NOTE = re.compile(r"(?:note|noted|记下|记)\s*[:：]?\s*(.+)", re.IGNORECASE | re.DOTALL)

_KINDS: Mapping[StepKind, str] = {
    StepKind.TALKED: r"\btalked\b|谈过了?|谈了|聊过了?",
    StepKind.DEPUTY: r"\bdeputy\b|配了?代理|代理",
    StepKind.REPLACED: r"\breplaced\b|换了?人|换人了|更换",
    StepKind.NONE: r"\bnone\b|\bnothing\b|不用管|不用处理|没事",
}
_KIND = re.compile(
    r"(.+?)\s*(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items())
    + r")\s*[:：,，]?\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)

#: Leaders whom one answer lists.
_LISTED = 10


@command("encourage support 鼓励 帮扶", form=texts.FORM, about=texts.HELP)
async def encourage(call: Call) -> Sequence[Effects]:
    """Who may need a word or help; a word to one of them, or what was done."""
    heard = call.heard
    person = await call.leader()
    words = call.words.strip()
    if not words:
        return [await _listed(heard, person)]
    if asked := _NOTE.fullmatch(words):
        return [await _note(_alone(heard), person, asked[1])]
    return await _word(_alone(heard), person, words)


async def _listed(heard: Heard, reader: Person) -> Effects:
    profile, language, at = heard.settings.territory, heard.own_language, heard.at
    units = await chain.units_of(reader, at)
    found, behind = await standing.page(units, reader, at)
    if not found:
        return heard.privately(say(texts.NOBODY, language))
    lines = [
        say(
            texts.LISTED,
            language,
            unit=each.unit.name,
            name=each.person.name,
            reasons=standing.reasons(each, profile, language),
        )
        for each in found[:_LISTED]
    ]
    if behind or len(found) > _LISTED:
        lines.append(say(texts.MORE, language, count=await standing.listed(units, reader, at).count()))
    lines.append(say(texts.LIST_END, language, word=texts.FORM_WORD, note=texts.FORM_NOTE))
    return heard.privately("\n".join(lines))


async def _word(heard: Heard, reader: Person, words: str) -> Sequence[Effects]:
    name, _, said = re.sub("：", ":", words, count=1).partition(":")
    concern = await _concern(heard, reader, name.strip())
    event_id = heard.inbound.external_id
    sent = await stepping.send(heard.settings, reader, concern, said, heard.at, event_id=event_id)
    kept = said.strip() or standing.word(concern, heard.language)
    return [sent, heard.retort(texts.SENT, name=concern.person.name, words=kept)]


async def _note(heard: Heard, reader: Person, words: str) -> Effects:
    meant = _KIND.fullmatch(words.strip())
    if meant is None:
        raise Misused(issue_texts.WRITE_IT_SO, form=texts.FORM_NOTE)
    concern = await _concern(heard, reader, meant[1].strip())
    kind = StepKind(str(next(each for each in _KINDS if meant[each])))
    event_id = heard.inbound.external_id
    await stepping.note(
        heard.settings, reader, concern, kind, meant[meant.re.groups], heard.at, event_id=event_id
    )
    profile = heard.settings.territory
    time = clock_time(heard.at + profile.encouraging.rest, heard.at, profile.zone, heard.language)
    return heard.retort(texts.NOTED, name=concern.person.name, kind=texts.KINDS[kind], time=time)


async def _concern(heard: Heard, reader: Person, called: str) -> Concern:
    """Somebody on the reader's list, by name, or by unit and name.

    Raises:
        NotFound: Nobody is called so there.
        Misused: Several are.
    """
    units = await chain.units_of(reader, heard.at)
    theirs = standing.listed(units, reader, heard.at).select_related("person", "unit")
    found = await theirs.filter(person__name=called).limit(2)
    unit, _, name = called.rpartition(" ")
    if len(found) != 1 and unit:
        found = await theirs.filter(person__name=name, unit__name=unit.strip()).limit(2)
    if len(found) > 1:
        raise Misused(texts.SEVERAL_LISTED, name=called)
    if not found:
        raise NotFound(texts.NOT_LISTED, name=called)
    return found[0]


def _alone(heard: Heard) -> Heard:
    """The same, if nobody else reads along.

    Raises:
        NotAllowed: Others do.
    """
    if not heard.is_direct or heard.is_in_the_open:
        raise NotAllowed(texts.ALONE_ONLY)
    return heard
