"""A danger is heard however it is cried, and an extinguisher that has expired wakes nobody."""

import pytest

from issues.urgency import danger
from linzhang.profile import load_profile
from tests.factories import PROFILE
from tests.issues.phrases import phrases

BOZHOU = load_profile(PROFILE)


@pytest.mark.parametrize(("kind", "text"), phrases("dangers"))
def test_a_text_tells_of_a_danger_or_of_none(kind: str, text: str) -> None:
    found = danger(text, BOZHOU)
    assert (found.kind if found else "none") == kind


def test_the_number_to_call_is_the_dangers() -> None:
    found = [danger(text, BOZHOU) for text in ("着火了", "漏煤气了", "有人晕倒了", "有人落水了")]
    assert [each.number for each in found if each] == ["119", "119", "120", "110"]


def test_a_profile_without_dangers_hears_none() -> None:
    assert danger("着火了", BOZHOU.model_copy(update={"urgent": []})) is None
