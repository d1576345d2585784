"""Everything that is said is said in Chinese too, whole, and short enough for a text message."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from babel.messages.pofile import read_po

from demo.carrier.segments import segment
from escalator.webhooks import texts as webhook_texts
from issues import examples, keywords, spoken, texts, wording
from issues.segments import Length, length, say_short
from issues.telephone.examples import CALLS
from issues.vocabulary import Word
from issues.wording import Verdict
from linzhang import words
from linzhang.profile import load_profile
from linzhang.words import LOCALE_FOLDER, Text, catalogue, clock_time, duration, say
from programme import texts as programme_texts
from programme.care import texts as care_texts
from programme.doors import texts as door_texts
from programme.honours import texts as honour_texts
from programme.tasks import texts as task_texts
from programme.thanks.encouraging import texts as encouraging_texts
from programme.thanks.merits import texts as merit_texts
from programme.thanks.surveys import texts as survey_texts
from projections import texts as projections
from rooms.commands import read
from territory import texts as territory
from territory.borders import texts as borders
from territory.yearly import texts as yearly
from tests.factories import PROFILE
from web.access import texts as access_texts
from web.api import texts as api_texts
from web.desk.texts import access as desk_access
from web.desk.texts import board as desk_board
from web.desk.texts import bridging as desk_bridges
from web.desk.texts import care as desk_care
from web.desk.texts import deeds as desk_deeds
from web.desk.texts import disputes as desk_disputes
from web.desk.texts import doors as desk_doors
from web.desk.texts import encouraging as desk_encouraging
from web.desk.texts import figures as desk_figures
from web.desk.texts import frame as desk_frame
from web.desk.texts import honours as desk_honours
from web.desk.texts import importing as desk_import
from web.desk.texts import issue as desk_issue
from web.desk.texts import map as desk_map
from web.desk.texts import merits as desk_merits
from web.desk.texts import notices as desk_notices
from web.desk.texts import opinions as desk_opinions
from web.desk.texts import printing as desk_printing
from web.desk.texts import searching as desk_search
from web.desk.texts import surveys as desk_surveys
from web.desk.texts import tasks as desk_tasks
from web.desk.texts import teaching as desk_teaching
from web.desk.texts import tokens as desk_tokens
from web.desk.texts import triage as desk_triage
from web.desk.texts import ways as desk_ways
from web.desk.texts import webhooks as desk_webhooks
from web.open311 import texts as open311_texts

ROOT = Path(__file__).parents[2]
LATIN = re.compile(r"[A-Za-z]")
#: What files are called in Chinese too.
FORMATS = re.compile(
    r"CSV|XLSX|PDF|UTF-8|Matrix|GeoJSON|WGS84|EPSG|FeatureCollection|MultiPolygon|Polygon|properties\.code|MB"
)


#: Which modules' texts a catalogue translates, in their order.
CATALOGUES: dict[str, tuple[ModuleType, ...]] = {
    "linzhang": (texts, words, spoken, territory, yearly, projections),
    "programme": (programme_texts,),
    "care": (care_texts, desk_care),
    "tasks": (task_texts,),
    "surveys": (survey_texts, desk_surveys),
    "encouraging": (encouraging_texts, desk_encouraging),
    "merits": (merit_texts, desk_merits),
    "doors": (door_texts,),
    "borders": (borders,),
    "desk": (desk_frame, desk_access),
    "desk_bridges": (desk_bridges,),
    "desk_import": (desk_import,),
    "desk_tokens": (access_texts, desk_tokens),
    "api": (api_texts,),
    "desk_webhooks": (webhook_texts, desk_webhooks),
    "desk_board": (desk_board, desk_ways),
    "desk_issue": (desk_issue, desk_deeds),
    "desk_figures": (desk_figures,),
    "desk_map": (desk_map,),
    "desk_disputes": (desk_disputes,),
    "desk_printing": (desk_printing,),
    "desk_teaching": (desk_teaching,),
    "desk_tasks": (desk_tasks,),
    "desk_doors": (desk_doors,),
    "open311": (open311_texts,),
    "desk_triage": (desk_triage,),
    "desk_search": (desk_search,),
    "desk_notices": (desk_notices,),
    "desk_opinions": (desk_opinions,),
    "honours": (honour_texts,),
    "desk_honours": (desk_honours,),
}


def named_texts(*modules: ModuleType) -> Iterator[tuple[str, Text]]:
    """Every text of some modules with its name, as they stand there."""
    for module in modules:
        for name, value in vars(module).items():
            each = value.values() if isinstance(value, dict) else [value]
            for text in each:
                if isinstance(text, Text):
                    yield f"{name}: {text.english}" if isinstance(value, dict) else name, text


TEXTS = {
    f"{file}: {name}" if file != "linzhang" else name: text
    for file, modules in CATALOGUES.items()
    for name, text in named_texts(*modules)
}
NAMES = list(TEXTS)
#: The module begins with what residents are told, and goes on with who somebody is.
TO_RESIDENTS = NAMES[: NAMES.index("NAMED_LEADER")]


def blanks(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_said_in_chinese_with_the_same_blanks(name: str) -> None:
    english = TEXTS[name].english
    chinese = catalogue("zh-Hans")[english]
    assert blanks(chinese) == blanks(english)
    assert not LATIN.search(FORMATS.sub("", re.sub(r"\{\w+\}", "", chinese))), "English is left"
    assert not re.search(r"[,;!?()]|(?<!/)/(?!/)|\.(?!\w)", chinese), "half-width punctuation"


@pytest.mark.parametrize("file", CATALOGUES)
def test_a_catalogue_holds_its_modules_texts_and_nothing_else(file: str) -> None:
    with (LOCALE_FOLDER / "zh_Hans" / "LC_MESSAGES" / f"{file}.po").open("rb") as po:
        entries = [message for message in read_po(po) if message.id]
    texts_there = dict.fromkeys(text.english for _, text in named_texts(*CATALOGUES[file]))
    assert [str(entry.id) for entry in entries] == list(texts_there)
    assert not [entry.id for entry in entries if entry.fuzzy]
    said = catalogue("zh-Hans")
    assert {str(entry.id): entry.string for entry in entries} == {each: said[each] for each in texts_there}


def test_every_catalogue_is_some_modules() -> None:
    files = {path.stem for path in (LOCALE_FOLDER / "zh_Hans" / "LC_MESSAGES").glob("*.po")}
    assert files == set(CATALOGUES)


def longest(language: str) -> Iterator[dict[str, str]]:
    """Fills of residents' texts as long as they really become: with a leader, and without one."""
    profile = load_profile(PROFILE)
    names = {"zh-Hans": "欧阳建国", "en": "Ouyang Jianguo"}
    titles = [tier.leader[language] for tier in profile.tiers]
    unit, block, village = {
        "zh-Hans": ("和平社区居民委员会", "锦绣花园第12邻", "和平社区居民委员会"),
        "en": ("Heping Community", "Jinxiu Gardens Block 12", "Heping Community"),
    }[language]
    title = max(titles, key=len)
    moment = datetime(2026, 12, 30, 14, 5, tzinfo=UTC)
    named = say(texts.NAMED_LEADER, language, name=names[language], title=title)
    for leader in (
        named,
        say(texts.DEPUTY, language, name=names[language], leader=named),
        say(texts.VACANT_LEADER, language, title=title, unit=unit),
    ):
        yield {
            "number": "99999",
            "leader": leader,
            "time": clock_time(moment, moment - timedelta(days=3), profile.zone, language),
            "place": say(texts.PLACE_IN, language, block=block, village=village),
            "words": "",
            "emergency": "110/119/120",
            "phone": "+86 138 0013 8000",
            "options": "",
            "department": unit,
            "main": "99999",
            "thing": max((say(each, language) for each in texts.THINGS.values()), key=len),
            "link": "https://linzhang.example.org/m/AAAAAAQCAGsd2oAxJ9dXl2x6m1Rk3g",
        }


