"""Every word of a leader in an issue's thread is taken once, and reaches the resident once."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from chaos.evidence import Evidence, Step, Violation
from chaos.words import sign_in, signs_in

RULE = "heard"


def check(evidence: Evidence) -> Iterator[Violation]:
    """One row in the inbox, one transition, one text."""
    posts = {each.event_id: each.issue for each in evidence.events if each.is_post}
    numbers = {each.number: evidence.facts.numbers.get(each.address_id) for each in evidence.issues}
    entries = Counter(each.external_id for each in evidence.inbox if each.bridge == "matrix")
    steps = _by_event(evidence)
    texts = _texts(evidence)
    held = {
        sign
        for each in evidence.effects
        if each.state == "waiting" and each.hold_until is not None and each.hold_until > evidence.facts.now
        for sign in signs_in(each.text)
    }
    for event in evidence.events:
        sign = sign_in(event.body)
        if event.sender not in evidence.facts.leaders or event.root not in posts or not sign:
            continue
        if entries[event.event_id] != 1:
            yield Violation(
                RULE, f"a leader's {event.event_id} has {entries[event.event_id]} rows in the inbox"
            )
            continue
        issue = posts[event.root]
        taken = [f"{each.action} {each.seq}" for each in steps[event.event_id]]
        if len(taken) != 1 or steps[event.event_id][0].issue_id + 1000 != issue:
            yield Violation(
                RULE, f"a leader's {event.event_id} ({sign}) in issue no. {issue} led to {taken or 'nothing'}"
            )
        number = numbers.get(issue or 0)
        arrived = texts[sign]
        if sign in held and not arrived:
            continue
        if arrived != [number]:
            yield Violation(
                RULE, f"a leader's words ({sign}) about no. {issue} went out {len(arrived)} times"
            )


def _by_event(evidence: Evidence) -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = defaultdict(list)
    for step in evidence.history:
        if step.event_id and step.action in ("answer", "say"):
            found[step.event_id].append(step)
    return found


def _texts(evidence: Evidence) -> dict[str, list[str]]:
    """The numbers to which a sign went."""
    found: dict[str, list[str]] = defaultdict(list)
    for text in evidence.texts_out:
        for sign in dict.fromkeys(signs_in(text.body)):
            found[sign].append(text.number)
    return found
