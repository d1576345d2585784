"""Commands by which a leader finds and looks at issues; what they show goes to the leader alone."""

from collections.abc import Sequence

from issues import chain, lifecycle, links, listing, overlook, texts
from issues.effects import Effects
from linzhang.words import say
from models import Unit
from rooms import render
from rooms.commands.call import Call, Misused
from rooms.commands.table import command
from rooms.heard import Heard

#: Issues that one answer lists.
_LISTED = 15


@command("list mine 列表 我的", form=texts.FORM_LIST, about=texts.HELP_LIST, wordy=False)
async def list_mine(call: Call) -> Sequence[Effects]:
    """What the leader has to do something about, the most pressing first."""
    heard = call.heard
    person = await call.leader()
    issues = await overlook.held_by(person, heard.at)
    if not issues:
        return [heard.privately(say(texts.NOTHING_OPEN, heard.own_language))]
    lines = [await listing.line(issue, person, heard.own_language, heard.at) for issue in issues[:_LISTED]]
    lines.insert(0, say(texts.LIST_HEAD, heard.own_language, count=len(issues)))
    if len(issues) > _LISTED:
        lines.append(say(texts.LIST_MORE, heard.own_language, count=len(issues) - _LISTED))
    return [heard.privately("\n".join(lines))]


@command("show view 查看 详情", form=texts.FORM_SHOW, about=texts.HELP_SHOW, wordy=False)
async def show(call: Call) -> Sequence[Effects]:
    """The whole story of one issue."""
    heard, issue = call.heard, await call.issue()
    person = await call.leader()
    await call.check_right_on(issue)
    if not await overlook.reads(await chain.units_of(person, heard.at), issue):
        raise await lifecycle.not_yours(heard.settings, issue, heard.at)
    card = await render.card(heard.settings, issue, None)
    story = [f"· {line}" for line in card.story]
    post, page = await links.post_of(issue, person), links.page_of(heard.settings, issue)
    lines = [card.head, card.words, *story, card.state, post, page]
    return [heard.privately("\n".join(line for line in lines if line), issue)]


@command("search find 搜索 查找", form=texts.FORM_SEARCH, about=texts.HELP_SEARCH)
async def search(call: Call) -> Sequence[Effects]:
    """Issues in which something was said."""
    heard = call.heard
    person = await call.leader()
    words = call.words if call.number is None else f"{call.number} {call.words}"
    if not words.strip():
        raise Misused(texts.WRITE_IT_SO, form=call.form)
    issues = await overlook.search(person, words.split(), heard.at, _LISTED)
    if not issues:
        return [heard.privately(say(texts.NOTHING_FOUND, heard.own_language, words=words.strip()))]
    lines = [await listing.line(issue, person, heard.own_language, heard.at) for issue in issues]
    return [heard.privately("\n".join(lines))]


@command("status 概况 情况", form=texts.FORM_STATUS, about=texts.HELP_STATUS, wordy=False)
async def status(call: Call) -> Sequence[Effects]:
    """How the leader's units stand."""
    heard = call.heard
    person = await call.leader()
    lines = [await _numbers(heard, unit) for unit in await chain.units_of(person, heard.at)]
    return [heard.privately("\n".join(lines))]


async def _numbers(heard: Heard, unit: Unit) -> str:
    language = heard.own_language
    stand = await overlook.numbers(unit, heard.at)
    line = say(
        texts.STATUS_OF_UNIT,
        language,
        unit=unit.name,
        open=stand.open,
        overdue=stand.overdue,
        urgent=stand.urgent,
        answered=stand.answered,
        referred=stand.referred,
        asked=stand.asked,
        closed=stand.closed,
    )
    if stand.rating is None:
        return line
    return line + say(texts.STATUS_RATING, language, rating=f"{stand.rating:.1f}")
