"""Whatever people write, on phones and in rooms, in any order: the service has an answer and no crash."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bridges.contract import Media
from rooms.commands import TABLE
from tests.fuzz.service import ROOM, Service
from tests.issues.chat import Chat
from tests.issues.diary import Phone

_NAMES = sorted({name for command in TABLE.values() for name in command.names})

#: Words that mean something to somebody here, and the signs that stand between them.
_PIECES = [
    *("1", "2", "3", "5", "好了", "没好", "谢谢", "ok", "yes", "no", "新", "new "),
    *("查询", "找人", "帮助", "私密", "退订", "stop", "救命", "着火", "煤气"),
    *("12345674", "1234 5674", "魏岗村", "和平社区", "第3邻", "陈建国", "马丽", "水务局"),
    *("1001", "1002", "#1001", "编号1001", "999999999999", "12-1", "明天", "2026-12-01", "到"),
    *("!", "！", "//", "／／", "@room", "@person1:test", "<b>", "\u202e", "\u200b", "\u3000"),
    *("\n", " ", "，", "：", "👍", "🔥"),
    *_NAMES,
]
_SOME = st.lists(st.sampled_from(_PIECES), max_size=6)
_WORDS = st.one_of(
    st.text(max_size=60),
    _SOME.map("".join),
    st.builds(lambda mark, words: mark + " ".join(words), st.sampled_from("!！"), _SOME),
)


@settings(max_examples=150, deadline=None)
@given(
    _WORDS,
    st.sampled_from(["+8613800138000", "+8613900139000", "10086", "BANK"]),
    st.sampled_from(["", "", "", "STOP", "START", "HELP"]),
    st.booleans(),
)
def test_no_text_of_a_phone_breaks_the_service(
    service: Service, words: str, number: str, opt_out: str, with_picture: bool
) -> None:
    media = [Media("https://carrier.test/1", "image/jpeg")] if with_picture else []
    service.run(Phone(service.settings, number).text(words, media=media, opt_out=opt_out))


@settings(max_examples=150, deadline=None)
@given(_WORDS, st.sampled_from(["leader", "above", "neighbour", "guest"]), st.booleans(), st.data())
def test_nothing_said_or_done_in_a_room_breaks_the_service(
    service: Service, words: str, who: str, in_thread: bool, data: st.DataObject
) -> None:
    chat = Chat(service.settings, ROOM)
    person: Any = service.people.get(who, "@guest:test")
    thread = service.post if in_thread else ""
    service.run(chat.says(person, words, thread=thread))
    match data.draw(st.sampled_from(["", "edit", "redact", "react"])):
        case "edit":
            service.run(chat.edits(person, chat.last, data.draw(_WORDS)))
        case "redact":
            service.run(chat.redacts(person, chat.last))
        case "react":
            signs = [sign for command in TABLE.values() for sign in command.emoji]
            sign = data.draw(st.sampled_from(["", "🔥", *signs]) | st.text(max_size=3))
            service.run(chat.reacts(person, sign, thread or chat.last))
    service.work()
