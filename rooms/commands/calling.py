"""The command by which a leader gets a resident's number, to press and call."""

from collections.abc import Sequence

from issues import lifecycle, texts
from issues.effects import Effects
from issues.errors import NotAllowed
from rooms.commands.call import Call
from rooms.commands.table import command


@command("call phone 电话 打电话", "📞 ☎", form=texts.FORM_CALL, about=texts.HELP_CALL, wordy=False)
async def call_up(call: Call) -> Sequence[Effects]:
    """The resident's number, to the leader alone."""
    heard, issue = call.heard, await call.own_issue()
    if heard.address is None:
        raise await lifecycle.not_yours(heard.settings, issue, heard.at)
    if heard.is_in_the_open:
        raise NotAllowed(texts.NOT_IN_THE_OPEN)
    done = await lifecycle.look_up(heard.settings, issue, heard.actor, heard.address, heard.at)
    return [done] if heard.is_direct else [done, heard.pressed()]
