"""Commands by which a leader makes one issue of two, two of one, or none."""

import re
from collections.abc import Sequence

from issues import duplicates, intake, lifecycle, texts
from issues.effects import ROOMS, Effects
from issues.errors import NotNow
from linzhang.words import say
from models import Issue, Message, Outbox, Voice
from rooms.commands.call import Call, Misused
from rooms.commands.table import command

_NUMBER = re.compile(r"(?<!\d)\d{4,9}(?!\d)")


@command("merge duplicate 合并 重复", form=texts.FORM_MERGE, about=texts.HELP_MERGE)
async def merge(call: Call) -> Sequence[Effects]:
    """One issue becomes part of another; without the other, what it may be the same as."""
    heard = call.heard
    behind = _NUMBER.search(call.words)
    if call.words and not behind:
        raise Misused(texts.WRITE_IT_SO, form=call.form)
    number = int(behind.group()) if behind else None
    meant = call
    if number is None and call.number and heard.issue_id not in (None, Issue.id_of(call.number)):
        meant, number = Call(heard, call.form), call.number  # in a thread: this one into that
    part = await meant.own_issue()
    if number is None:
        return [await _suggested(call, part)]
    main = await Call(heard, call.form, number).issue()
    return [await lifecycle.merge(heard.settings, part, main, heard.actor, heard.at)]


@command("split 拆分 分开", form=texts.FORM_SPLIT, about=texts.HELP_SPLIT)
async def split(call: Call) -> Sequence[Effects]:
    """Words become an issue of their own: those behind the command, or those to which it replies."""
    heard, issue = call.heard, await call.issue()
    if call.words:
        words = intake.message(heard.inbound, issue.reporter, call.words, heard.at)
    else:
        words = await _replied_to(call, issue)
    _, effects = await lifecycle.split(heard.settings, issue, heard.actor, words, heard.at)
    return effects


@command("withdraw cancel 撤销 作废", form=texts.FORM_WITHDRAW, about=texts.HELP_WITHDRAW)
async def withdraw(call: Call) -> Sequence[Effects]:
    """It needs nothing: a test, a joke, a mistake."""
    heard, issue = call.heard, await call.issue()
    reason = call.need_words()
    return [await lifecycle.take_off(heard.settings, issue, heard.actor, reason, heard.at)]


async def _suggested(call: Call, issue: Issue) -> Effects:
    """What an issue may be the same as, to choose from."""
    heard = call.heard
    await call.check_right_on(issue)
    alike = await duplicates.of(heard.settings, issue, heard.at)
    if not alike:
        return heard.retort(texts.NOTHING_ALIKE, issue, number=issue.number, form=texts.FORM_MERGE)
    lines = [
        say(
            texts.ALIKE,
            heard.language,
            number=issue.number,
            other=other.number,
            words=await duplicates.called(other),
        )
        for other in alike
    ]
    return heard.retort_words("\n".join(lines), issue)


async def _replied_to(call: Call, issue: Issue) -> Message:
    """The resident's words to which a command replies.

    Raises:
        Misused: It replies to none.
        NotNow: The issue has no others.
    """
    target = call.heard.inbound.target
    bridge = call.heard.inbound.bridge
    said = Message.filter(issue_id=issue.id, voice=Voice.RESIDENT).order_by("id")
    words = await said.filter(bridge=bridge, external_id=target).first() if target else None
    if words is None and target:
        row = await Outbox.filter(bridge=ROOMS, external_id=target, issue_id=issue.id).first()
        relayed = row.payload.get("message") if row else None
        words = await said.filter(id=relayed).first() if relayed else None
    if words is None:
        raise Misused(texts.WRITE_IT_SO, form=call.form)
    first = await said.first()
    if first is not None and first.id == words.id:
        raise NotNow(texts.SPLIT_ALL, number=issue.number)
    return words
