"""Commands about the course for new leaders, and the first words of one to their residents."""

from collections.abc import Sequence

from issues import chain
from issues import texts as issue_texts
from issues.effects import Effects
from linzhang.words import duration, say
from programme import texts
from programme.notices.aims import Asked, Households
from programme.teaching import standing, starting
from programme.teaching.lessons import LESSONS
from rooms.commands import noticing
from rooms.commands.call import Call
from rooms.commands.table import command

#: Names that one answer tells.
_NAMED = 15


@command("learn course 学习 上课", form=texts.FORM_LEARN, about=texts.HELP_LEARN, wordy=False)
async def learn(call: Call) -> Sequence[Effects]:
    """Begin the course for oneself."""
    heard = call.heard
    course = await starting.learn(await call.leader(), heard.at)
    if course.lesson:
        words = say(texts.LEARNING_ALREADY, heard.own_language, number=course.lesson, of=len(LESSONS))
    else:
        words = say(texts.LEARNING, heard.own_language)
    return [heard.privately(words)]


@command("teach train 教学 培训", form=texts.FORM_TEACH, about=texts.HELP_TEACH, wordy=False)
async def teach(call: Call) -> Sequence[Effects]:
    """Let all new leaders below begin the course, and tell how those stand who have."""
    heard = call.heard
    settings, language = heard.settings, heard.own_language
    person = await call.leader()
    unit = await noticing.unit_of(heard)
    begun = await starting.begin(settings, unit, person, heard.at)
    lines = [say(texts.TEACHING_NOBODY, language)]
    if begun:
        names = [f"{post.unit.name} {post.person.name}" for post in begun[:_NAMED]]
        told = say(issue_texts.COMMA, language).join(names)
        lines = [say(texts.TEACHING, language, count=len(begun), names=told)]
    stands = await standing.line(settings.territory, unit, heard.at)
    facts = {"leaders": stands.leaders, "begun": stands.begun, "finished": stands.finished}
    lines.append(say(texts.TEACHING_STANDS, language, unit=unit.name, **facts))
    return [heard.privately("\n".join(lines))]


@command("introduce hello 自我介绍 介绍", form=texts.FORM_INTRODUCE, about=texts.HELP_INTRODUCE)
async def introduce(call: Call) -> Sequence[Effects]:
    """Write a first notice to one's own residents, to be looked at before it goes."""
    heard = call.heard
    profile = heard.settings.territory
    person = await call.leader()
    own = await chain.units_of(person, heard.at)
    unit = own[-1]
    language, tier = profile.default_language, profile.tier(unit.tier)
    words = call.words.strip() or say(
        texts.INTRODUCTION,
        language,
        title=tier.leader[language],
        time=duration(tier.answer_window, language),
    )
    return [await noticing.draft(heard, unit, words, Asked(tiers=[], households=Households.ALL))]