@pytest.mark.parametrize(("language", "encoding"), [("zh-Hans", "UCS-2"), ("en", "GSM-7")])
@pytest.mark.parametrize("name", TO_RESIDENTS)
def test_a_resident_gets_two_segments_at_most(name: str, language: str, encoding: str) -> None:
    for fill in longest(language):
        counted = segment(say(TEXTS[name], language, **fill))
        assert counted.encoding == encoding
        assert counted.segments <= 2


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("text", [texts.YOURS, texts.YOURS_STILL, texts.NUDGE_BY_TEXT])
def test_a_leader_with_only_a_phone_gets_two_segments_too(text: Text, language: str) -> None:
    """With whatever words, and with names in characters that take twice the room."""
    for fill in longest("zh-Hans"):
        for said_words in ("水管坏了，" * 40, "The pipe is broken. " * 20):
            blanks = fill | {"name": "欧阳建国", "left": duration(timedelta(minutes=239), language)}
            del blanks["words"]
            said = say_short(text, language, said_words, **blanks)
            assert segment(said).segments <= 2
            assert said.count("99999") == text.english.count("{number}")


@pytest.mark.parametrize(
    ("moment", "chinese", "english"),
    [
        (datetime(2026, 11, 24, 6, 5, tzinfo=UTC), "今天14:05", "14:05 today"),
        (datetime(2026, 11, 24, 16, 30, tzinfo=UTC), "明天00:30", "00:30 tomorrow"),
        (datetime(2026, 11, 25, 16, 0, tzinfo=UTC), "11月26日00:00", "00:00 on Nov 26"),
        (datetime(2026, 11, 23, 15, 59, tzinfo=UTC), "11月23日23:59", "23:59 on Nov 23"),
    ],
)
def test_times_are_told_as_neighbours_tell_them(moment: datetime, chinese: str, english: str) -> None:
    zone = load_profile(PROFILE).zone
    now = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    assert clock_time(moment, now, zone, "zh-Hans") == chinese
    assert clock_time(moment, now, zone, "en") == english


