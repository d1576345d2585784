"""The command by which a leader has a code sent: to a leader below, or to themselves for a new account."""

from collections.abc import Sequence

from issues import chain, linking, texts
from issues.effects import Effects
from linzhang.words import say
from models import Leadership, Person, Unit
from rooms import roster
from rooms.commands.call import Call, Misused
from rooms.commands.table import command


@command("link 绑定 绑定账号", form=texts.FORM_LINK, about=texts.HELP_LINK)
async def link(call: Call) -> Sequence[Effects]:
    """Send a code by which somebody ties a chat account of their own to their post."""
    heard = call.heard
    leader = await call.leader()
    name = call.words.strip(" \t\n\u3000,，。.:：@")
    person, unit = await _below(call, leader, name) if name else await _themselves(call, leader)
    effects = heard.effects()
    bot = await roster.bot_of(heard.settings, unit)
    sent = await linking.invite(heard.settings, effects, person, bot, heard.at)
    words = say(texts.CODE_SENT if sent else texts.NO_MOBILE, heard.own_language, name=person.name)
    return [heard.privately(words, effects=effects)]


async def _themselves(call: Call, leader: Person) -> tuple[Person, Unit]:
    return leader, (await chain.units_of(leader, call.heard.at))[0]


async def _below(call: Call, leader: Person, name: str) -> tuple[Person, Unit]:
    """The leader of that name of a unit below one of theirs.

    Raises:
        Misused: Nobody is called so, or several are.
    """
    at = call.heard.at
    own = await chain.units_of(leader, at)
    posts = Leadership.filter(chain.in_office(at), person__name=name).select_related("person", "unit")
    found = {
        post.person_id: (post.person, post.unit)
        for post in await posts
        if any(post.unit.path.startswith(unit.path) for unit in own)
    }
    if len(found) != 1:
        raise Misused(texts.WHICH_PERSON if found else texts.NOBODY_CALLED, name=name)
    return next(iter(found.values()))
