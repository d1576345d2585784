"""The services: one for everything, and one for each department, from the territory."""

from collections.abc import Sequence
from dataclasses import dataclass

from issues import chain
from linzhang.settings import Settings
from linzhang.words import say
from models import Issue, Unit
from web.open311 import texts

#: Code of the service for everything.
GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Service:
    """A service.

    Attributes:
        code: Its code.
        name: What people call it.
        about: What it is for.
        group: What it stands among.
        department: Whose; None: the one for everything.
    """

    code: str
    name: str
    about: str
    group: str
    department: Unit | None = None


async def offered(settings: Settings, language: str) -> list[Service]:
    """All services; the one for everything first."""
    departments = await _departments(settings)
    return [general(language), *(_of(each, language) for each in departments)]


async def named(settings: Settings, code: str, language: str) -> Service | None:
    """A service by its code."""
    if code == GENERAL:
        return general(language)
    found = await _departments(settings, code=code)
    return _of(found[0], language) if found else None


def general(language: str) -> Service:
    """The service for everything."""
    name, about = say(texts.GENERAL, language), say(texts.GENERAL_ABOUT, language)
    return Service(GENERAL, name, about, say(texts.GROUP, language))


def of(issue: Issue, settings: Settings, language: str) -> tuple[str, str]:
    """Code and name of an issue's service: its department's where one has it; its holder is fetched."""
    tier = settings.territory.department
    if issue.holder is not None and tier is not None and issue.holder.tier == tier.key:
        return issue.holder.code, issue.holder.name
    return GENERAL, say(texts.GENERAL, language)


async def jurisdiction() -> str:
    """The jurisdiction's id: the code of the unit above all."""
    root = await chain.root()
    return root.code if root else ""


async def _departments(settings: Settings, **which: str) -> Sequence[Unit]:
    tier = settings.territory.department
    if tier is None:
        return []
    found = Unit.filter(tier=tier.key, closed_at=None, **which).order_by("code")
    return await found.select_related("parent")


def _of(department: Unit, language: str) -> Service:
    about = say(texts.DEPARTMENT_ABOUT, language, department=department.name)
    group = department.parent.name if department.parent else say(texts.GROUP, language)
    return Service(department.code, department.name, about, group, department)
