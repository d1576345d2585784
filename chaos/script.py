"""What is to happen, written from a seed: who says what when, how leaders take it, and what breaks.

The same seed gives the same script. What becomes of it depends on real processes, so a seed that failed
replays as far as their timing lets it. Pure: nothing is started or asked here.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from chaos.words import PRIVATE, sign_from, sign_of

#: How many windows to answer of the smallest unit pass in a run by itself, however long that takes.
WINDOWS = 4.0

#: Programme hour at which a run begins; it goes on into the night.
BEGINS = 8

#: Troubles of which none is a danger; each is longer than what is ever quoted of it.
_TROUBLES = (
    "村口的路灯坏了三天了，晚上出门什么也看不见，老人孩子都不敢走",
    "垃圾堆在巷子口一个星期了，天一热味道很大，苍蝇到处都是",
    "家里停水两天了，洗衣做饭都不方便，想问问哪天能来水",
    "小广场的健身器材松了，孩子们天天在上面玩，看着不放心",
    "下水道堵了，一下雨院子里就积水，走路都要踩着砖头过去",
    "门口的路面坏得厉害，三轮车过去颠得厉害，想请村里给垫一垫",
    "隔壁工地晚上十二点还在施工，噪音太吵，家里老人睡不着觉",
    "楼道的灯不亮了，上下楼要摸着墙走，能不能请电工来换一个",
)

#: What people add to it.
_MORE = (
    "就在小卖部旁边",
    "邻居们也都看到了",
    "白天家里都有人，随时可以来看",
    "麻烦尽快来看一下",
    "昨天又比前天厉害些",
)

_ANSWERS = ("收到，明天上午去看", "已经联系师傅了，下午到", "我这就过去看看", "材料买回来了，等着装")


@dataclass(frozen=True, slots=True)
class Saying:
    """One text of a resident.

    Attributes:
        at: Seconds after the beginning.
        words: With their sign.
        sid: The carrier's id of it.
        again_at: When the carrier tells of it once more.
    """

    at: float
    words: str
    sid: str
    again_at: float | None = None


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody with a phone.

    Attributes:
        sayings: What they send by themselves.
        verdict: What they answer when they are asked whether it is solved: 'yes', 'no' or nothing.
        mark: What they answer when they are asked how it was; 0: nothing.
        thinks: Seconds that they take for that.
    """

    number: str
    sayings: Sequence[Saying]
    verdict: str
    mark: int
    thinks: float


@dataclass(frozen=True, slots=True)
class Deed:
    """What a leader does about a post.

    Attributes:
        after: Seconds after they have seen it.
        words: What they say in its thread; empty: they react.
        sign: With what.
    """

    after: float
    words: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Blow:
    """Something that breaks.

    Attributes:
        at: Seconds after the beginning.
        kind: What; see `chaos.blows`.
        lasts: Seconds until it is mended, where it is not mended at once.
        which: Which of several alike.
        count: How often, of the carrier's misbehaviour.
    """

    at: float
    kind: str
    lasts: float = 0.0
    which: int = 0
    count: int = 1


#: Which blows fall how often: once in so many seconds, and so many times at least.
PERIODS: Mapping[str, float] = MappingProxyType(
    {
        "worker killed": 12,
        "application killed": 15,
        "all applications killed": 60,
        "Redis killed": 45,
        "Redis flushed": 20,
        "PostgreSQL restarted": 45,
        "homeserver stopped": 90,
        "homeserver frozen": 60,
        "carrier: 429": 20,
        "carrier: 500": 20,
        "carrier: 503": 30,
        "carrier: 500_after_accept": 20,
        "carrier: timeout_after_accept": 20,
        "carrier: connection_reset": 20,
        "carrier: slow": 30,
        "carrier: texts_twice": 15,
        "carrier: texts_reordered": 15,
        "carrier: callbacks_twice": 15,
        "carrier: callbacks_lost": 15,
        "carrier: callbacks_reordered": 15,
    }
)


