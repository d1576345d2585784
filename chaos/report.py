"""What a run prints: what was tried, what was counted, and what must not be."""

from collections import Counter
from collections.abc import Iterator, Sequence

from chaos.evidence import Evidence, Violation
from chaos.rules import windows
from chaos.run import Outcome
from chaos.script import Script
from chaos.words import sign_in


def lines(script: Script, outcome: Outcome, violations: Sequence[Violation]) -> Iterator[str]:
    """The report, line by line."""
    yield f"seed {script.seed}: {len(script.residents)} residents, {script.seconds:g} s"
    yield "tried:"
    for kind, count in sorted(outcome.fallen.items()):
        yield f"  {count:>5} {kind}"
    yield "counted:"
    for name, number in counts(outcome.evidence).items():
        yield f"  {number:>5} {name}"
    if outcome.drained is not None:
        yield f"drained in {outcome.drained:.1f} s"
    for violation in violations:
        yield f"VIOLATION {violation.rule}: {violation.says}"
    by_rule = Counter(each.rule for each in violations)
    found = ", ".join(f"{count} {rule}" for rule, count in by_rule.items())
    yield f"seed {script.seed}: {'nothing was lost, nothing came twice' if not violations else found}"


def counts(evidence: Evidence) -> dict[str, int]:
    """What there was."""
    passed = windows.passed(evidence)
    states = Counter(each.state for each in evidence.effects if each.bridge == "sms")
    leaders = evidence.facts.leaders
    return {
        "texts of residents": len(evidence.texts_in),
        "of them accepted": sum(each.accepted for each in evidence.texts_in),
        "times the application was told of them": sum(each.told for each in evidence.texts_in),
        "issues": len(evidence.issues),
        "of them private": sum(each.private for each in evidence.issues),
        "texts that went out": len(evidence.texts_out),
        "texts held for the morning": states["waiting"],
        "texts taken back": states["cancelled"],
        "messages in rooms": len(evidence.events),
        "of them leaders' words in threads": sum(
            each.sender in leaders and bool(sign_in(each.body)) for each in evidence.events
        ),
        "windows that passed": len(passed),
        "of them escalations": sum(each.action == "escalate" for each in passed),
        "steps of histories": len(evidence.history),
    }
