"""Writes down whom a survey could ask, block by block, and announces it when the list is complete.

On the list are those of a block whom a text reaches, without its leader and deputies, all who live with them,
and whoever else leads something: nobody is asked about somebody to whom they report, or who reports to them.
Nobody's name or number is on it, but a mark: a keyed hash, of which only the service knows whose it is.
From then on the list is fixed: who moves in comes too late, and who goes is not replaced.
"""

from datetime import datetime

from bridges.open311.bridge import NAME as CIVIC_APP
from issues import chain, reaching
from issues.effects import Effects
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Address, Leadership, Person, Survey, SurveyBlock, SurveyState, Unit
from programme.thanks.surveys import drawing, texts

#: Blocks that one transaction lists, or draws from.
BATCH = 20

#: Hexadecimal digits of a mark.
_MARK = 16


def mark_of(settings: Settings, survey: Survey, person: Person) -> str:
    """What somebody is called on the list of a survey; in each they are called otherwise."""
    return settings.vault.lookup("survey", f"{survey.id} {person.id}")[:_MARK]


async def go_on(settings: Settings, survey: Survey, at: datetime, *, nonce: str) -> tuple[int, set[str]]:
    """List the next blocks; announce the survey when there is none left.

    Args:
        settings: The service's.
        survey: Locked, with its author and unit; its list is being made.
        at: Programme time.
        nonce: 64 hexadecimal digits that nobody has seen.

    Returns:
        How many blocks were listed, and the outbox lanes that have got rows.
    """
    bottom = settings.territory.bottom.key
    further = Unit.filter(chain.below(survey.path), tier=bottom, closed_at=None, path__gt=survey.reached)
    blocks = await further.order_by("path").limit(BATCH)
    for block in blocks:
        await _list(settings, survey, block, at)
    if len(blocks) == BATCH:
        survey.reached = blocks[-1].path
        await survey.save(update_fields=["reached"])
        return len(blocks), set()
    return len(blocks) + 1, await _announce(settings, survey, at, nonce)


async def _list(settings: Settings, survey: Survey, block: Unit, at: datetime) -> None:
    leader = await chain.leader_of(block, at)
    if leader is None:
        return  # there is nobody about whom one could ask
    close = [leader, *await chain.actors_of(block, at)]
    homes = {each.household_id for each in close if each.household_id is not None}
    theirs = {each.id for each in close} | {survey.author_id}
    living = await Person.filter(block_id=block.id).exclude(name="").exclude(id__in=theirs)
    leading = await _leading(living, at)
    others = [each for each in living if each.household_id not in homes and each.id not in leading]
    reached = await _reached(settings, others, at)
    marks = sorted(mark_of(settings, survey, each) for each in others if each.id in reached)
    if marks:
        made = {"path": block.path, "leader": leader, "listed": "\n".join(marks), "people": len(marks)}
        await SurveyBlock.get_or_create(survey_id=survey.id, unit_id=block.id, defaults=made)


async def _leading(people: list[Person], at: datetime) -> set[int]:
    """Ids of those who lead or deputise for a unit."""
    posts = Leadership.filter(chain.in_office(at), person_id__in=[each.id for each in people])
    return {row["person_id"] for row in await posts.values("person_id")}


async def _reached(settings: Settings, people: list[Person], at: datetime) -> set[int]:
    """Ids of those whom a text reaches."""
    usable = Address.filter(person_id__in=[each.id for each in people], stopped_at=None)
    theirs: dict[int, list[Address]] = {}
    for address in await usable.exclude(bridge=CIVIC_APP):
        theirs.setdefault(address.person_id, []).append(address)
    return {who for who, own in theirs.items() if reaching.likeliest(settings, own, at) is not None}


async def _announce(settings: Settings, survey: Survey, at: datetime, nonce: str) -> set[str]:
    profile = settings.territory
    language, rules = profile.default_language, profile.surveys
    blocks = await SurveyBlock.filter(survey_id=survey.id).order_by("unit__code").select_related("unit")
    effects = Effects(f"sv{survey.id}.announced", settings.clock.wall())
    facts = {"number": survey.id, "unit": survey.unit.name}
    if not blocks:
        survey.state, survey.ended_at = SurveyState.STOPPED, at
        await survey.save(update_fields=["state", "ended_at"])
        effects.announce(survey.unit_id, say(texts.NOBODY, language, **facts), mention=[survey.author_id])
        return await effects.save_once()
    survey.people = sum(block.people for block in blocks)
    wanted = drawing.size(survey.people, survey.margin)
    for block in blocks:
        block.take = drawing.take(block.people, survey.people, wanted, survey.least)
    await SurveyBlock.bulk_update(blocks, fields=["take"])
    survey.size = sum(block.take for block in blocks)
    survey.digest = drawing.digest((block.unit.code, block.listed.split("\n")) for block in blocks)
    survey.commitment, survey.sealed = drawing.commitment(nonce), settings.vault.seal(nonce)
    draw_at = at + rules.waits
    survey.announced_at, survey.draw_at = at, profile.quiet.until(draw_at, profile.zone) or draw_at
    survey.state, survey.reached = SurveyState.ANNOUNCED, ""
    await survey.save()
    words = say(
        texts.ANNOUNCED,
        language,
        people=survey.people,
        size=survey.size,
        time=clock_time(survey.draw_at, at, profile.zone, language),
        digest=survey.digest,
        commitment=survey.commitment,
        form=say(texts.FORM_WORD, language, number=survey.id),
        **facts,
    )
    effects.announce(survey.unit_id, words, mention=[survey.author_id])
    return await effects.save_once()
