"""Commands by which an issue goes to somebody else."""

from collections.abc import Sequence

from issues import departments, lifecycle, texts
from issues.effects import Effects
from linzhang.words import say
from models import Issue, Unit
from rooms.commands.call import Call, Misused
from rooms.commands.table import command


@command("up 上报 转上级 往上报", "⬆ 🔼 ⏫", form=texts.FORM_UP, about=texts.HELP_UP)
async def up(call: Call) -> Sequence[Effects]:
    """To the unit above."""
    heard = call.heard
    issue = await call.issue()
    return [await lifecycle.pass_up(heard.settings, issue, heard.actor, call.words, heard.at)]


@command("refer assign 转部门 转交 派单", form=texts.FORM_REFER, about=texts.HELP_REFER)
async def refer(call: Call) -> Sequence[Effects]:
    """To a department."""
    heard, issue = call.heard, await call.issue()
    department, reason = await _department(call, issue)
    return [await lifecycle.refer(heard.settings, issue, heard.actor, department, reason, heard.at)]


@command("return 退回", form=texts.FORM_RETURN, about=texts.HELP_RETURN)
async def hand_back(call: Call) -> Sequence[Effects]:
    """From a department back to whoever referred it."""
    heard, issue = call.heard, await call.issue()
    reason = call.need_words()
    return [await lifecycle.hand_back(heard.settings, issue, heard.actor, reason, heard.at)]


async def _department(call: Call, issue: Issue) -> tuple[Unit, str]:
    """The department that is meant, and the reason behind its name.

    Raises:
        Misused: There is none, or it is not clear which one.
    """
    there = await departments.of(issue, call.heard.settings.territory)
    if not there:
        raise Misused(texts.NO_DEPARTMENTS)
    meant, reason = departments.meant(call.words, there)
    if len(meant) == 1:
        return meant[0], reason
    comma = say(texts.COMMA, call.heard.language)
    listed = comma.join(unit.name for unit in meant or there)
    raise Misused(texts.WHICH_DEPARTMENT, form=call.form, departments=listed)
