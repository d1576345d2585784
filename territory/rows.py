"""The plain rows that files hold and that loading takes: units, and posts with who fills them.

Values only. It must never touch the database or a file.
"""

from collections.abc import Sequence
from typing import NamedTuple

from models import Role


class UnitRow(NamedTuple):
    """A unit as a file has it.

    Attributes:
        code: Unique in the programme.
        name: What people call it.
        tier: Key of its tier in the territory profile.
        parent_code: Code of the unit above; empty for the root.
        urban: Whether it lies in a town.
        households: How many households it has; 0 where they are not counted.
        card_code: The number on the block's contact card (`territory.cards`); empty for none.
    """

    code: str
    name: str
    tier: str
    parent_code: str
    urban: bool = False
    households: int = 0
    card_code: str = ""


class PostRow(NamedTuple):
    """A post of a roster, and who fills it.

    Attributes:
        unit_code: Code of the unit that the person answers for.
        role: As leader or as deputy.
        name: The person's name.
        phone: Their phone number, as it was written. A secret: never logged, never in an error.
        matrix_id: Their Matrix id, such as '@chen:example.org'; empty for none.
    """

    unit_code: str
    role: Role
    name: str
    phone: str
    matrix_id: str = ""


class RowError(NamedTuple):
    """What is wrong with one row of a file.

    Attributes:
        row: Its number as a spreadsheet shows it, the heading being 1; 0 for the file as a whole.
        problem: What is wrong and what to do. Holds no phone number.
    """

    row: int
    problem: str

    def __str__(self) -> str:
        """One line for the person who has to repair the file."""
        return f"row {self.row}: {self.problem}" if self.row else self.problem


class TerritoryError(ValueError):
    """Rows cannot be taken, so none of them was.

    Attributes:
        errors: Every row that is wrong, in the file's order.
    """

    #: More lines than these help nobody; the count tells the rest.
    SHOWN = 20

    def __init__(self, errors: Sequence[RowError]) -> None:
        self.errors = list(errors)
        lines = [f"  {error}" for error in self.errors[: self.SHOWN]]
        if len(self.errors) > self.SHOWN:
            lines.append(f"  … and {len(self.errors) - self.SHOWN} more")
        super().__init__("Nothing was taken:\n" + "\n".join(lines))
