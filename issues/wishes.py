"""What a resident wishes in one word that is about no single issue, or about how we talk.

How do my issues stand, how does this work, whom can I call, which language, no more texts.
"""

from collections.abc import Sequence

from issues import belonging, chain, keywords, names, numbers, overview, reaching, texts
from issues.conversation import Conversation
from issues.effects import PHONE, Effects
from issues.vocabulary import Word
from linzhang.words import Text, say
from models import Issue, Person, Unit

#: The topic of the last word to somebody who wants no more.
_FAREWELL = "farewell"


async def fulfil(talk: Conversation) -> Sequence[Effects] | None:
    """Do what a text wishes; None: it wishes none of this."""
    wanted = keywords.language_wanted(talk.text, talk.profile.languages, talk.language)
    if wanted:
        return await _change_language(talk, wanted)
    match talk.said.word:
        case Word.STATUS:
            return await status(talk)
        case Word.HELP:
            return [talk.reply(texts.HELP_RESIDENT, emergency=talk.profile.emergency)]
        case Word.PERSON:
            return await _person(talk)
    return None


async def status(talk: Conversation) -> Sequence[Effects]:
    """Tell how the resident's issues stand, or the one whose number they quote."""
    about = await belonging.quoted(talk.person, talk.said.numbers)
    issues = [about] if about else await belonging.undone(talk.person)
    if not issues:
        return [talk.reply(texts.STATUS_NOTHING)]
    if len(issues) == 1:
        told = await overview.of_one(talk.settings, issues[0], talk.language, talk.at)
    else:
        told = await overview.of_all(talk.settings, issues, talk.language, talk.at)
    return [talk.reply_in_words(told)]


async def stop(talk: Conversation, *, farewell: bool) -> Sequence[Effects]:
    """No more texts: one last word, unless the carrier has said it, and leaders know that they must knock."""
    address = talk.address
    if address.stopped_at is not None:
        return ()
    address.stopped_at = talk.settings.clock.wall()
    await address.save(update_fields=["stopped_at"])
    effects = talk.effects()
    if farewell:
        effects.tell(address, say(texts.STOPPED, talk.language), topic=_FAREWELL, even_stopped=True)
    return [await _tell_rooms(talk, effects, texts.LINE_STOPPED)]


async def start(talk: Conversation, *, welcome: bool) -> Sequence[Effects]:
    """Texts again."""
    address = talk.address
    address.stopped_at = None
    await address.save(update_fields=["stopped_at"])
    effects = talk.effects()
    if welcome:
        effects.tell(address, say(texts.STARTED, talk.language))
    return [await _tell_rooms(talk, effects, texts.LINE_STARTED)]


async def _tell_rooms(talk: Conversation, effects: Effects, text: Text) -> Effects:
    for issue in await belonging.undone(talk.person):
        if issue.holder_id is not None:
            effects.say(issue, issue.holder_id, say(text, talk.profile.default_language))
    return effects


async def _change_language(talk: Conversation, language: str) -> Sequence[Effects]:
    talk.person.language = language
    talk.person.language_chosen = True
    await talk.person.save(update_fields=["language", "language_chosen"])
    return [talk.reply(texts.LANGUAGE_CHANGED)]


async def _person(talk: Conversation) -> Sequence[Effects] | None:
    """Give the number of whoever acts for the holder now, and tell them that a call is wanted.

    Somebody of whom nobody knows where they live is asked that first, as with every report.
    """
    issue = await belonging.quoted(talk.person, talk.said.numbers)
    issue = issue or next(iter(await belonging.undone(talk.person)), None)
    unit = (
        await Unit.get_or_none(id=issue.holder_id or 0)
        if issue
        else await chain.home_of(talk.person, talk.at)
    )
    found = await _somebody(talk, unit) if unit else None
    if unit is None or found is None:
        return None
    leader, led = found
    effects = talk.effects()
    called = await names.holder(led, talk.profile, talk.language, talk.at)
    phone = await reaching.phone_of(talk.settings, leader)
    if talk.address.stopped_at is None and phone:
        text = say(texts.PERSON, talk.language, leader=called, phone=PHONE)
        effects.tell(talk.address, text, phone_of=phone.id)
    elif talk.address.stopped_at is None:
        emergency = talk.profile.emergency
        effects.tell(talk.address, say(texts.PERSON_CALLS, talk.language, leader=called, emergency=emergency))
    await _tell_leader(talk, effects, leader, issue)
    return [effects]


async def _somebody(talk: Conversation, unit: Unit) -> tuple[Person, Unit] | None:
    """Who acts for a unit now, or else for the next one above that has somebody."""
    for each in await chain.upwards(unit, talk.profile):
        acting = await chain.acting(each, talk.at)
        if acting and acting.person.id != talk.person.id:
            return acting.person, each
    return None


async def _tell_leader(talk: Conversation, effects: Effects, leader: Person, issue: Issue | None) -> None:
    """Tell a leader who wants a call, and where; the issue's thread hears of it too."""
    language = names.language_of(leader, talk.profile)
    home = await chain.home_of(talk.person, talk.at)
    phone = await numbers.on_phone(talk.settings, talk.address)
    text = say(
        texts.WANTS_CALL if phone else texts.WANTS_TALK,
        language,
        name=names.resident(talk.person, language),
        place=await names.place(home, talk.profile, language),
        phone=PHONE,
    )
    await reaching.leader(
        talk.settings, effects, leader, text, talk.at, issue=issue, phone_of=phone.id if phone else None
    )
    if issue and issue.holder_id is not None:
        line = say(texts.LINE_WANTS_CALL, talk.profile.default_language)
        effects.say(issue, issue.holder_id, line, mention=[leader.id])
