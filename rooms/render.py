"""How an issue looks in a room: the post with its story and state, and lines in its thread.

Only builds Matrix event contents. All words from outside are escaped before they become HTML, and
a line break is the only thing in them that is shown as anything but itself.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from issues import names, standing, story, telling, texts, together
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Issue, Message, Room, RoomEvent, State, Unit, Voice

#: Where our events carry their idempotency key and, on posts, the issue for programs to read.
KEY = "org.linzhang.key"
ISSUE = "org.linzhang.issue"

#: What can be pressed; never a person's link, which clients show as that person's name.
_LINK = re.compile(r"https?://(?!matrix\.to/#/(?:@|%40))[^\s<>\"']+|tel:\+\d{5,15}")

#: Bytes that the words of an event may have, with and without their form: a homeserver takes 65,536 with all
#: that it adds, and what is larger would never be shown. An edit has everything twice.
_LINE_ROOM = 56_000
_POST_ROOM = _LINE_ROOM // 2

#: Characters that a post shows of the first words, and of each line of the story: all, if there is room.
_SHORTER = ((None, None), (None, 1000), (None, 300), (None, 100), (8000, 100), (4000, 100), (1000, 100))


@dataclass(frozen=True, slots=True)
class Card:
    """A post's parts, in reading order."""

    head: str
    words: str
    story: Sequence[str]
    state: str


async def card(settings: Settings, issue: Issue, unit: Unit | None) -> Card:
    """What an issue's post says in the room of a unit, as things stand now; None: to a leader alone."""
    profile = settings.territory
    language = profile.default_language
    now = settings.clock.now()
    said = await Message.filter(issue_id=issue.id).select_related("author").order_by("id")
    first = said[0]
    head = await telling.head(settings, issue, language, now)
    if issue.urgent:
        head = say(texts.MARK_URGENT, language) + head
    if issue.private:
        head = say(texts.POST_PRIVATE, language, head=head)
    further = said[1:]
    is_its_own = unit is not None and unit.id == issue.block_id and not issue.private
    if is_its_own:  # where neighbours may be, who have not seen what stays among leaders
        further = [each for each in further if each.voice is not Voice.INSIDE]
    # In the block's own room the thread is the story, unless a part of it stands in one that was lost.
    has_thread = is_its_own and not await _stood_in_a_lost_room(issue, unit)
    told = [] if has_thread else await story.lines(settings, issue, further, language)
    return Card(head, telling.said(first, language), told, await _state(settings, issue, unit))


async def _stood_in_a_lost_room(issue: Issue, unit: Unit | None) -> bool:
    rooms = await RoomEvent.filter(issue_id=issue.id).distinct().values_list("room_id", flat=True)
    lost = Room.filter(unit_id=unit.id if unit else None, room_id__in=list(rooms)).exclude(lost_at=None)
    return await lost.exists()


def post(
    card: Card, issue: Issue, unit: Unit, key: str, *, mention: Sequence[str] = (), with_words: bool = True
) -> dict[str, Any]:
    """The content of an issue's post.

    Args:
        card: What it says.
        issue: With its holder fetched.
        unit: Whose room it stands in.
        key: Names the effect.
        mention: Matrix ids of those whose phones are to ring.
        with_words: Whether to repeat the words; not under the resident's own message.
    """
    for of_words, of_lines in _SHORTER:
        text, html = _body(_shortened(card, of_words, of_lines), with_words=with_words)
        if _weight(text) + _weight(html) <= _POST_ROOM:
            break
    return _content(text, html, key, mention) | {
        ISSUE: {
            "number": issue.number,
            "state": str(issue.state),
            "answer_due": issue.answer_due.isoformat() if issue.answer_due else None,
            "holder": issue.holder.code if issue.holder else None,
            "unit": unit.code,
        }
    }


def line(text: str, key: str, *, mention: Sequence[str] = (), by_resident: bool = False) -> dict[str, Any]:
    """The content of a line in a thread; the service's own lines ring nobody's phone unasked."""
    content = _in_full(text, key, mention, by_resident=by_resident)
    if not by_resident and not mention:
        content["msgtype"] = "m.notice"
    return content


