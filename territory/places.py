"""Places from a file: the shops, schools, hotels that a block covers besides households."""

from collections.abc import Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

from linzhang.settings import Settings
from models import Place
from territory import texts
from territory.blocks import Blocks
from territory.bulk import insert, reserve_ids, slices
from territory.columns import FileKind
from territory.plan import Changes, What
from territory.progress import Progress, told
from territory.rows import PlaceRow, RowError, TerritoryError, said

_PLACE = ("id", "block_id", "name", "kind")


class PlacePlan:
    """What a file of places changes."""

    kind = FileKind.PLACES

    def __init__(self, changes: Changes) -> None:
        self.changes = changes
        self._new: list[tuple[int, str, str]] = []
        self._kinds: list[tuple[int, str]] = []
        self._gone: list[int] = []

    @classmethod
    async def make(
        cls,
        connection: BaseDBAsyncClient,
        settings: Settings,
        rows: Sequence[PlaceRow],
        *,
        keep_all: bool = False,
    ) -> "PlacePlan":
        """Look at rows, and see what they change. A place is known by its name in its block.

        Args:
            connection: The transaction's.
            settings: The service's.
            rows: Of a file.
            keep_all: Whether every change is kept in words.

        Raises:
            TerritoryError: Rows break a rule; it names each, counted as in a file.
        """
        plan = cls(Changes(keep_all=keep_all))
        blocks = Blocks(settings.territory)
        await blocks.look_up(connection, (row.block_code for row in rows))
        errors: list[RowError] = []
        row_of: dict[tuple[str, str], int] = {}
        for number, row in enumerate(rows, start=2):
            problem = blocks.problem(row.block_code)
            first = row_of.setdefault((row.block_code, row.name), number)
            if not problem and first != number:
                problem = said(texts.PLACE_TWICE, row=first)
            if problem:
                errors.append(RowError(number, problem))
        if errors:
            raise TerritoryError(errors)
        known: dict[tuple[int, str], tuple[int, str]] = {}
        for some in slices(blocks.ids()):
            for id_, block_id, name, kind in await Place.filter(block_id__in=some).values_list(
                "id", "block_id", "name", "kind"
            ):
                known[block_id, name] = (id_, kind)
        for number, row in enumerate(rows, start=2):
            plan._note(number, row, blocks.id_of(row.block_code), known)
        return plan

    async def apply(self, connection: BaseDBAsyncClient, progress: Progress) -> None:
        """Carry it out, in the caller's transaction in which it was made."""
        for some in slices(self._gone):
            await Place.filter(id__in=some).delete()
        for place_id, kind in self._kinds:
            await Place.filter(id=place_id).update(kind=kind)
        ids = await reserve_ids(connection, Place, len(self._new))
        rows = ((id_, *place) for id_, place in zip(ids, self._new, strict=True))
        await insert(connection, Place, _PLACE, told(rows, "places", len(self._new), progress))

    def _note(
        self, number: int, row: PlaceRow, block_id: int, known: dict[tuple[int, str], tuple[int, str]]
    ) -> None:
        words = f"{row.block_code} {row.name}"
        place = known.get((block_id, row.name))
        if row.closed:
            self._gone += [place[0]] if place else []
            self.changes.add(What.CLOSED if place else What.UNCHANGED, number, words)
        elif place is None:
            self._new.append((block_id, row.name, row.kind))
            self.changes.add(What.NEW, number, words)
        elif place[1] != row.kind:
            self._kinds.append((place[0], row.kind))
            self.changes.add(What.CHANGED, number, f"{words}: {place[1]} → {row.kind}")
        else:
            self.changes.add(What.UNCHANGED, number, words)
