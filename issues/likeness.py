"""Which of several troubles a text is about, by the words that they share; and whether it is another one.

Chinese is compared by pairs of characters, and by single ones that are not in every sentence; other
scripts by words. The table of troubles is plain enough to be read by whoever wants to know why a text
was filed where it was. Pure functions.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from issues.folding import folded, has_cjk

#: Characters that stand in sentences about anything.
_COMMON = frozenset(
    "的了是在我你您他她它们不没有人来去还也都就要上下大小里个这那一二三四五六七八九十两几天年月日号时点分"
    "家好坏修开关说看到得着过吗呢吧啊呀和跟把被给让从对很太再又只已经能会可以多少什么怎样谁哪为因所但而且"
    "今明昨前后早晚中出回找问请谢事情况次面边头旁处"
)

#: Words of other scripts that do, and the endings that do not matter.
_FILLERS = frozenset(
    re.findall(
        r"\w+",
        """
        the and that this with from have has had was were are is not but for you your our their they them
        there here when what which who how why still again please thanks thank very much been being will
        would can could should about into onto over under near all any some just since yesterday today
        tomorrow day days week weeks hour hours one two three come came comes fix fixed broken problem
        trouble issue house home my it its now yet
        """,
    )
)
_ENDING = re.compile(r"(?:ing|ed|es|s)$")
_LATIN = re.compile(r"[^\W\d_]{3,}")
_CJK_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")

#: Troubles that are told apart: by what is wrong with what, never by a thing alone, which may be a place
#: ('水塔旁边') or a time ('停车的时候').
_TROUBLES = {
    "water": (
        r"[停断没]水(?!管) 没有水 水管.{0,3}[坏漏爆裂] 漏水 水.{0,3}漏 水是?[黄浑臭] 水龙头 水表 水压",
        r"no\s+water water\s+(?:is\s+)?(?:off|out|cut|leak) leak(?:s|ing)?\s+(?:tap|pipe|water)",
        r"(?:tap|pipe)s?\s+(?:\w+\s+)?(?:leak|drip|burst|broke)",
    ),
    "light": (
        r"灯.{0,4}(?:坏|不亮|灭|闪|没) 没有?路?灯 no\s+(?:street\s*)?(?:lamp|light)s?",
        r"(?:lamp|light)s?\s+(?:\w+\s+){0,4}(?:broke|out|dark|off|dead|flicker)",
    ),
    "power": (
        r"[停断没]电(?![梯话视工]) 没有电 跳闸 漏电 电线.{0,3}[断掉垂] 变压器",
        r"no\s+(?:power|electricity) power\s+(?:is\s+)?(?:out|off|cut) blackout",
    ),
    "sewer": (
        r"下水道?.{0,3}堵 化粪池 井盖 污水 马桶.{0,3}堵 厕所.{0,3}堵",
        r"sewer sewage drain\s+(?:is\s+)?block blocked\s+drain manhole toilet.{0,9}block",
    ),
    "rubbish": (r"垃圾.{0,6}(?:没|堆|满|臭|乱|倒) 乱倒垃圾 garbage rubbish trash",),
    "road": (r"路.{0,3}[坑塌烂] 路面 坑.{0,3}大 pothole road\s+(?:\w+\s+)?(?:broke|holes|flooded)",),
    "noise": (r"噪音 太吵 吵得 扰民 nois[ey] too\s+loud",),
    "lift": (r"电梯.{0,4}(?:坏|停|卡|困|不动) (?:lift|elevator)\s+(?:\w+\s+)?(?:stuck|broke|out)",),
    "heat": (r"暖气.{0,4}(?:不热|坏|漏|没) 没有?暖气 heating radiator",),
    "net": (r"(?:宽带|网络|网).{0,3}(?:断|坏|慢|不通) 断网 没网 没信号 internet wi-?fi",),
    "animals": (
        r"[狗猪羊蛇蜂].{0,4}[咬跑叫丢多窝进] 老鼠 stray\s+dog \brats?\b",
        r"dogs?\s+(?:\w+\s+)?(?:bit|bark|loose)",
    ),
    "tree": (r"树.{0,4}[倒断挡压] tree\s+(?:\w+\s+)?(?:fell|fallen|down|block)",),
    "parking": (
        r"乱停车 车.{0,4}[堵挡占] 占.{0,3}车位",
        r"blocks?\s+(?:the\s+|my\s+)?(?:gate|entrance|drive)",
    ),
    "quarrel": (r"吵架 打架 打老婆 打孩子 beats?\s+(?:his|her) quarrel",),
}
_PATTERNS = {name: re.compile("|".join(" ".join(patterns).split())) for name, patterns in _TROUBLES.items()}


def troubles(text: str) -> frozenset[str]:
    """The troubles of the table that a text tells of."""
    whole = folded(text)
    return frozenset(name for name, pattern in _PATTERNS.items() if pattern.search(whole))


def likeness(text: str, told: str) -> int:
    """How much of a text stands in what was told before; pairs count double, a trouble in both four times."""
    here, there = _parts(text), _parts(told)
    pairs = sum(len(part) > 1 for part in here & there)
    return len(here & there) + pairs + 4 * len(troubles(text) & troubles(told))


def clearly(text: str, told: Sequence[str]) -> int | None:
    """Which of several stories a text is clearly about; None: about none, or about more than one.

    Args:
        text: What was said now.
        told: What was said in each story.
    """
    scores = [likeness(text, each) for each in told]
    best = max(scores, default=0)
    others = sorted(scores)[-2] if len(scores) > 1 else 0
    return scores.index(best) if best and best >= 2 * others and best > others else None


def is_another(text: str, told: Sequence[str]) -> bool:
    """Whether a text clearly tells of another trouble than all these stories do."""
    here = troubles(text)
    return bool(here) and all(
        troubles(each) and here.isdisjoint(troubles(each)) and likeness(text, each) < 2 for each in told
    )


def _parts(text: str) -> frozenset[str]:
    """What a text can be compared by."""
    whole = folded(text)
    parts = {
        _ENDING.sub("", word) for word in _LATIN.findall(whole) if not has_cjk(word) and word not in _FILLERS
    }
    for run in _CJK_RUN.findall(whole):
        own = [each if each not in _COMMON else " " for each in run]
        parts |= {each for each in own if each != " "}
        parts |= {first + second for first, second in pairwise(own) if " " not in (first, second)}
    return frozenset(parts)
