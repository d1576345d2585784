"""When all is well again, nothing is left halfway: only what is held for the morning may wait."""

from collections.abc import Iterator

from chaos.evidence import Evidence, Violation

RULE = "drained"


def check(evidence: Evidence) -> Iterator[Violation]:
    """Everything that came in is worked on, and everything that may go out has gone."""
    for entry in evidence.inbox:
        if entry.state != "done":
            yield Violation(
                RULE, f"inbox {entry.id} ({entry.bridge} {entry.external_id}) is still {entry.state}"
            )
    for effect in evidence.effects:
        held = effect.hold_until is not None and effect.hold_until > evidence.facts.now
        if effect.state == "failed":
            yield Violation(RULE, f"outbox {effect.id} {effect.key} was given up, and nobody had refused it")
        elif effect.state == "calling" or (effect.state == "waiting" and not held):
            yield Violation(
                RULE, f"outbox {effect.id} {effect.key} ({effect.bridge}) is still {effect.state}"
            )