@dataclass(frozen=True, slots=True)
class Script:
    """All that is to happen.

    Attributes:
        seconds: How long it goes on.
        blows: In the order of their times.
        windows: How many windows to answer of the smallest unit pass meanwhile.
    """

    seed: int
    seconds: float
    residents: Sequence[Resident]
    blows: Sequence[Blow]
    windows: float

    def speed(self, window: timedelta) -> float:
        """How fast the programme's clock has to run for all windows to pass.

        Args:
            window: The smallest unit's, in programme time.
        """
        return window.total_seconds() * self.windows / self.seconds

    def deeds(self, sign: str, tier: str) -> Sequence[Deed]:
        """What a leader does about the post of a trouble when it reaches their tier.

        Args:
            sign: Of the words that began it.
            tier: Theirs.
        """
        source = random.Random(sign_of(self.seed, sign, tier))
        patience = self.seconds / self.windows
        manner = source.choices(("silent", "says", "solves", "accepts"), (25, 30, 35, 10))[0]
        if manner == "silent":
            return ()
        after = source.uniform(0, 1.1) * patience
        said = f"{source.choice(_ANSWERS)}（{sign_of(self.seed, sign, tier, 'says')}）"
        deeds = [Deed(after, words=said)]
        if manner == "accepts":
            deeds.insert(0, Deed(after / 2, sign="👀"))
        if manner == "solves":
            deeds.append(Deed(after + source.uniform(0.05, 0.3) * patience, sign="✅"))
        elif source.random() < 0.3:
            more = f"{source.choice(_ANSWERS)}（{sign_of(self.seed, sign, tier, 'more')}）"
            deeds.append(Deed(after + source.uniform(0.01, 0.2) * patience, words=more))
        return deeds


def write(
    seed: int,
    residents: int,
    seconds: float,
    *,
    postgres: bool,
    windows: float = WINDOWS,
    without: Collection[str] = (),
) -> Script:
    """Write a script.

    Args:
        seed: Of all chance.
        residents: How many.
        seconds: How long it goes on.
        postgres: Whether there is a PostgreSQL to be restarted.
        windows: How many windows to answer pass.
        without: Kinds of blows that do not fall.
    """
    source = random.Random(seed)
    people = [_resident(source, index, seconds) for index in range(residents)]
    spared = {*without, *(() if postgres else ("PostgreSQL restarted",))}
    kinds = [each for each in PERIODS if each not in spared]
    blows = [blow for kind in kinds for blow in _blows(source, kind, seconds)]
    return Script(seed, seconds, people, sorted(blows, key=lambda each: each.at), windows)


def _resident(source: random.Random, index: int, seconds: float) -> Resident:
    begins = source.uniform(0.0, 0.5) * seconds
    private = source.random() < 0.08
    sayings = [_saying(source, begins, f"{PRIVATE} " if private else "", source.choice(_TROUBLES))]
    at = begins
    for _ in range(source.choices((0, 1, 2), (45, 40, 15))[0]):
        at += source.uniform(0.02, 0.15) * seconds
        sayings.append(_saying(source, at, "", source.choice(_MORE)))
    if source.random() < 0.2:
        at += source.uniform(0.02, 0.15) * seconds
        sayings.append(_saying(source, at, "新 ", source.choice(_TROUBLES)))
    return Resident(
        number=f"+8610000{index:06d}",
        sayings=[each for each in sayings if each.at < seconds],
        verdict=source.choices(("yes", "no", ""), (60, 20, 20))[0],
        mark=source.choice((0, 1, 4, 5)),
        thinks=source.uniform(0.01, 0.1) * seconds,
    )


def _saying(source: random.Random, at: float, before: str, words: str) -> Saying:
    again = at + source.uniform(0, 5) if source.random() < 0.15 else None
    sid = f"SM{source.getrandbits(128):032x}"
    return Saying(at, f"{before}{words}（{sign_from(source)}）", sid, again)


def _blows(source: random.Random, kind: str, seconds: float) -> list[Blow]:
    count = max(1, round(seconds / PERIODS[kind]))
    return [
        Blow(
            at=source.uniform(0.05, 0.9) * seconds,
            kind=kind,
            lasts=source.uniform(0.3, 3.0),
            which=source.randrange(1000),
            count=source.randint(1, 3),
        )
        for _ in range(count)
    ]