def whisper(text: str, key: str) -> dict[str, Any]:
    """The content of words to one person; what leads somewhere in them can be pressed."""
    return _in_full(text, key, ())


def plain(text: str, key: str) -> dict[str, Any]:
    """The content of words to a program, which reads nothing but them."""
    return {"msgtype": "m.text", "body": text, "m.mentions": {}, KEY: key}


def openly(
    text: str, key: str, *, name: str, user_id: str, quoted: str, language: str, width: int
) -> dict[str, Any]:
    """The content of words to somebody of another network: a message of its own that names and quotes them.

    Args:
        text: What they are told.
        key: Names the effect.
        name: What they are called.
        user_id: Their puppet, which clients and bridges show as the person.
        quoted: The beginning of what they had said, which this is about; empty: it needs none.
        language: Theirs.
        width: See `Network.width`.
    """
    about = say(texts.OPENLY_ABOUT, language, words=quoted) if quoted else ""
    said = _broken(f"{about}{text}", width)
    pill = f'<a href="https://matrix.to/#/{escape(user_id)}">{escape(name)}</a>'
    plain = say(texts.SAID_BY, language, name=name, words=said)
    html = say(texts.SAID_BY, language, name=pill, words=_linked(said))
    return _content(plain, html, key, [user_id])


def reaction(emoji: str, target: str, key: str) -> dict[str, Any]:
    """The content of a reaction to an event."""
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": emoji}, KEY: key}


def edit(content: dict[str, Any], target: str, *, seen_as_new: bool = False) -> dict[str, Any]:
    """The event content that puts `content` in the place of an earlier event's.

    Args:
        content: The new one.
        target: Id of the earlier event.
        seen_as_new: Whether somebody in the room sees every edit as a message of its own, but no notices:
            then it is one. Bridges look for that in the new content, and clients ring for neither.
    """
    quiet = content | {"m.mentions": {}} | ({"msgtype": "m.notice"} if seen_as_new else {})
    return quiet | {
        "body": f"* {content['body']}",
        "formatted_body": f"* {content['formatted_body']}",
        "m.new_content": quiet,
        "m.relates_to": {"rel_type": "m.replace", "event_id": target},
    }


def in_thread(content: dict[str, Any], root: str) -> dict[str, Any]:
    """The content as part of a thread; clients without threads show it as a reply."""
    relation = {
        "rel_type": "m.thread",
        "event_id": root,
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": root},
    }
    return content | {"m.relates_to": relation}


def in_reply(content: dict[str, Any], event: str) -> dict[str, Any]:
    """The content as a reply outside threads."""
    return content | {"m.relates_to": {"m.in_reply_to": {"event_id": event}}}


def _body(card: Card, *, with_words: bool) -> tuple[str, str]:
    """A card's text and its HTML."""
    plain, html = [card.head], [f"<strong>{escape(card.head)}</strong>"]
    if with_words:
        plain.append(card.words)
        html.append(f"<blockquote>{_lines(card.words)}</blockquote>")
    if card.story:
        plain += [f"· {line}" for line in card.story]
        html.append("<ul>" + "".join(f"<li>{_lines(line)}</li>" for line in card.story) + "</ul>")
    plain.append(card.state)
    html.append(f"<p>{escape(card.state)}</p>")
    return "\n".join(plain), "".join(html)


def _shortened(card: Card, of_words: int | None, of_lines: int | None) -> Card:
    told = [_beginning(each, of_lines) for each in card.story]
    return replace(card, words=_beginning(card.words, of_words), story=told)


def _beginning(text: str, limit: int | None) -> str:
    return text if limit is None or len(text) <= limit else f"{text[: limit - 1]}…"


