"""Every text that should go out went out exactly once, and in order for each phone.

What should go out is read twice: from the effects, and from the history, in which each step of which a
resident is to hear must have an effect at their address.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from chaos.evidence import Effect, Evidence, TextOut, Violation

RULE = "sent"

#: Steps of which the resident is told, always.
_TOLD = frozenset({"report", "escalate", "accept", "answer", "say", "resolve", "confirm", "reject"})


def check(evidence: Evidence) -> Iterator[Violation]:
    """Compare the effects with what the carrier took, and the history with the effects."""
    went: dict[str, list[TextOut]] = defaultdict(list)
    for text in evidence.texts_out:
        went[text.key].append(text)
    effects = [each for each in evidence.effects if each.bridge == "sms"]
    known = {each.key for each in effects}
    for key in went.keys() - known:
        sids = ", ".join(each.sid for each in went[key])
        yield Violation(RULE, f"the carrier took {sids}, which is the text of no effect ({key or 'no key'})")
    for effect in effects:
        yield from _once(evidence, effect, went[effect.key])
    yield from _superseded(effects)
    yield from _in_order(evidence, {each.key: each for each in effects})
    yield from _of_history(evidence, effects)


def _once(evidence: Evidence, effect: Effect, went: list[TextOut]) -> Iterator[Violation]:
    name = f"outbox {effect.id} {effect.key}"
    wanted = 1 if effect.state == "sent" else 0
    sids = ", ".join(each.sid for each in went) or "nothing"
    if len(went) != wanted:
        yield Violation(RULE, f"{name} is {effect.state}, and the carrier took {sids}")
    for text in went:
        if text.number != evidence.facts.numbers.get(effect.address_id or 0):
            yield Violation(RULE, f"{name} went to somebody else: {text.sid}")
        if text.body != effect.text:
            yield Violation(RULE, f"{name} says something else at the carrier: {text.sid}")
    if wanted and len(went) == 1 and effect.external_id != went[0].sid:
        yield Violation(RULE, f"{name} is taken for {effect.external_id or 'nothing'}, and is {sids}")


def _superseded(effects: list[Effect]) -> Iterator[Violation]:
    """A text is only taken back for a later one about the same."""
    last: dict[tuple[str, str, int | None], int] = {}
    for effect in effects:
        last[effect.lane, effect.topic, effect.issue_id] = effect.id
    for effect in effects:
        later = last[effect.lane, effect.topic, effect.issue_id]
        if effect.state == "cancelled" and (not effect.topic or later <= effect.id):
            yield Violation(
                RULE, f"outbox {effect.id} {effect.key} was taken back, and nothing took its place"
            )


def _in_order(evidence: Evidence, effects: dict[str, Effect]) -> Iterator[Violation]:
    lines: dict[str, list[tuple[int, TextOut]]] = defaultdict(list)
    for text in evidence.texts_out:
        if text.key in effects:
            lines[text.number].append((effects[text.key].id, text))
    for line in lines.values():
        for (before, first), (after, second) in pairwise(line):
            if after < before:
                yield Violation(
                    RULE,
                    f"a phone got outbox {after} {second.key} ({second.sid}) behind {before} {first.key}"
                    f" ({first.sid})",
                )


def _of_history(evidence: Evidence, effects: list[Effect]) -> Iterator[Violation]:
    addresses = {each.id: each.address_id for each in evidence.issues}
    made = {(each.key.rsplit(".", 1)[0], each.address_id) for each in effects}
    for step in evidence.history:
        cause = f"i{step.issue_id}.{step.seq}"
        if step.action in _TOLD and (cause, addresses.get(step.issue_id)) not in made:
            yield Violation(
                RULE, f"step {step.seq} ({step.action}) of issue {step.issue_id} was told to nobody"
            )
