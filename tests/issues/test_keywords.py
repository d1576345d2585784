"""The words that always work: found however people type them, and not found in what is a report."""

import pytest

from issues import keywords, vocabulary
from issues.folding import bare
from issues.keywords import read
from issues.vocabulary import Word
from tests.issues.phrases import phrases

LANGUAGES = ["zh-Hans", "en"]

#: Real-looking texts by what they mean: the name of a word, or 'report'.
MEANT = phrases("words")


def each_word() -> list[tuple[str, Word]]:
    return [(text, Word[name.upper()]) for name, text in MEANT if name != "report"]


@pytest.mark.parametrize(("text", "word"), each_word())
def test_a_word_is_found_however_it_is_typed(text: str, word: Word) -> None:
    said = read(text)
    assert (said.word, said.rest) == (word, "")


@pytest.mark.parametrize("text", ["", "\u200b", *(text for name, text in MEANT if name == "report")])
def test_what_only_looks_like_a_word_is_a_report(text: str) -> None:
    said = read(text)
    assert said.word is None


def test_every_word_of_the_table_is_found_by_itself_and_by_its_pinyin() -> None:
    assert {read(text).word is word for word, texts in vocabulary.WORDS.items() for text in texts} == {True}


def test_no_two_words_are_written_alike() -> None:
    every = [text for texts in vocabulary.WORDS.values() for text in texts]
    assert sorted(every) == sorted(set(every))
    assert [text for text in every if bare(text) != text] == []


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("新 路灯坏了", "路灯坏了"),
        ("新：路灯坏了", "路灯坏了"),
        ("新，路灯坏了", "路灯坏了"),
        ("新。路灯坏了", "路灯坏了"),
        ("新\n路灯坏了", "路灯坏了"),
        ("“新” 路灯坏了", "路灯坏了"),
        ("新问题 路灯坏了", "路灯坏了"),
        ("新的问题：路灯坏了", "路灯坏了"),
        ("新事，路灯坏了", "路灯坏了"),
        ("新問題：路燈壞了", "路燈壞了"),
        ("还有一件事，家里没水", "家里没水"),
        ("另一件事是楼道没灯", "楼道没灯"),
        ("new the lamp is broken", "the lamp is broken"),
        ("New: the lamp is broken", "the lamp is broken"),
        ("NEW, the lamp", "the lamp"),
        ("New problem: the lamp", "the lamp"),
        ("Another problem, the lift is stuck", "the lift is stuck"),
        ("xin ludeng huai le", "ludeng huai le"),
    ],
)
def test_a_new_trouble_is_announced_with_one_word(text: str, rest: str) -> None:
    said = read(text)
    assert (said.word, said.rest) == (Word.NEW, rest)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("私密 邻居打老婆", "邻居打老婆"),
        ("私密：邻居打老婆", "邻居打老婆"),
        ("私密，邻居打老婆", "邻居打老婆"),
        ("私密邻居打老婆", "邻居打老婆"),
        ("“私密”邻居打老婆", "邻居打老婆"),
        ("保密：我怀疑有人赌博", "我怀疑有人赌博"),
        ("不公开 我不敢说名字", "我不敢说名字"),
        ("private: my neighbour beats his wife", "my neighbour beats his wife"),
        ("Private my neighbour beats his wife", "my neighbour beats his wife"),
        ("PRIVATE - he steals water", "he steals water"),
        ("private\nhe steals water", "he steals water"),
    ],
)
def test_what_only_the_leader_may_see_is_announced_with_one_word(text: str, rest: str) -> None:
    said = read(text)
    assert (said.word, said.rest) == (Word.PRIVATE, rest)


@pytest.mark.parametrize(
    "text",
    [
        "没好，还在漏水",
        "没好 还在漏",
        "沒修好，還在漏",
        "没给我修好",
        "2 还是漏",
        "２，还是漏水",
        "还没人来呢，都三天了",
        "根本没人来修",
        "还是漏",
        "又漏了，比以前还厉害",
        "不行，还在滴",
        "1024没好，还在漏",
        "not fixed, still dripping",
        "Not solved. It still drips",
        "No, still the same",
        "still dripping",
        "It's still dripping",
        "it is not fixed",
        "isn't fixed",
        "nobody came to fix it",
    ],
)
def test_a_no_may_go_on_with_what_is_wrong(text: str) -> None:
    assert keywords.says_no(text)


@pytest.mark.parametrize(
    "text",
    [
        "没好好修",
        "2栋没水",
        "2024年装的",
        "不是水管，是电",
        "no water",
        "灯还是一闪一闪的",
        "今天水是黄的",
        "好了，就是水有点黄",
        "nothing else",
        "Stillwater street",
        "我家没人的时候修的",
    ],
)
def test_other_words_are_no_no(text: str) -> None:
    assert not keywords.says_no(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("English", "en"),
        ("english please", "en"),
        ("In English", "en"),
        ("speak English", "en"),
        ("ENGLISH!", "en"),
        ("英语", "en"),
        ("英文", "en"),
        ("说英语", "en"),
        ("yingwen", "en"),
        ("中文", "zh-Hans"),
        ("中文谢谢", "zh-Hans"),
        ("Chinese", "zh-Hans"),
        ("用中文", "zh-Hans"),
        ("普通话", "zh-Hans"),
        ("说普通话", "zh-Hans"),
        ("zhongwen", "zh-Hans"),
        ("简体中文", "zh-Hans"),
        ("language", "en"),
        ("语言", "en"),
        ("English class is noisy", None),
        ("英语角太吵", None),
        ("中文学校门口堵车", None),
        ("in", None),
        ("要", None),
        ("", None),
    ],
)
def test_a_language_is_asked_for_by_its_name(text: str, language: str | None) -> None:
    assert keywords.language_wanted(text, LANGUAGES, "zh-Hans") == language


def test_language_goes_round() -> None:
    assert keywords.language_wanted("language", LANGUAGES, "en") == "zh-Hans"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("5", 5),
        ("１", 1),
        ("3️⃣", 3),
        ("④", 4),
        ("五", 5),
        ("5分", 5),
        ("给四分吧", 4),
        ("我给3分", 3),
        ("五星", 5),
        ("5 stars", 5),
        ("two", 2),
        ("5，谢谢", 5),
        ("很好", 5),
        ("非常满意！", 5),
        ("不错", 4),
        ("一般", 3),
        ("不满意", 2),
        ("太差了", 1),
        ("Very good", 5),
        ("bad", 1),
        ("0", None),
        ("6", None),
        ("10", None),
        ("好的", None),
        ("ok", None),
        ("谢谢", None),
        ("5号楼", None),
        ("没好", None),
    ],
)
def test_a_mark_is_a_digit_or_a_word(text: str, mark: int | None) -> None:
    assert keywords.mark(text) == mark
