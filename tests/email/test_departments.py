"""A department without chat: it gets what is referred to it by mail, and acts by answering."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from tortoise.transactions import in_transaction

from bridges.contract import Inbound, Kind
from bridges.email.bridge import EmailBridge
from bridges.email.composing import Ours
from bridges.email.reading import understood
from bridges.email.tokens import Tokens
from bridges.registry import bridges, matrix_bridge
from escalator import deadlines, outbox
from escalator import inbox as inbox_worker
from escalator.delivery import ToPerson
from escalator.listening import listening
from escalator.waking import Waker, connect
from issues import inbox, lifecycle, texts
from issues.lifecycle import Actor
from linzhang.settings import Settings
from models import Action, History, Inbox, Issue, Message, Outbox, State, Unit
from tests.email.post import HOST, PASSWORD, USER, WATER, Office, answer, bounce, empty, put, text_of
from tests.factories import appoint, clock_of, make_settings, open_database, plant, reachable
from tests.issues.chat import Block, block_in, lines, zh
from tests.issues.diary import Phone
from tests.sms.wire import until


class Department:
    """A water company that has a phone in the roster and reads mail, and the service that writes to it."""

    def __init__(self, settings: Settings, block: Block, office: Office) -> None:
        self.settings, self.block, self.office = settings, block, office
        key = settings.lookup_key.get_secret_value()
        assert settings.email is not None
        self.ours = Ours(settings.email.address, settings.territory.name, Tokens(key))
        self.bridge = EmailBridge(settings.email, name=settings.territory.name, key=key)

    async def begin(self) -> "Department":
        county = self.block.territory.units["county"]
        self.unit = await Unit.create(
            code="3401-w", name="谯城区水务局", tier="department", parent=county, path=f"{county.path}3401-w/"
        )
        self.head = await appoint(self.unit, "王工")
        await reachable(self.settings, self.head, "+8613500135000")
        await reachable(self.settings, self.head, WATER, bridge="email")
        return self

    async def refer(self) -> EmailMessage:
        """Let the issue be referred; returns the letter."""
        async with in_transaction():
            issue = await lifecycle.lock(Issue.id_of(self.block.number))
            actor = Actor(self.block.leader, "matrix", "!room:test")
            at = self.settings.clock.now()
            effects = await lifecycle.refer(self.settings, issue, actor, self.unit, "主管道爆了", at)
            await effects.save()
        return await self.gets()

    async def gets(self) -> EmailMessage:
        """Carry out what goes by mail; returns the last letter."""
        encloser: object = None  # nothing goes along with letters
        deliverer = ToPerson(self.settings, self.bridge, encloser)  # type: ignore[arg-type]
        for lane in await outbox.due_lanes(self.settings, 100):
            row = await Outbox.filter(lane=lane).order_by("-id").first()
            if row is not None and row.bridge == "email":
                await outbox.drain(self.settings, {"email": deliverer}, lane)
        return self.office.last()

    async def writes(self, mail: EmailMessage) -> None:
        """Let a mail of theirs come in."""
        event = understood(mail.as_bytes(), self.ours)
        assert event is not None
        await self.hears(event)

    async def hears(self, event: Inbound) -> None:
        """Let something come in, and work on it."""
        lane = await inbox.store(self.settings, event)
        assert lane is not None
        await inbox_worker.drain(self.settings, lane)
        row = await Inbox.get(bridge=event.bridge, external_id=event.external_id)
        assert row.error == ""

    async def issue(self) -> Issue:
        return await self.block.issue()


@pytest.fixture
async def department(tmp_path: Path, office: Office) -> AsyncIterator[Department]:
    settings = make_settings(tmp_path, email=office.settings().model_dump())
    async with open_database(settings):
        made = await Department(settings, await block_in(settings, await plant()), office).begin()
        yield made
        await made.bridge.close()


async def test_a_referred_issue_is_a_letter_and_its_answer_reaches_the_resident(
    department: Department,
) -> None:
    block = department.block
    await block.room.says(block.leader, "我先去看看", thread=block.post)
    letter = await department.refer()
    assert str(letter["To"]) == WATER
    assert str(letter["Subject"]) == "编号1001：路灯坏了"
    words = text_of(letter)
    for part in ("刘大爷", "第3邻", "路灯坏了", "我先去看看", "主管道爆了", "最晚12月1日10:00", "“退回”开头"):
        assert part in words, part
    phone = Phone(department.settings, number="+8613500135000")
    assert await phone.told() == [], "who gets a letter gets no text"
    await block.phone.told()
    await department.writes(answer(letter, "今晚抢修，\n请备些水。"))
    (told,) = await block.phone.told()
    assert told == "谯城区水务局王工回您（编号1001）：今晚抢修，\n请备些水。"
    assert (await department.issue()).state is State.REFERRED
    assert "今晚抢修" in (await lines(block.territory.block))[-1]
    receipt = await department.gets()
    assert text_of(receipt).splitlines()[2] == zh(texts.REPLY_SENT, name="刘大爷", number=1001)
    assert receipt["References"] == letter["References"], "it stands in the same conversation"
    await block.phone.text("路灯还是不亮")
    more = await department.gets()
    assert text_of(more).splitlines()[2] == zh(texts.SAID_BY, name="刘大爷", words="路灯还是不亮")
    assert more["Reply-To"] == letter["Reply-To"]
    await block.phone.told()
    await department.writes(answer(receipt, "水已通"))
    assert "水已通" in (await block.phone.told())[-1]


async def test_done_by_mail_asks_the_resident(department: Department) -> None:
    letter = await department.refer()
    await department.block.phone.told()
    # Whatever an answer begins with, it is about the issue of its letter, and nobody's own trouble.
    for words in ("收到", "新水管后天到货", "2026 年底前换完", "1019 也是这条管子"):
        await department.writes(answer(letter, words))
        assert words in (await department.block.phone.told())[-1]
    await department.writes(answer(letter, "备注：上次也是这里"))
    assert await department.block.phone.told() == []
    assert (await Message.get(text="上次也是这里")).voice == "inside"
    assert await Issue.all().count() == 1
    await department.writes(answer(letter, "完成：主管道已修好"))
    assert (await department.issue()).state is State.RESOLVED
    told = await department.block.phone.told()
    assert "主管道已修好" in told[0]
    assert "解决" in told[-1]
    await department.block.phone.text("1")
    assert (await department.issue()).state is State.CLOSED
    done = await History.get(action=Action.RESOLVE)
    assert (done.actor_id, done.bridge) == (department.head.id, "email")


async def test_returned_by_mail_goes_back_to_who_referred_it(department: Department) -> None:
    letter = await department.refer()
    await department.writes(answer(letter, "退回"))
    assert zh(texts.REPLY_RETURN_WHY) in text_of(await department.gets())
    assert (await department.issue()).state is State.REFERRED
    await department.writes(answer(letter, "退回：是小区自己的管子"))
    issue = await department.issue()
    assert (issue.state, issue.holder) == (State.OPEN, department.block.territory.block)
    assert "是小区自己的管子" in (await lines(department.block.territory.block))[-1]
    assert zh(texts.REPLY_RETURNED, number=1001, unit="第3邻") in text_of(await department.gets())
    await department.writes(answer(letter, "再说一句"))
    assert "编号1001不归您办" in text_of(await department.gets())
    assert not await Message.filter(text="再说一句").exists()


async def test_what_was_attached_and_could_not_be_taken_is_said(department: Department) -> None:
    mail = answer(await department.refer(), "见附件")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="单.pdf")
    await department.writes(mail)  # as a webhook brings it: nobody keeps what is attached
    told = text_of(await department.gets())
    assert zh(texts.REPLY_SENT, name="刘大爷", number=1001) in told
    assert zh(texts.LETTER_LEFT) in told


async def test_a_silent_department_is_reminded_by_mail(department: Department) -> None:
    await department.refer()
    clock_of(department.settings).advance(timedelta(hours=168))
    await deadlines.run(department.settings, 10)
    reminder = await department.gets()
    assert len(department.office.taken) == 2
    time = "12月8日10:00"
    assert zh(texts.LINE_REMIND_DEPARTMENT, number=1001, time=time) in text_of(reminder)


async def test_a_letter_that_came_back_goes_by_text_and_else_whoever_referred_it_hears(
    department: Department,
) -> None:
    letter = await department.refer()
    await department.writes(bounce(letter))
    (text,) = await Phone(department.settings, number="+8613500135000").told()
    assert "1001" in text
    assert len(text) < 140, "the short one"
    row = await Outbox.get(key__endswith=".o")
    told = {"status": "undelivered", "code": 30005, "key": row.key}
    await department.hears(Inbound("sms", "SM1", "+8613500135000", Kind.RECEIPT, target="SM1", detail=told))
    line = (await lines(department.block.territory.block))[-1]
    assert line == zh(texts.LINE_DEPARTMENT_UNREACHED, department="谯城区水务局", number=1001)


async def test_a_worker_listens_to_the_mail_box(
    department: Department, tmp_path: Path, imap_port: int
) -> None:
    empty(imap_port)
    letter = await department.refer()
    box = {"imap_host": HOST, "imap_port": imap_port, "imap_tls": "none", "imap_user": USER}
    mail = department.office.settings(**box, imap_password=PASSWORD, poll=0.05)
    settings = department.settings.model_copy(update={"email": mail})
    matrix = matrix_bridge(settings)
    waker = Waker(connect(settings.redis_url))  # which is away: what is stored is found all the same
    put(imap_port, answer(letter, "完成"))

    async def stored() -> bool:
        return await Inbox.filter(bridge="email").exists()

    by_name = bridges(settings, matrix)
    async with listening(settings, by_name.values(), waker):
        await until(stored, "the mail")
    await waker.close()
    for bridge in by_name.values():
        await bridge.close()
