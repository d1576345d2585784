"""The same seed is the same script, and a script holds what a run needs."""

from datetime import timedelta

from chaos.script import PERIODS, write
from chaos.words import sign_in


def test_the_same_seed_is_the_same_script() -> None:
    assert write(7, 30, 60, postgres=True) == write(7, 30, 60, postgres=True)
    assert write(7, 30, 60, postgres=True) != write(8, 30, 60, postgres=True)


def test_leaders_do_the_same_about_the_same_post_whatever_its_number() -> None:
    script = write(7, 30, 60, postgres=True)
    signs = [sign_in(each.sayings[0].words) for each in script.residents]
    assert [script.deeds(sign, "block") for sign in signs] == [script.deeds(sign, "block") for sign in signs]
    assert any(script.deeds(sign, "block") for sign in signs)
    assert not all(script.deeds(sign, "block") for sign in signs), "some windows pass"


def test_every_text_has_a_sign_of_its_own_and_everything_breaks_once_at_least() -> None:
    script = write(7, 300, 60, postgres=True)
    signs = [sign_in(saying.words) for each in script.residents for saying in each.sayings]
    assert "" not in signs
    assert len(set(signs)) == len(signs)
    assert {each.kind for each in script.blows} == set(PERIODS)
    assert script.speed(timedelta(hours=4)) == 960
