"""What should stand in rooms stands there once: one post per issue and room, each line once, in order."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from chaos.evidence import Effect, Event, Evidence, Violation

RULE = "shown"


def check(evidence: Evidence) -> Iterator[Violation]:
    """Compare the effects, and the holders that an issue has had, with the rooms."""
    yield from _posts(evidence)
    stands: dict[str, list[Event]] = defaultdict(list)
    for event in evidence.events:
        if event.key:
            stands[event.key].append(event)
    for key, events in stands.items():
        if len(events) > 1:
            yield Violation(
                RULE, f"{key} stands {len(events)} times: {', '.join(e.event_id for e in events)}"
            )
    there = {each.event_id for each in evidence.events}
    rows = {each.key: each for each in evidence.effects if each.bridge == "rooms"}
    for effect in rows.values():
        in_a_message = effect.do in ("show", "say", "relay", "state", "retort")
        if in_a_message and effect.state == "sent" and effect.external_id and effect.external_id not in there:
            yield Violation(
                RULE, f"outbox {effect.id} {effect.key} is taken for {effect.external_id}, which is not there"
            )
    yield from _in_order(evidence, rows)


def _posts(evidence: Evidence) -> Iterator[Violation]:
    """Each unit that has had an issue has its post once, but for private ones."""
    posts = Counter(
        (each.issue, evidence.rooms[each.room_id])
        for each in evidence.events
        if each.is_post and each.room_id in evidence.rooms
    )
    told = evidence.steps()
    for issue in evidence.issues:
        held = dict.fromkeys(each.to_holder_id for each in told.get(issue.id, []))
        for unit_id in held:
            count = posts.pop((issue.number, unit_id or 0), 0)
            if count != (0 if issue.private else 1):
                yield Violation(RULE, f"issue {issue.id} has {count} posts in the room of unit {unit_id}")
    for (number, unit_id), count in posts.items():
        yield Violation(
            RULE, f"no. {number} has {count} posts in the room of unit {unit_id}, which never had it"
        )


def _in_order(evidence: Evidence, rows: dict[str, Effect]) -> Iterator[Violation]:
    """The lines of one issue in one room stand as they were written."""
    lanes: dict[str, list[tuple[int, Event]]] = defaultdict(list)
    for event in evidence.events:
        row = rows.get(event.key.removesuffix(".post"))
        if row is not None and row.issue_id is not None and row.lane.startswith("issue:"):
            lanes[row.lane].append((row.id, event))
    for lane, line in lanes.items():
        for (before, first), (after, second) in pairwise(line):
            if after < before:
                yield Violation(
                    RULE,
                    f"{lane}: {second.event_id} (outbox {after}) stands behind {first.event_id} ({before})",
                )
