"""The history of an issue begins with its report, has no gap, and ends where the issue is."""

from collections.abc import Iterator
from itertools import pairwise

from chaos.evidence import Evidence, Violation

RULE = "history"


def check(evidence: Evidence) -> Iterator[Violation]:
    """Numbers without a gap, each step from where the last one led."""
    told = evidence.steps()
    known = {each.id for each in evidence.issues}
    for issue_id in told.keys() - known:
        yield Violation(RULE, f"there is a history of issue {issue_id}, which is not there")
    for issue in evidence.issues:
        steps = told.get(issue.id, [])
        numbers = [each.seq for each in steps]
        if not steps or numbers != list(range(1, len(steps) + 1)):
            yield Violation(RULE, f"the history of issue {issue.id} has the numbers {numbers}")
            continue
        if steps[0].action != "report" or steps[0].from_state:
            yield Violation(RULE, f"the history of issue {issue.id} begins with {steps[0].action}")
        for before, step in pairwise(steps):
            if (before.to_state, before.to_holder_id) != (step.from_state, step.from_holder_id):
                yield Violation(
                    RULE,
                    f"step {step.seq} of issue {issue.id} comes from {step.from_state} at"
                    f" {step.from_holder_id}, but step {before.seq} led to {before.to_state} at"
                    f" {before.to_holder_id}",
                )
        if (steps[-1].to_state, steps[-1].to_holder_id) != (issue.state, issue.holder_id):
            yield Violation(
                RULE,
                f"issue {issue.id} is {issue.state} at {issue.holder_id}, but its last step led to"
                f" {steps[-1].to_state} at {steps[-1].to_holder_id}",
            )
