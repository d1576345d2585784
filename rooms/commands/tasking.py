"""Commands by which leaders are asked for help, say that they help, show it, and are paid for it."""

import re
from collections.abc import Sequence

from issues import chain, segments
from issues.effects import Effects
from issues.errors import NotFound
from linzhang.words import say
from models import Task, TaskState
from programme.notices import shaping
from programme.tasks import answers, helping, ledger, money, reading, settling, standing, texts, writing
from programme.tasks.offering import DRAFT, TAKEN
from rooms import tasked
from rooms.commands import noticing
from rooms.commands.call import Call, Misused
from rooms.commands.table import command
from rooms.heard import Heard

_NUMBER = r"\s*(\d{1,9})号?"
_SEND = re.compile(rf"(?:send|发出|发送|发布|发){_NUMBER}", re.IGNORECASE)
_STOP = re.compile(rf"(?:stop|cancel|drop|取消|停|撤回){_NUMBER}", re.IGNORECASE)
_TAKE = re.compile(rf"(?:take|accept|接单|接|我来){_NUMBER}", re.IGNORECASE)
_LEAVE = re.compile(rf"(?:leave|不接|退出|去不了){_NUMBER}", re.IGNORECASE)
_CONFIRM = re.compile(rf"(?:confirm|确认|属实){_NUMBER}\s*(\S.*)?", re.IGNORECASE)
_REFUSE = re.compile(
    rf"(?:refuse|不认|退回|不属实){_NUMBER}\s+(\S+)[\s:：,，]*(.*)", re.IGNORECASE | re.DOTALL
)
_REVERSE = re.compile(rf"(?:reverse|冲销|收回){_NUMBER}\s+(\S+)[\s:：,，]*(.*)", re.IGNORECASE | re.DOTALL)
_SHOW = re.compile(rf"(?:show|查看|看)?{_NUMBER}", re.IGNORECASE)
_DID = re.compile(rf"{_NUMBER}[\s:：,，]*(.*)", re.DOTALL)

#: Tasks that one answer lists.
_LISTED = 15


@command("task work 任务 派活", form=texts.FORM, about=texts.HELP)
async def task(call: Call) -> Sequence[Effects]:
    """Ask for help, or do something with a task that is there."""
    heard = call.heard
    await call.leader()
    words = _all(call)
    if not words:
        return [await _listed(heard)]
    if asked := _SHOW.fullmatch(words):
        return [await _stands(heard, int(asked[1]))]
    if asked := _SEND.fullmatch(words):
        return await tasked.let_go(heard, int(asked[1]))
    if asked := _STOP.fullmatch(words):
        return [await _stop(heard, int(asked[1]))]
    if asked := _TAKE.fullmatch(words):
        return await tasked.take(heard, int(asked[1]))
    if asked := _LEAVE.fullmatch(words):
        return [await _leave(heard, int(asked[1]))]
    if asked := _CONFIRM.fullmatch(words):
        help_ = await settling.find(await writing.lock(int(asked[1])), (asked[2] or "").strip())
        return await tasked.confirm(heard, int(asked[1]), help_)
    if asked := _REFUSE.fullmatch(words):
        return [await _judge(heard, asked, back=False)]
    if asked := _REVERSE.fullmatch(words):
        return [await _judge(heard, asked, back=True)]
    return [await _write(heard, words)]


@command("did 干完 做完", form=texts.FORM_DID, about=texts.HELP_DID)
async def did(call: Call) -> Sequence[Effects]:
    """Say that one has done a task, and show it."""
    heard = call.heard
    person = await call.leader()
    asked = _DID.fullmatch(_all(call))
    about = None if asked else await tasked.meant(heard)
    if asked is None and about is None:
        raise Misused(texts.WHICH_TASK, form=call.form)
    number, words = (int(asked[1]), asked[2]) if asked else (int((about or {})["task"]), _all(call))
    doing = await writing.lock(number)
    effects = heard.effects()
    shown = await tasked.proof(heard, words.strip())
    told = await helping.prove(heard.settings, doing, person, shown, heard.at, effects)
    return [heard.privately(told, effects=effects, task=number, step=TAKEN)]


def _all(call: Call) -> str:
    """All that stood behind the command: a long number is taken for an issue's."""
    return (call.words if call.number is None else f"{call.number} {call.words}").strip()


