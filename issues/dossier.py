"""All that the service keeps about one person, for that person: the facts as they stand, and as text.

Reads; changes nothing. It opens numbers, so what it gives out goes to the person, and into no log.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tortoise.expressions import Q

from issues import texts
from linzhang.settings import Settings
from linzhang.words import say
from models import (
    Address,
    ApiToken,
    CareCheck,
    CareRecord,
    CareVisit,
    DoorVisit,
    Flood,
    FormerAccount,
    History,
    Inbox,
    InboxState,
    Issue,
    Leadership,
    Look,
    Message,
    Outbox,
    Person,
    Question,
    Session,
    Step,
    SurveyPerson,
)

#: Facts of the JSON file, by their names there.
Facts = dict[str, Any]


async def of(settings: Settings, person: Person) -> Facts:
    """Everything, by what it is about.

    Args:
        settings: The service's.
        person: Whose.
    """
    await person.fetch_related("block", "household")
    addresses = await Address.filter(person_id=person.id).order_by("id")
    return {
        "made_at": _time(settings.clock.now()),
        "person": {
            "id": person.id,
            "name": person.name,
            "language": person.language,
            "block": person.block.name if person.block else None,
            "block_code": person.block.code if person.block else None,
            "household": person.household.label if person.household else None,
            "party_member": person.party_member,
            "smartphone": person.smartphone,
        },
        "addresses": [await _address(settings, each) for each in addresses],
        "former_accounts": [
            {"bridge": row.bridge, "address": settings.vault.open(row.sealed), "until": _time(row.until)}
            for row in await FormerAccount.filter(person_id=person.id).order_by("id")
        ],
        "posts": [
            {
                "unit": row.unit.name,
                "role": str(row.role),
                "since": _time(row.since),
                "until": _time(row.until),
                "chosen": str(row.chosen),
            }
            for row in await Leadership.filter(person_id=person.id).select_related("unit").order_by("id")
        ],
        "issues": [await _issue(each) for each in await Issue.filter(reporter_id=person.id).order_by("id")],
        "said_elsewhere": [
            _message(row)
            for row in await Message.filter(author_id=person.id)
            .exclude(issue__reporter_id=person.id)
            .select_related("author")
            .order_by("id")
        ],
        "sent_to_them": [
            {
                "at": _time(row.created_at),
                "bridge": row.bridge,
                "text": str(row.payload.get("text", "")),
                "state": str(row.state),
                "receipt": row.receipt,
            }
            for row in await Outbox.filter(address_id__in=[each.id for each in addresses]).order_by("id")
        ],
        "waiting_or_held": await _waiting(addresses),
        "asked": [
            {"kind": str(row.kind), "asked_at": _time(row.asked_at), "settled_at": _time(row.settled_at)}
            for row in await Question.filter(person_id=person.id).order_by("id")
        ],
        "looked_after": [
            {
                "since": _time(row.since),
                "kind": str(row.kind),
                "why": row.why,
                "consent": row.consent,
                "consent_at": _time(row.consent_at),
                "recorded_by": row.recorder.name,
                "rhythm": str(row.rhythm),
                "ended_at": _time(row.ended_at),
                "ended_why": row.ended_why,
            }
            for row in await CareRecord.filter(person_id=person.id).select_related("recorder").order_by("id")
        ],
        "asked_whether_well": [
            {"at": _time(row.asked_at), "state": str(row.state), "answered_at": _time(row.answered_at)}
            for row in await CareCheck.filter(person_id=person.id).order_by("id")
        ],
        "visited": [
            {"at": _time(row.at), "by": row.visitor.name, "words": row.words, "media": row.media}
            for row in await CareVisit.filter(person_id=person.id).select_related("visitor").order_by("id")
        ],
        "asked_about_their_leader": [
            {"at": _time(row.asked_at), "answered": row.answered}
            for row in await SurveyPerson.filter(person_id=person.id).order_by("id")
        ],
        "done_for_them_as_a_leader": [
            {"at": _time(row.at), "by": row.by.name, "what": str(row.kind), "note": row.note}
            for row in await Step.filter(person_id=person.id).select_related("by").order_by("id")
        ],
        "at_their_door": [
            {
                "at": _time(row.at),
                "campaign": row.campaign.title,
                "by": row.visitor.name,
                "found": str(row.state),
                "answers": _answers(row),
                "words": row.words,
                "media": row.media,
            }
            for row in await DoorVisit.filter(at_door_of(person))
            .select_related("campaign", "visitor")
            .order_by("id")
        ],
        "who_was_shown_their_number": [
            {"at": _time(row.at), "who": row.person.name}
            for row in await Look.filter(whose_id=person.id).select_related("person").order_by("id")
        ],
        "desk_sessions": [
            {"way": str(row.way), "made_at": _time(row.made_at), "seen_at": _time(row.seen_at)}
            for row in await Session.filter(person_id=person.id).order_by("id")
        ],
        "api_tokens": [
            {"name": row.name, "rights": row.rights, "made_at": _time(row.made_at)}
            for row in await ApiToken.filter(person_id=person.id).order_by("id")
        ],
    }


def at_door_of(person: Person) -> Q:
    """Of all visits from door to door, those to where somebody lives."""
    alone = Q(door__person_id=person.id)
    if person.household_id is None:
        return alone
    return alone | Q(door__household_id=person.household_id)


def as_text(facts: Facts, language: str) -> str:
    """The same for somebody who reads no JSON: who, where reached, and each issue's story.

    Args:
        facts: As `of` gives them.
        language: The reader's.
    """
    person = facts["person"]
    lines = [
        say(texts.DOSSIER_HEAD, language, name=person["name"] or say(texts.SOMEBODY, language)),
        say(texts.DOSSIER_HOME, language, place=person["block"] or "–", household=person["household"] or "–"),
    ]
    lines += [f"- {each['bridge']}: {each['address']}" for each in facts["addresses"]]
    for issue in facts["issues"]:
        lines += ["", say(texts.DOSSIER_ISSUE, language, number=issue["number"], time=issue["opened_at"])]
        lines += [_line(each) for each in issue["messages"]]
    lines += ["", say(texts.DOSSIER_SENT, language)]
    lines += [f"- {each['at']} {each['bridge']}: {each['text']}" for each in facts["sent_to_them"]]
    lines += ["", say(texts.DOSSIER_MORE, language)]
    return "\n".join(lines) + "\n"


def media_of(facts: Facts) -> list[tuple[str, str, str]]:
    """What came with words: number of the issue, type, and where it is kept."""
    found = []
    for issue in facts["issues"]:
        for message in issue["messages"]:
            found += [
                (str(issue["number"]), str(each.get("content_type", "")), str(each["url"]))
                for each in message["media"]
            ]
    return found


def _line(message: Facts) -> str:
    return f"- {message['said_at']} {message['by']}: {message['text']}".rstrip()


async def _address(settings: Settings, address: Address) -> Facts:
    flood = await Flood.get_or_none(address_id=address.id)
    return {
        "bridge": address.bridge,
        "address": settings.vault.open(address.sealed),
        "stopped_at": _time(address.stopped_at),
        "seen_at": _time(address.seen_at),
        "fixed_line": address.fixed_line,
        "too_many_messages": str(flood.state) if flood else None,
    }


async def _issue(issue: Issue) -> Facts:
    messages = await Message.filter(issue_id=issue.id).select_related("author").order_by("id")
    steps = await History.filter(issue_id=issue.id).select_related("actor").order_by("seq")
    return {
        "number": issue.number,
        "state": str(issue.state),
        "bridge": issue.bridge,
        "opened_at": _time(issue.opened_at),
        "answered_at": _time(issue.answered_at),
        "closed_at": _time(issue.closed_at),
        "urgent": issue.urgent,
        "private": issue.private,
        "rating": issue.rating,
        "messages": [_message(each) for each in messages],
        "steps": [
            {
                "at": _time(step.at),
                "action": str(step.action),
                "by": step.actor.name if step.actor else None,
                "from": step.from_state,
                "to": str(step.to_state),
                "detail": step.detail,
            }
            for step in steps
        ],
    }


def _message(message: Message) -> Facts:
    return {
        "said_at": _time(message.said_at),
        "by": message.author.name,
        "voice": str(message.voice),
        "bridge": message.bridge,
        "text": message.text,
        "media": message.media,
        "retracted_at": _time(message.retracted_at),
    }


def _answers(visit: DoorVisit) -> dict[str, str]:
    """What was chosen at a door, by question."""
    asked = zip(visit.campaign.questions, visit.answers, strict=False)
    return {each["words"]: each["choices"][chosen - 1] for each, chosen in asked if chosen}


async def _waiting(addresses: Sequence[Address]) -> list[Facts]:
    """What came from them and is part of no issue: it waits for its work, or is held."""
    lanes = [f"sender:{address.lookup}" for address in addresses]
    rows = Inbox.filter(lane__in=lanes).exclude(state=InboxState.DONE)
    return [
        {"at": _time(row.received_at), "state": str(row.state), "text": str(row.body.get("text", ""))}
        for row in await rows.order_by("id")
    ]


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
