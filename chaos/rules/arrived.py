"""Every text that the carrier has handed over is in exactly one issue, and stands in one thread.

Words are followed by their signs, so that it does not matter in which row they were kept. What carries no
sign, as the '1' that answers a question, must have been taken in once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from chaos.evidence import Event, Evidence, Issue, TextIn, Violation
from chaos.words import sign_in, signs_in

RULE = "arrived"


def check(evidence: Evidence) -> Iterator[Violation]:
    """One row, one issue, one thread."""
    entries = Counter(each.external_id for each in evidence.inbox if each.bridge == "sms")
    kept = _kept(evidence)
    pending = Counter(sign for words in evidence.pending for sign in signs_in(words))
    spoken = _spoken(evidence)
    issues = {each.id: each for each in evidence.issues}
    for text in evidence.texts_in:
        entered = entries[text.sid]
        if entered != 1 and (text.accepted or entered > 1):
            yield Violation(RULE, f"text {text.sid} was accepted and has {entered} rows in the inbox")
        sign = sign_in(text.body)
        if not sign or not entered:
            if sign and kept[sign]:
                yield Violation(RULE, f"text {text.sid} ({sign}) is in an issue and never came in")
            continue
        places = len(kept[sign]) + pending[sign]
        if places != 1:
            where = [f"issue {each}" for each in kept[sign]] + ["a question"] * pending[sign]
            yield Violation(RULE, f"text {text.sid} ({sign}) is in {places} places: {', '.join(where)}")
        for issue_id in kept[sign][:1]:
            yield from _in_its_thread(evidence, text, sign, issues[issue_id], spoken[sign])


def _kept(evidence: Evidence) -> dict[str, list[int]]:
    """The issues in which a sign is kept as a resident's words, once for each time that it stands there."""
    found: dict[str, list[int]] = defaultdict(list)
    for message in evidence.messages:
        if message.voice == "resident":
            for sign in signs_in(message.text):
                found[sign].append(message.issue_id)
    return found


def _spoken(evidence: Evidence) -> dict[str, list[Event]]:
    """In which messages of units' rooms a sign stands that are a resident's own words, or an issue's post."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in evidence.events:
        if event.room_id in evidence.rooms and not event.replaces and (event.is_ghosts or event.is_post):
            for sign in dict.fromkeys(signs_in(event.body)):
                found[sign].append(event)
    return found


def _in_its_thread(
    evidence: Evidence, text: TextIn, sign: str, issue: Issue, spoken: list[Event]
) -> Iterator[Violation]:
    number = evidence.facts.numbers.get(issue.address_id)
    if number != text.number:
        yield Violation(RULE, f"text {text.sid} ({sign}) is in issue {issue.id} of somebody else")
    if issue.private:
        for event in spoken:
            yield Violation(RULE, f"private words ({sign}) of issue {issue.id} stand in {event.event_id}")
        return
    posts = {each.event_id: each.issue for each in evidence.events if each.is_post}
    for event in spoken:
        about = event.issue if event.is_post else posts.get(event.root)
        if about != issue.number:
            yield Violation(
                RULE, f"words ({sign}) of issue {issue.id} stand in the thread of {about}: {event.event_id}"
            )
    at_home = [each for each in spoken if each.is_ghosts and evidence.rooms[each.room_id] == issue.block_id]
    if len(at_home) != 1:
        ids = ", ".join(each.event_id for each in at_home) or "nowhere"
        yield Violation(
            RULE, f"words ({sign}) of issue {issue.id} stand {len(at_home)} times in its block's room: {ids}"
        )
