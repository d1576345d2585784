"""Commands by which a leader takes an issue on, speaks about it and finishes it."""

from collections.abc import Sequence

from issues import lifecycle, texts
from issues.effects import Effects
from issues.errors import NotNow
from rooms.commands.call import Call
from rooms.commands.table import command

#: Words by which something stops to be urgent.
_OFF = ("off", "no", "取消", "不紧急", "解除")


@command(
    "accept ack take 接单 收到 接下 我来办",
    "👀 👍",
    form=texts.FORM_ACCEPT,
    about=texts.HELP_ACCEPT,
    wordy=False,
)
async def accept(call: Call) -> Sequence[Effects]:
    """The leader is on it."""
    heard = call.heard
    return [await lifecycle.accept(heard.settings, await call.issue(), heard.actor, heard.at)]


@command("answer reply say tell 答复 回复 回答", form=texts.FORM_ANSWER, about=texts.HELP_ANSWER)
async def answer(call: Call) -> Sequence[Effects]:
    """Words for the resident."""
    heard, issue = call.heard, await call.issue()
    if heard.person is None:
        raise await lifecycle.not_yours(heard.settings, issue, heard.at)
    words = heard.message(call.need_words())
    return [await lifecycle.answer(heard.settings, issue, heard.actor, words, heard.at)]


@command(
    "done finished solved 办结 完成 办好了 好了 解决了 解决",
    "✅ ☑ ✔",
    form=texts.FORM_DONE,
    about=texts.HELP_DONE,
    wordy=False,
)
async def done(call: Call) -> Sequence[Effects]:
    """It is done: the resident is asked."""
    heard = call.heard
    return [await lifecycle.resolve(heard.settings, await call.issue(), heard.actor, heard.at)]


@command("urgent 紧急 加急", "🆘 🚨", form=texts.FORM_URGENT, about=texts.HELP_URGENT)
async def urgent(call: Call) -> Sequence[Effects]:
    """A life or a house is in danger; or, with 'off', it is not."""
    heard, issue = call.heard, await call.issue()
    if call.words.strip().lower() in _OFF:
        return [await lifecycle.calm(heard.settings, issue, heard.actor, heard.at)]
    if issue.urgent:
        await call.check_right_on(issue)
        raise NotNow(texts.ALREADY_URGENT, number=issue.number)
    return [await lifecycle.urgent(heard.settings, issue, heard.actor, heard.at)]


@command("note 备注 内部", "📝", form=texts.FORM_NOTE, about=texts.HELP_NOTE)
async def note(call: Call) -> Sequence[Effects]:
    """Words that stay among leaders."""
    heard, issue = call.heard, await call.issue()
    if heard.person is None:
        raise await lifecycle.not_yours(heard.settings, issue, heard.at)
    words = heard.message(call.need_words())
    await lifecycle.note(heard.settings, issue, heard.actor, words, heard.at)
    return [heard.retort(texts.NOTED, issue, number=issue.number)]
