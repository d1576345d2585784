"""What goes along with a leader's words to a resident: a picture, a voice, a film, a paper.

Each is a text of its own, behind the words. Whether it goes along with that text or is linked in it, only the
bridge can say, and only when it is sent; so both texts are written here.
"""

from datetime import datetime

from attachments.kinds import Family
from issues import names, telling, texts
from issues.effects import Effects
from linzhang.passes import Pass
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Issue, Message

#: Where links lead, below the public address: those in texts to people, and those in groups.
PATH = "/m/"
GROUP_PATH = "/g/"


async def enclose(
    settings: Settings, issue: Issue, effects: Effects, leader: str, words: Message, at: datetime
) -> None:
    """Send the reporter what came with a leader's words.

    Args:
        settings: The service's.
        issue: Whose reporter.
        effects: Where it is put.
        leader: How the speaker is called in the reporter's language.
        words: With which it came; saved.
        at: Programme time.
    """
    profile = settings.territory
    language = names.language_of(issue.reporter, profile)
    until = words.said_at + profile.link_lasts
    for number, medium in enumerate(words.media):
        family = Family.stated(str(medium["content_type"]))
        blanks = {
            "leader": leader,
            "number": str(issue.number),
            "thing": say(texts.THINGS[family], language),
        }
        enclosed = say(texts.ENCLOSED, language, **blanks)
        linked = say(
            texts.LINKED,
            language,
            **blanks,
            link=link(settings, Pass(words.id, number, until)),
            time=clock_time(until, at, profile.zone, language),
        )
        await telling.enclosure(
            settings,
            issue,
            effects,
            linked,
            at,
            enclosed=enclosed,
            message=words.id,
            number=number,
            alone=not words.text,
        )


def link(settings: Settings, opens: Pass) -> str:
    """The address at which a pass is shown."""
    return settings.public_url.rstrip("/") + PATH + settings.passes.write(opens)


def group_link(settings: Settings, opens: Pass) -> str:
    """The same for what an outbox row shows in a group."""
    return settings.public_url.rstrip("/") + GROUP_PATH + settings.group_passes.write(opens)
