"""Commands by which a leader goes between two neighbours."""

import re
from collections.abc import Sequence

from issues.effects import Effects
from linzhang.words import say
from programme import texts
from programme.reconciling import disputing
from rooms.commands.call import Call
from rooms.commands.table import command

_BLANKS = re.compile(r"[\s,，]+$")


@command("dispute quarrel 调解 纠纷", form=texts.FORM_DISPUTE, about=texts.HELP_DISPUTE)
async def dispute(call: Call) -> Sequence[Effects]:
    """Say with whom whoever reported it has fallen out; it is private from then on."""
    heard, issue = call.heard, await call.issue()
    await call.check_right_on(issue)
    who = _BLANKS.sub("", call.need_words())
    other = await disputing.other_party(heard.settings, issue, who, alone=heard.is_direct)
    done = await disputing.begin(heard.settings, issue, other, heard.actor, heard.at)
    form = say(texts.FORM_AGREE_ON, heard.own_language, number=issue.number)
    told = say(
        texts.DISPUTE_BEGUN, heard.own_language, number=issue.number, other=other.name or who, form=form
    )
    return [*done, heard.privately(told)]


@command("agree agreement 协议 和解", form=texts.FORM_AGREE, about=texts.HELP_AGREE)
async def agree(call: Call) -> Sequence[Effects]:
    """Ask both whether they agree to some words."""
    heard, issue = call.heard, await call.issue()
    words = call.need_words()
    done = await disputing.propose(heard.settings, issue, words, heard.actor, heard.at)
    return [*done, heard.privately(say(texts.BOTH_ASKED, heard.own_language, number=issue.number))]
