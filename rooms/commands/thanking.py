"""The command by which a leader sees what they have done."""

from collections.abc import Sequence

from issues import chain
from issues.effects import Effects
from issues.errors import NotAllowed
from models import Leadership, Role
from programme.thanks.merits import reading, shown, texts
from rooms.commands.call import Call
from rooms.commands.table import command


@command("mywork merits 成绩 我的成绩", form=texts.FORM, about=texts.HELP, wordy=False)
async def mywork(call: Call) -> Sequence[Effects]:
    """What the leader has done in a year, to them alone."""
    heard = call.heard
    person = await call.leader()
    posts = Leadership.filter(chain.in_office(heard.at), person_id=person.id, role=Role.LEADER)
    post = await posts.order_by("-unit__path").select_related("unit").first()
    if post is None:
        raise NotAllowed(texts.NO_POST)
    merits = await reading.of(person, post.unit, heard.at)
    return [heard.privately(shown.in_chat(merits, heard.settings.territory, heard.own_language))]