async def _write(heard: Heard, words: str) -> Effects:
    assert heard.person is not None
    settings, language = heard.settings, heard.language
    wanted = reading.wanted(words, settings.territory.tasks.currency)
    if wanted is None:
        raise Misused(texts.WRITE_IT_SO, form=texts.FORM)
    payer = await noticing.unit_of(heard)
    written = await writing.write(
        settings, heard.person, payer, wanted, heard.at, event_id=heard.inbound.external_id
    )
    number = written.task.id
    shown = say(
        texts.DRAFT_ROOM,
        language,
        draft=answers.draft_of(settings, written, language),
        send=say(texts.FORM_SEND, language, number=number),
        stop=say(texts.FORM_STOP, language, number=number),
    )
    return heard.retort_words(shown, task=number, step=DRAFT)


async def _stop(heard: Heard, number: int) -> Effects:
    assert heard.person is not None
    stopped = await writing.lock(number)
    unsent = stopped.state is TaskState.DRAFT
    effects = heard.effects()
    told = await writing.stop(heard.settings, stopped, heard.person, heard.at, effects)
    text = texts.DROPPED if unsent else texts.CALLED_OFF
    return heard.retort_words(say(text, heard.language, number=number, told=told), effects=effects)


async def _leave(heard: Heard, number: int) -> Effects:
    assert heard.person is not None
    effects = heard.effects()
    left = await writing.lock(number)
    words = await helping.leave(heard.settings, left, heard.person, heard.at, effects)
    return heard.privately(words, effects=effects)


async def _judge(heard: Heard, asked: re.Match[str], *, back: bool) -> Effects:
    """Refuse somebody's help, or take back what stands in the ledger for it."""
    assert heard.person is not None
    judged = await writing.lock(int(asked[1]))
    help_ = await settling.find(judged, asked[2])
    why = asked[3].strip()
    if not why:
        form = texts.FORM_REVERSE if back else texts.FORM_REFUSE
        said = say(form, heard.language, number=judged.id, name=help_.person.name)
        raise Misused(texts.NO_WHY, form=said)
    effects = heard.effects()
    deed = settling.reverse if back else settling.refuse
    words = await deed(heard.settings, judged, help_, heard.person, why, heard.at, effects)
    return heard.privately(words, effects=effects)


async def _listed(heard: Heard) -> Effects:
    """The latest tasks that concern the leader, and what they are due."""
    assert heard.person is not None
    language = heard.own_language
    units = await chain.units_of(heard.person, heard.at)
    latest = await standing.latest(units, heard.person, _LISTED)
    if not latest:
        return heard.privately(say(texts.NONE_YET, language, form=texts.FORM))
    lines = [
        say(
            texts.LISTED,
            language,
            number=each.id,
            unit=each.payer.name,
            state=say(texts.STATES[each.state], language),
            what=segments.cut(each.words, 30),
        )
        for each in latest
    ]
    for due in await ledger.of(heard.person):
        facts = {"due": money.said(due.due, due.currency, language)}
        lines.append(
            say(texts.LIST_DUE, language, paid=money.said(due.paid, due.currency, language), **facts)
        )
    form = say(texts.FORM_SHOW, language, number=latest[0].id)
    return heard.privately("\n".join([*lines, say(texts.LIST_END, language, form=form)]))


async def _stands(heard: Heard, number: int) -> Effects:
    """How a task stands, and who helps."""
    assert heard.person is not None
    settings, language = heard.settings, heard.own_language
    units = await chain.units_of(heard.person, heard.at)
    found = Task.filter(standing.concerning(units, heard.person), id=number)
    shown = await found.select_related("author", "payer", "unit").first()
    if shown is None:
        raise NotFound(texts.NO_SUCH, number=number)
    lines = [
        say(
            texts.STANDING,
            language,
            number=number,
            state=say(texts.STATES[shown.state], language),
            what=shaping.ended(shown.words, language),
            count=await helping.taken(shown),
            need=shown.need,
            pay=money.said(shown.pay, shown.currency, language),
            payer=shown.payer.name,
        )
    ]
    for each in await standing.helps(shown):
        post = await chain.post_of(each.person, heard.at)
        state = say(texts.HELPS[each.state], language)
        unit = post.name if post else settings.territory.name.get(language, "")
        lines.append(say(texts.STANDING_HELPER, language, name=each.person.name, unit=unit, state=state))
    return heard.privately("\n".join(lines))
