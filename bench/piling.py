"""A million invented issues: two years of them, as a city would have had them, for `bench.desk`.

One seed gives the same issues. Ids ascend with the time of the report, and blocks have very different numbers
of them: a few have hundreds, most have some. Of the youngest most are in hand, of the oldest hardly any. Each
issue has its history, its words, and what was sent about it.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp
from typing import NamedTuple

from models import Action, OutboxState, State, Voice

#: For how long issues have been coming in.
_SPAN = timedelta(days=730)
#: The larger, the more unequal blocks are.
_UNEQUAL = 1.6

#: In about one of a hundred issues, and in one of a hundred thousand.
COMMON, RARE = "路灯", "萤火虫"

_WHERE = (
    "村口", "桥头", "村小学门口", "东边巷子", "卫生室旁边", "大路边", "井台边", "老槐树下", "小区南门",
    "三号楼下", "菜市场后面", "麦场旁", "文化广场", "养老院门前", "公交站", "水塘边", "二队西头",
    "超市门口", "河堤上", "厂区围墙外",
)  # fmt: skip
_WHAT = (
    "的下水道堵了，脏水流到路上", "的水管坏了，一直漏水", "的垃圾没人清，味道很大", "停电了，到现在没来电",
    "的井盖松了，老人差点摔倒", "有人占道停车，车过不去", "的树枝压着电线，怕出事",
    "夜里施工太吵，孩子睡不着", "的路面塌了一个坑，骑车要小心", "有野狗，孩子不敢上学",
    "的自来水发黄，不能喝", "的围墙要倒了，请来看看", "的健身器材断了，容易伤人", "有人烧秸秆，烟很大",
    "的公厕没有水，也没有灯", "的排水沟淤了，一下雨就淹",
)  # fmt: skip
_MORE = (
    "已经三天了。", "昨天就报过。", "请尽快派人来。", "家里有八十岁的老人。", "麻烦邻长看看。",
    "下雨天更厉害。", "好几户都一样。", "谢谢！", "照片我发在群里了。", "上个月修过，又坏了。",
)  # fmt: skip
_ANSWERS = (
    "收到，我下午过去看。", "已经联系供水公司，明天上午来修。", "我们派人去清理，今天之内办好。",
    "这个要镇里协调，我先报上去。", "您好，已经看过了，材料到了就修。", "请先绕行，警示牌马上立起来。",
)  # fmt: skip
_NOTES = ("这户情况特殊，注意方式。", "去年也报过同样的事。", "要和电力所一起去。")

_GIVEN = {
    "issue": """
        id block_id holder_id reporter_id address_id state opened_at talked_at answer_due answered_at
        resolve_due reminded reported_in confirm_due nudges urgent private rating merged_into_id
        returns_to_id resolved_at closed_at path bridge""",
    "history": """
        issue_id seq at action actor_id bridge room_id event_id from_state to_state from_holder_id
        to_holder_id detail""",
    "message": "issue_id author_id voice bridge external_id room_id text media said_at",
    "outbox": """
        key lane bridge issue_id address_id payload state created_at topic not_before sent_at attempts
        external_id receipt error""",
}
#: What is given of each row; ids of messages, histories and effects are the database's own.
COLUMNS = {table: names.split() for table, names in _GIVEN.items()}

#: Values of rows, by the names of tables.
Rows = dict[str, list[tuple[object, ...]]]


class Home(NamedTuple):
    """A block, and somebody who lives there.

    Attributes:
        path: The block's.
        chain: Ids of the units that its issues climb through, the block's first.
        person: Id of who reports.
        address: Id of where they are answered.
        departments: Ids of those that issues from here are referred to.
    """

    path: str
    chain: Sequence[int]
    person: int
    address: int
    departments: Sequence[int]


def pile(
    homes: Sequence[Home], leaders: dict[int, int], number: int, now: datetime, seed: int
) -> Iterator[Rows]:
    """The rows of so many issues, some thousands at a time.

    Args:
        homes: Where they come from, in an order that is the same for the same seed.
        leaders: Ids of people by those of the units that they lead.
        number: How many.
        now: When all of it has happened.
        seed: The same seed gives the same issues.
    """
    chance = random.Random(seed)
    shuffled = list(homes)
    chance.shuffle(shuffled)
    some: Rows = {name: [] for name in COLUMNS}
    for issue_id in range(1, number + 1):
        home = shuffled[int(len(shuffled) * chance.random() ** _UNEQUAL)]
        opened = now - _SPAN * ((number - issue_id + chance.random()) / number)
        life = _Life(chance, home, leaders, issue_id, opened, now, some)
        life.live()
        if issue_id % 5000 == 0 or issue_id == number:
            yield some
            some = {name: [] for name in COLUMNS}


@dataclass
class _Life:
    """One issue from its report to where it stands now."""

    chance: random.Random
    home: Home
    leaders: dict[int, int]
    id: int
    opened: datetime
    now: datetime
    rows: Rows
    at: datetime = field(init=False)
    level: int = 0
    state: str = ""
    holder: int | None = None
    seq: int = 0
    said: int = 0
    issue: dict[str, object] = field(default_factory=dict)

    def live(self) -> None:
        """Let it come to where it stands, and keep all rows."""
        chance, self.at = self.chance, self.opened
        self.issue = dict.fromkeys(COLUMNS["issue"]) | {
            "id": self.id,
            "block_id": self.home.chain[0],
            "reporter_id": self.home.person,
            "address_id": self.home.address,
            "opened_at": self.opened,
            "reminded": False,
            "reported_in": "",
            "nudges": 0,
            "urgent": chance.random() < 0.01,
            "private": chance.random() < 0.005,
            "path": self.home.path,
            "bridge": "sms",
        }
        self._step(Action.REPORT, State.OPEN, self.home.person, self.home.chain[0])
        self._say(self.home.person, Voice.RESIDENT, self._words())
        if chance.random() < 0.15:
            self._later(1)
            self._step(Action.ADD, State.OPEN, self.home.person)
            self._say(self.home.person, Voice.RESIDENT, chance.choice(_MORE))
        days = (self.now - self.opened) / timedelta(days=1)
        if chance.random() < 0.8 * exp(-days / 3) + 0.2 * exp(-days / 60):
            self._stay(days)
        else:
            self._end()
        self.issue |= {"state": self.state, "holder_id": self.holder, "talked_at": self.at}
        self.rows["issue"].append(tuple(self.issue.values()))

    def _stay(self, days: float) -> None:
        """Be in hand."""
        lot = self.chance.random()
        if lot < 0.45:
            for _ in range(min(int(days * 6), 6)):
                self._later(4, exactly=True)
                self._climb(Action.ESCALATE)
            self.issue["answer_due"] = self.now + timedelta(hours=4 * self.chance.random())
            return
        self._answered()
        due = self.now + timedelta(hours=72 * self.chance.random())
        self.issue["resolve_due"] = due
        if lot > 0.85:
            self._later(20)
            self.issue["returns_to_id"] = self.holder
            department = self.chance.choice(self.home.departments)
            self._step(Action.REFER, State.REFERRED, self._leader(), department)

    def _end(self) -> None:
        """Come to an end, or to the question whether it has."""
        chance = self.chance
        lot = chance.random()
        if lot < 0.03:
            self._later(10)
            self._step(Action.WITHDRAW, State.WITHDRAWN, self.home.person)
            return
        if lot < 0.05 and self.id > 1000:
            self._later(3)
            self._step(Action.MERGE, State.MERGED, self._leader())
            self.issue["merged_into_id"] = self.id - chance.randrange(1, 1000)
            return
        self._answered()
        self._later(60)
        self._step(Action.RESOLVE, State.RESOLVED, self._leader())
        if chance.random() < 0.04:
            self._later(10)
            self._climb(Action.REJECT)
            self._answered()
            self._later(60)
            self._step(Action.RESOLVE, State.RESOLVED, self._leader())
        self.issue["resolved_at"] = self.at
        if self.now - self.at < timedelta(days=3):
            self.issue["confirm_due"] = self.at + timedelta(days=3)
            return
        self._later(70)
        heard = chance.random() < 0.7
        self._step(
            Action.CONFIRM if heard else Action.LAPSE, State.CLOSED, self.home.person if heard else None
        )
        self.issue["closed_at"] = self.at
        if heard and chance.random() < 0.5:
            self._step(Action.RATE, State.CLOSED, self.home.person)
            self.issue["rating"] = chance.choice((5, 5, 5, 4, 4, 3, 2, 1))

    def _answered(self) -> None:
        """Climb for a while, then be answered."""
        while self.chance.random() < 0.12 and self.level + 1 < len(self.home.chain):
            self._later(4, exactly=True)
            self._climb(Action.ESCALATE if self.chance.random() < 0.7 else Action.PASS_UP)
        self._later(3.5)
        leader = self._leader()
        self._step(Action.ANSWER, State.ANSWERED, leader)
        self.issue["answered_at"] = self.at
        self._say(leader, Voice.LEADER, self.chance.choice(_ANSWERS))
        self._send()
        if self.chance.random() < 0.1:
            self._say(leader, Voice.INSIDE, self.chance.choice(_NOTES))

    def _climb(self, action: Action) -> None:
        """Go up one tier, or be reminded of at the top."""
        clock = action is Action.ESCALATE
        if self.level + 1 == len(self.home.chain):
            self._step(Action.REMIND if clock else action, State.OPEN, None)
            return
        self.level += 1
        actor = None if clock else self.home.person if action is Action.REJECT else self._leader()
        self._step(action, State.OPEN, actor, self.home.chain[self.level])

    def _leader(self) -> int:
        return self.leaders[self.home.chain[self.level]]

    def _later(self, hours: float, *, exactly: bool = False) -> None:
        step = timedelta(hours=hours if exactly else hours * self.chance.random() ** 2)
        self.at = min(self.at + step, self.now)

    def _step(self, action: Action, state: State, actor: int | None, holder: int | None = None) -> None:
        self.seq += 1
        took = self.holder if holder is None else holder
        bridge = "" if actor is None else "sms" if actor == self.home.person else "matrix"
        row = (self.id, self.seq, self.at, action.value, actor, bridge, "", "", self.state, state.value)
        self.rows["history"].append((*row, self.holder, took, ""))
        self.state, self.holder = state.value, took

    def _words(self) -> str:
        lot = self.chance.random()
        thing = f"的{COMMON}不亮，晚上看不见" if lot < 0.01 else self.chance.choice(_WHAT)
        rare = f"{RARE}都不见了。" if lot > 1 - 1e-5 else ""
        return f"{self.chance.choice(_WHERE)}{thing}，{rare}{self.chance.choice(_MORE)}"

    def _say(self, author: int, voice: Voice, text: str) -> None:
        self.said += 1
        bridge = "sms" if author == self.home.person else "matrix"
        row = (self.id, author, voice.value, bridge, f"bench-{self.id}-{self.said}", "", text, "[]", self.at)
        self.rows["message"].append(row)

    def _send(self) -> None:
        """Let the answer go to the resident; of the last ones some have not arrived."""
        lost = self.chance.random() < 0.005
        state = OutboxState.FAILED if lost else OutboxState.SENT
        key, receipt = f"bench-{self.id}-{self.seq}", "undelivered" if lost else "delivered"
        row = (key, f"person:{self.home.person}", "sms", self.id, self.home.address, '{"text": "收到"}')
        times = (self.at, "", self.at, None if lost else self.at)
        self.rows["outbox"].append((*row, state.value, *times, 1, f"SM{key}", receipt, ""))
