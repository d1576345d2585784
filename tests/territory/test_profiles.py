"""Other programmes are files: each loads its own territory, and one report lives through it in its words."""

from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from escalator import deadlines
from issues import keywords, spoken, wording
from linzhang.profile import load_profile
from linzhang.words import clock_time, say, time_left, written_in
from models import Issue, Leadership
from territory.check import check
from territory.load import load_files
from tests.factories import MORNING, clock_of, make_settings, open_database
from tests.issues.diary import Leader, Phone

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "data" / "examples"


class Programme(NamedTuple):
    """A profile, and what a resident of its example reads: the dots are the time."""

    name: str
    number: str
    report: str
    told: list[str]

    @property
    def profile(self) -> Path:
        """Its file."""
        return ROOT / "profiles" / f"{self.name}.toml"


PROGRAMMES = [
    Programme(
        "rt-rw",
        "+62100000201",
        "Lampu jalan mati sejak kemarin",
        [
            "Thank you, we have it, no. 1001. Budi Santoso (Ketua RT) will answer you by 15:00 today.",
            "No. 1001 has gone up to Siti Aminah (Ketua RW). You will hear by 21:00 today. We stay with it.",
            "Siti Aminah (Ketua RW) on no. 1001: Besok.",
            "Siti Aminah (Ketua RW) says that no. 1001 is done. Is it solved? Text 1 for yes, 2 for no.",
            "Sorry that it is not solved. No. 1001 goes to Agus Salim (Lurah). You will hear by"
            " 09:00 tomorrow.",
        ],
    ),
    Programme(
        "block-captains",
        "+13125550151",
        "La luz de la calle no funciona",
        [
            "Thank you, we have it, no. 1001. Mary Johnson (capitán de cuadra) will answer you by"
            " 13:00 tomorrow.",
            "No. 1001 has gone up to Luis Ortega (coordinador del vecindario). You will hear by"
            " 21:00 today. We stay with it.",
            "Luis Ortega (coordinador del vecindario) on no. 1001: Besok.",
            "Luis Ortega (coordinador del vecindario) says that no. 1001 is done. Is it solved?"
            " Text 1 for yes, 2 for no.",
            "Sorry that it is not solved. No. 1001 goes to Denise Carter (enlace del distrito). You will"
            " hear by 12:00 tomorrow.",
        ],
    ),
]


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda each: each.name)
async def test_a_report_climbs_is_answered_and_climbs_again(programme: Programme, tmp_path: Path) -> None:
    settings = make_settings(tmp_path, profile=programme.profile)
    folder = EXAMPLES / programme.name
    async with open_database(settings):
        await load_files(settings, [folder])
        assert (await check(settings)).findings == []
        assert [each.changes.number for each in await load_files(settings, [folder])] == [0, 0, 0, 0]
        phone, clock = Phone(settings, programme.number), clock_of(settings)
        heard = await phone.text(programme.report)
        due = await deadlines.next_due(settings)
        assert due is not None
        clock.set(due, speed=1e-9)
        await deadlines.run(settings, 10)
        holder = (await Issue.get(id=1)).holder_id
        post = await Leadership.get(unit_id=holder, until=None).select_related("person")
        leader = Leader(settings, post.person)
        await leader.answers(1001, "Besok.")
        await leader.resolves(1001)
        heard += await phone.told()
        heard += await phone.text("2")
    assert heard == programme.told


def test_where_there_is_no_translation_all_of_a_text_is_english() -> None:
    profile = load_profile(PROGRAMMES[0].profile)
    later = MORNING + timedelta(days=3)
    assert written_in("id") == "en"
    assert written_in("zh-Hans") == "zh-Hans"
    assert clock_time(later, MORNING, profile.zone, "id") == "09:00 on Nov 27"
    assert time_left(later, MORNING, "id") == "3 days left"
    assert say(spoken.OTHER_LANGUAGE, "en", other="Indonesia") == "For Indonesia, press star."


def test_a_language_is_not_guessed_from_letters_that_two_have() -> None:
    several, bozhou = load_profile(PROGRAMMES[1].profile), load_profile(ROOT / "profiles" / "bozhou.toml")
    assert wording.language("The lamp is out", several) is None
    assert wording.language("The lamp is out", bozhou) == "en"
    assert keywords.language_wanted("español", several.languages, "en") == "es"
    assert keywords.language_wanted("Bahasa Indonesia", ["id", "en"], "en") == "id"
