"""Commands by which an issue goes to somebody else."""

from collections.abc import Sequence

from issues import lifecycle, texts
from issues.effects import Effects
from rooms.commands.call import Call
from rooms.commands.table import command


@command("up 上报 转上级 往上报", "⬆ 🔼 ⏫", form=texts.FORM_UP, about=texts.HELP_UP)
async def up(call: Call) -> Sequence[Effects]:
    """To the unit above."""
    heard = call.heard
    issue = await call.issue()
    return [await lifecycle.pass_up(heard.settings, issue, heard.actor, call.words, heard.at)]
