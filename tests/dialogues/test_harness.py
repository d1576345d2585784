"""The dialogues' form is read and written without loss, and what differs from a file is always noticed."""

from pathlib import Path

import pytest

from tests.dialogues.blanks import Blanks
from tests.dialogues.living import Lived, Show, is_as_expected
from tests.dialogues.script import FOLDER, Act, BadScript, Dialogue, Seen, load, parse, written

FILES = sorted(FOLDER.glob("*/*.txt"))

SCRIPT = """\
A lamp is mended.

-- She texts in the morning.
phone Li: 李婶 of 第3邻
> 灯坏了
  两盏
< 收到了，编号{number}。
#block post by 王秀英, rings 陈建国: 编号{number}
  灯坏了
  {…}

@陈建国 says in group on {number}: 修好了: 请看
<Li 好
#group: nothing
"""


def seen(*lines: str) -> list[Seen]:
    """Observations from lines as they stand in a file."""
    return parse("Prose.\n\n> x\n" + "\n".join(lines))[1].expected


def lived(expected: list[Seen], really: list[Seen]) -> Lived:
    """A dialogue of one move."""
    moves = parse("Prose.\n\n> x\n")
    moves[1].expected.extend(expected)
    blanks = Blanks()
    fit = is_as_expected(expected, really, blanks)
    return Lived(Dialogue(FOLDER / "zh" / "x.txt", moves), [[], really], [True, fit], blanks)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_file_is_written_as_it_was_read(path: Path) -> None:
    moves = load(path).moves
    assert written((move, move.expected) for move in moves) == path.read_text(encoding="utf-8")


def test_lines_are_understood() -> None:
    moves = parse(SCRIPT)
    assert [move.act for move in moves] == [
        None,
        Act("phone", "Li", "李婶 of 第3邻"),
        Act(">", "", "灯坏了\n两盏"),
        Act("@", "陈建国", "修好了: 请看", verb="says", room="group", issue="{number}"),
    ]
    assert moves[2].expected == [
        Seen("<", "收到了，编号{number}。"),
        Seen("#block post by 王秀英, rings 陈建国", "编号{number}\n灯坏了\n{…}"),
    ]
    assert [each.channel for each in moves[3].expected] == ["<Li", "#group"]


@pytest.mark.parametrize(
    ("line", "act"),
    [
        (">", Act(">")),
        ("> \\s\\u3000x\\s", Act(">", text=" \u3000x ")),
        (">Li 好", Act(">", "Li", "好")),
        ("@周强 reacts ⬆️", Act("@", "周强", verb="reacts", sign="⬆️")),
        ("@周强 reacts in block on {number2} ✅", Act("@", "周强", "", "reacts", "block", "{number2}", "✅")),
        ("@周强 deletes", Act("@", "周强", verb="deletes")),
        ("~ 1h30m", Act("~", text="1h30m")),
        ("at 22:30", Act("at", text="22:30")),
        ("carrier: 500 x2", Act("carrier", text="500 x2")),
    ],
)
def test_each_kind_of_line_is_understood(line: str, act: Act) -> None:
    assert parse(f"Prose.\n\n{line}\n")[1].act == act


@pytest.mark.parametrize(
    "script",
    [
        "",
        "\n> 灯坏了\n",
        "Prose.\n\n< 收到了\n",
        "Prose.\n\n灯坏了\n",
        "Prose.\n\n> x\n-- why\n< y\n",
        "Prose.\n\n-- x\n",
    ],
)
def test_what_is_no_script_is_refused(script: str) -> None:
    with pytest.raises(BadScript):
        parse(script)


def test_numbers_are_learnt_and_never_mixed_up() -> None:
    blanks = Blanks()
    assert blanks.match("编号{number}和{number2}", "编号1024和1025")
    assert blanks.values == {"number": "1024", "number2": "1025"}
    assert not blanks.match("编号{number}", "编号1025")
    assert not blanks.match("编号{number3}", "编号1025")
    assert blanks.fill("{number2} 没好 {name}") == "1025 没好 {name}"
    assert blanks.match("您编号{number}的事", "您编号1 0 2 4的事")
    varying = "1025、10250、1 0 2 4、12月3日 and Dec 3, https://a.b/c?d, tel:+8613800138000"
    blanked = "{number2}、10250、{number}、{date} and {date}, {link} tel:{phone}"
    assert blanks.blanked(varying) == blanked


def test_other_blanks_fit_within_a_line_and_the_rest_fits_anything() -> None:
    assert Blanks().match("{date}09:00", "12月3日09:00")
    assert not Blanks().match("{date}", "a\nb")
    assert not Blanks().match("x{date}", "x")
    assert Blanks().match("a\n{…}", "a\nb\nc")


@pytest.mark.parametrize(
    ("expected", "really"),
    [
        (["< 一"], []),
        ([], ["< 一"]),
        (["< 一"], ["< 一", "< 一"]),
        (["< 一", "< 二"], ["< 二", "< 一"]),
        (["< 一"], ["<Li 一"]),
        (["< 一"], ["< 一。"]),
        (["#block thread: 一"], ["#block thread, rings 陈建国: 一"]),
        (["#block thread: 一"], ["#group thread: 一"]),
        (["#block thread: 一", "#block thread: 二"], ["#block thread: 二", "#block thread: 一"]),
        (["#block thread: 一", "#block thread: 一"], ["#block thread: 一"]),
        (["#block: nothing"], ["#block thread: 一"]),
    ],
)
def test_whatever_differs_is_noticed(expected: list[str], really: list[str]) -> None:
    found = lived(seen(*expected), seen(*really))
    assert found.difference
    shown = found.text(Show.WHOLE).split("\n")
    assert all(line in shown for line in really)


@pytest.mark.parametrize(
    ("expected", "really"),
    [
        ([], []),
        ([], ["#block thread: 一"]),
        (["< 一", "<Li 二"], ["<Li 二", "< 一"]),
        (["#block thread: 二"], ["#block thread: 一", "#block thread: 二", "#block thread: 三"]),
        (["#block: nothing"], ["#group thread: 一"]),
    ],
)
def test_what_is_as_it_should_be_is_left_alone(expected: list[str], really: list[str]) -> None:
    assert lived(seen(*expected), seen(*really)).difference == ""


def test_a_repaired_file_keeps_its_blanks_and_its_choice_of_lines() -> None:
    expected = seen("< 编号{number}", "< 旧的", "#block thread: 旧的")
    really = seen("< 编号1024", "< 新的1024", "#block state: 别的", "#block thread, rings 陈建国: 新的")
    repaired = lived(expected, really).text(Show.REPAIRED)
    assert repaired.split("\n")[3:] == [
        "< 编号{number}",
        "< 新的{number}",
        "#block thread, rings 陈建国: 新的",
        "",
    ]