def _in_full(text: str, key: str, mention: Sequence[str], *, by_resident: bool = False) -> dict[str, Any]:
    """The content of words that stand alone: long ones go without their form, and endless ones are cut."""
    while _weight(text) > _LINE_ROOM:
        text = _beginning(text, len(text) * _LINE_ROOM // _weight(text) - 1)
    html = _lines(text) if by_resident else _linked(text)
    content = _content(text, html, key, mention)
    if _weight(text) + _weight(html) > _LINE_ROOM:
        del content["format"], content["formatted_body"]
    return content


def _weight(text: str) -> int:
    """Bytes that a text has as JSON."""
    return len(json.dumps(text, ensure_ascii=False).encode())


def _content(text: str, html: str, key: str, mention: Sequence[str]) -> dict[str, Any]:
    return {
        "msgtype": "m.text",
        "body": text,
        "format": "org.matrix.custom.html",
        "formatted_body": html,
        "m.mentions": {"user_ids": list(mention)} if mention else {},
        KEY: key,
    }


def _broken(text: str, width: int) -> str:
    """Words with no line longer than so many characters; broken behind a sign or a blank if one is near."""
    if not width:
        return text
    pieces = re.compile(rf".{{{width // 2},{width - 1}}}[\s,;.!?，；。！？、]|.{{1,{width}}}")
    return "\n".join("\n".join(pieces.findall(line)) for line in text.split("\n"))


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _linked(text: str) -> str:
    parts, end = [], 0
    for found in _LINK.finditer(text):
        url = escape(found.group())
        parts += [_lines(text[end : found.start()]), f'<a href="{url}">{url}</a>']
        end = found.end()
    return "".join([*parts, _lines(text[end:])])


async def _state(settings: Settings, issue: Issue, unit: Unit | None) -> str:
    profile = settings.territory
    language = profile.default_language
    match issue.state:
        case State.ANSWERED:
            return say(texts.STATE_ANSWERED, language)
        case State.RESOLVED:
            return say(texts.STATE_RESOLVED_UNASKED if issue.silent else texts.STATE_RESOLVED, language)
        case State.CLOSED:
            if issue.rating is not None:
                return say(texts.STATE_RATED, language, rating=issue.rating)
            lapsed = texts.STATE_LAPSED_UNASKED if issue.silent else texts.STATE_LAPSED
            return say(lapsed if await standing.has_lapsed(issue) else texts.STATE_CLOSED, language)
        case State.REFERRED:
            return _referred(settings, issue, unit)
        case State.MERGED:
            return say(texts.STATE_MERGED, language, number=(await together.whole(issue)).number)
        case State.WITHDRAWN:
            return await _withdrawn(settings, issue)
    if issue.block is None:
        return say(texts.STATE_UNPLACED, language)
    assert issue.holder is not None
    assert issue.answer_due is not None
    time = clock_time(issue.answer_due, settings.clock.now(), profile.zone, language)
    if unit is None or issue.holder.id == unit.id:
        accepted = await standing.accepted_by(issue)
        if accepted is not None:
            now = settings.clock.now()
            name = await names.speaker(accepted, issue.block, profile, language, now)
            return say(texts.STATE_ACCEPTED, language, name=name, time=time)
        return say(texts.STATE_OPEN, language, time=time)
    # What is urgent stands in the rooms above, too, which it has not gone up to.
    elsewhere = texts.STATE_URGENT_ELSEWHERE if issue.urgent else texts.STATE_OPEN_ELSEWHERE
    return say(elsewhere, language, unit=issue.holder.name, time=time)


async def _withdrawn(settings: Settings, issue: Issue) -> str:
    profile = settings.territory
    language, now = profile.default_language, settings.clock.now()
    person = await standing.withdrawn_by(issue)
    if person is None or person.id == issue.reporter_id:
        return say(texts.STATE_WITHDRAWN, language)
    name = await names.speaker(person, issue.block or issue.holder, profile, language, now)
    return say(texts.STATE_TAKEN_OFF, language, name=name)


def _referred(settings: Settings, issue: Issue, unit: Unit | None) -> str:
    profile = settings.territory
    language = profile.default_language
    assert issue.holder is not None
    assert issue.resolve_due is not None
    time = clock_time(issue.resolve_due, settings.clock.now(), profile.zone, language)
    if unit and issue.holder.id == unit.id:
        return say(texts.STATE_REFERRED_HERE, language, time=time)
    return say(texts.STATE_REFERRED, language, department=issue.holder.name, time=time)
