"""The plain rows that files hold and that loading takes: units, posts, residents, places.

Values only. It must never touch the database or a file.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from issues.texts import COMMA
from linzhang.words import SOURCE_LANGUAGE, Text, say
from models import Chosen, Role
from territory import texts


class UnitRow(NamedTuple):
    """A unit as a file has it.

    Attributes:
        code: Unique in the programme.
        name: What people call it.
        tier: Key of its tier in the territory profile.
        parent_code: Code of the unit above; empty for the root.
        urban: Whether it lies in a town; None: the file does not say.
        households: How many households it has; 0 where they are not counted.
        card_code: The number on the block's contact card (`territory.cards`); empty for none.
        merged_into: Code of the unit of which it becomes part; empty for one that stays.
    """

    code: str
    name: str
    tier: str
    parent_code: str
    urban: bool | None = None
    households: int = 0
    card_code: str = ""
    merged_into: str = ""


class PostRow(NamedTuple):
    """A post of a roster, and who fills it.

    Attributes:
        unit_code: Code of the unit that the person answers for.
        role: As leader or as deputy.
        name: The person's name; empty, and no phone: nobody has the post any more.
        phone: Their phone number, as it was written. A secret: never logged, never in an error.
        matrix_id: Their Matrix id, such as '@chen:example.org'; empty for none.
        chosen: How they came to the post.
        party_member: Whether they are in the Party; None: the file does not say.
        smartphone: Whether they have a smartphone; None: the file does not say.
    """

    unit_code: str
    role: Role
    name: str
    phone: str
    matrix_id: str = ""
    chosen: Chosen = Chosen.UNKNOWN
    party_member: bool | None = None
    smartphone: bool | None = None


class ResidentRow(NamedTuple):
    """Somebody who lives in a block.

    Attributes:
        block_code: Code of the block.
        household: What their household is called in the block; empty: it is not known.
        name: Their name.
        phone: Their number, as it was written; empty for none. A secret: never logged, never in an error.
        language: Tag of the language they are written to; empty: the file does not say.
        party_member: Whether they are in the Party; None: the file does not say.
        smartphone: Whether they have a smartphone; None: the file does not say.
    """

    block_code: str
    household: str
    name: str
    phone: str = ""
    language: str = ""
    party_member: bool | None = None
    smartphone: bool | None = None


class PlaceRow(NamedTuple):
    """A shop, a school, whatever a block covers besides households.

    Attributes:
        block_code: Code of the block.
        name: What people call it, unique in its block.
        kind: 'shop', 'school' …, or whatever the file calls it.
        closed: Whether it is not there any more.
    """

    block_code: str
    name: str
    kind: str
    closed: bool = False


class Said(NamedTuple):
    """A text with its blanks filled, to be said in a reader's language.

    Attributes:
        text: From the catalogue.
        values: For its blanks: anything, other `Said`s, texts, or names per language.
    """

    text: Text
    values: Mapping[str, object]

    def to(self, language: str) -> str:
        """The words in a language."""
        return say(self.text, language, **{key: _to(value, language) for key, value in self.values.items()})


def said(text: Text, **values: object) -> Said:
    """A text with its blanks filled."""
    return Said(text, values)


def _to(value: object, language: str) -> object:
    match value:
        case Said():
            return value.to(language)
        case Mapping():
            return value.get(language) or value.get(SOURCE_LANGUAGE) or next(iter(value.values()))
        case list():
            return say(COMMA, language).join(str(_to(each, language)) for each in value)
    return value


class RowError(NamedTuple):
    """What is wrong with one row of a file.

    Attributes:
        row: Its number as a spreadsheet shows it, the heading being 1; 0 for the file as a whole.
        problem: What is wrong and what to do. Holds no phone number.
    """

    row: int
    problem: Said

    def to(self, language: str) -> str:
        """One line for the person who has to repair the file."""
        if not self.row:
            return self.problem.to(language)
        return say(texts.ROW, language, row=self.row, problem=self.problem.to(language))

    def __str__(self) -> str:
        """The line in English."""
        return self.to(SOURCE_LANGUAGE)


class TerritoryError(ValueError):
    """Rows cannot be taken, so none of them was.

    Attributes:
        errors: Every row that is wrong, in the file's order.
        file: Name of the file they stand in; empty where they come from none, or it is named in them.
    """

    file: str = ""

    #: More lines than these help nobody; the count tells the rest.
    SHOWN = 20

    def __init__(self, errors: Sequence[RowError]) -> None:
        self.errors = list(errors)
        super().__init__(self.to(SOURCE_LANGUAGE))

    def to(self, language: str) -> str:
        """The first of the errors, a line each."""
        lines = [f"  {error.to(language)}" for error in self.errors[: self.SHOWN]]
        if len(self.errors) > self.SHOWN:
            lines.append(f"  {say(texts.AND_MORE, language, count=len(self.errors) - self.SHOWN)}")
        return "\n".join([say(texts.NOTHING_TAKEN, language), *lines])


def of_file(text: Text, **values: object) -> TerritoryError:
    """An error of a file as a whole."""
    return TerritoryError([RowError(0, said(text, **values))])
