"""A county's year: counted, counted anew while it is a draft, and signed off once and for all."""

import hashlib
import json
from collections import Counter
from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from linzhang.settings import Settings
from linzhang.words import SOURCE_LANGUAGE, Text
from models import Unit, YearlyCount
from territory.rows import Said, said
from territory.yearly import texts
from territory.yearly.numbers import Line, count

#: How much of the digest stands on paper.
SHORT = 12


class YearlyError(Exception):
    """A year cannot be frozen, signed or printed; says why and what to do."""

    def __init__(self, text: Text, **values: object) -> None:
        self.says: Said = said(text, **values)
        super().__init__(self.says.to(SOURCE_LANGUAGE))


async def freeze(settings: Settings, code: str, year: int, by: str) -> YearlyCount:
    """Count a unit's numbers for a year and keep them; a draft is counted anew. The database must be open.

    Args:
        settings: The service's.
        code: Code of the unit.
        year: This year or, for an audit that is late, the last one.
        by: Who has it counted.

    Raises:
        YearlyError: There is no such unit, the year is another one, or it has been signed off.
    """
    now = settings.clock.now()
    this_year = now.astimezone(settings.territory.zone).year
    if year not in (this_year, this_year - 1):
        raise YearlyError(texts.WRONG_YEAR, year=year, this=this_year, last=this_year - 1)
    async with in_transaction():
        unit = await _unit(code)
        kept = await YearlyCount.filter(unit_id=unit.id, year=year).select_for_update().first()
        if kept and kept.signed_at:
            raise _signed(kept, unit, settings)
        begins = datetime(year, 1, 1, tzinfo=settings.territory.zone)
        lines = [_as_dict(line) for line in await count(unit, settings.territory, begins)]
        facts = {"lines": lines, "digest": digest(lines), "frozen_at": now, "frozen_by": by}
        counted, _ = await YearlyCount.update_or_create(facts, unit_id=unit.id, year=year)
    return counted


async def sign(settings: Settings, code: str, year: int, by: str) -> YearlyCount:
    """Sign a year off; from then on its numbers stay as they are. The database must be open.

    Args:
        settings: The service's.
        code: Code of the unit.
        year: Which year.
        by: Who signs.

    Raises:
        YearlyError: It is not frozen, has been signed off, or somebody has changed its numbers.
    """
    async with in_transaction():
        counted = await find(code, year, for_update=True)
        if counted.signed_at:
            raise _signed(counted, await _unit(code), settings)
        if digest(counted.lines) != counted.digest:
            raise YearlyError(texts.TAMPERED, code=code, year=year)
        counted.signed_at, counted.signed_by = settings.clock.now(), by
        await counted.save()
    return counted


async def find(code: str, year: int, *, for_update: bool = False) -> YearlyCount:
    """A unit's year.

    Raises:
        YearlyError: There is no such unit, or its year is not frozen.
    """
    unit = await _unit(code)
    some = YearlyCount.filter(unit_id=unit.id, year=year)
    counted = await (some.select_for_update() if for_update else some).first()
    if counted is None:
        raise YearlyError(texts.NOT_FROZEN, code=code, year=year)
    return counted


def lines_of(counted: YearlyCount) -> list[Line]:
    """The numbers as they were counted, the unit's own first."""
    return [Line(each["code"], each["name"], each["tier"], Counter(each["counts"])) for each in counted.lines]


def digest(lines: list[dict[str, Any]]) -> str:
    """The fingerprint of numbers: SHA-256 over them, in hexadecimal digits."""
    text = json.dumps(lines, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _as_dict(line: Line) -> dict[str, Any]:
    counts = {what: number for what, number in sorted(line.counts.items()) if number}
    return {"code": line.code, "name": line.name, "tier": line.tier, "counts": counts}


def _signed(counted: YearlyCount, unit: Unit, settings: Settings) -> YearlyError:
    assert counted.signed_at is not None
    day = counted.signed_at.astimezone(settings.territory.zone).date().isoformat()
    return YearlyError(texts.SIGNED, name=unit.name, year=counted.year, who=counted.signed_by, day=day)


async def _unit(code: str) -> Unit:
    unit = await Unit.get_or_none(code=code)
    if unit is None:
        raise YearlyError(texts.NO_SUCH_UNIT, code=code)
    return unit