def test_a_language_without_a_catalogue_is_spoken_in_english() -> None:
    assert say(texts.EMPTY, "sw") == texts.EMPTY.english


def test_the_phrasebook_shows_every_text_that_residents_get() -> None:
    shown = {
        line.text
        for lines in examples.CONVERSATIONS.values()
        for line in lines
        if isinstance(line, examples.Said)
    }
    assert shown == {TEXTS[name] for name in TO_RESIDENTS}


def test_the_phrasebook_shows_everything_that_is_read_aloud() -> None:
    lines = [line for each in CALLS.values() for line in each if isinstance(line, examples.Said)]
    assert {line.text for line in lines} == {
        value for value in vars(spoken).values() if isinstance(value, Text)
    }


def test_the_phrasebook_counts_as_the_carrier_does() -> None:
    for text in ("x" * 160, "x" * 161, "x" * 307, "话" * 70, "话" * 71, "话" * 134, "话" * 135, "灯👍"):
        counted = segment(text)
        assert length(text) == Length(counted.encoding, counted.units, counted.segments)


def test_the_page_of_residents_texts_is_up_to_date() -> None:
    command = [sys.executable, "-m", "issues.phrasebook"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout
    assert (ROOT / "docs" / "residents.md").read_text(encoding="utf-8") == printed


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_commands_that_texts_name_are_understood(language: str) -> None:
    for name in set(NAMES) - set(TO_RESIDENTS):
        text = TEXTS[name]
        for word in re.findall(r"[!！]\w+", catalogue(language).get(text.english, text.english)):
            line = read(word)
            assert line is not None, name
            assert line.command is not None, name


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_what_residents_are_told_to_text_is_understood(language: str) -> None:
    for text in (texts.SOLVED, texts.SOLVED_AGAIN):
        told = say(text, language, leader="", number="")
        assert [wording.verdict(digit) for digit in re.findall(r"\d", told)] == [Verdict.YES, Verdict.NO]
    told = say(texts.ADDED, language, leader="", number="")
    (word,) = re.findall(r"“(新)”|(new)$", told)
    assert keywords.read(f"{''.join(word)} 路灯坏了").word is Word.NEW
