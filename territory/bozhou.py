"""How many sections, groups and blocks Bozhou's programme has: the published figures of 2020.

`data/bozhou/README.md` has them too. Data only: what is drawn from them is `draw`'s part.
"""

from typing import NamedTuple


class Counts(NamedTuple):
    """How many units of each tier lie below the villages of one kind."""

    sections: int
    groups: int
    blocks: int


class Published(NamedTuple):
    """The counts of a programme, rural and urban."""

    rural: Counts
    urban: Counts


#: 9,222 sections (1,097 urban), 26,812 groups (5,753 urban), 107,555 blocks (29,880 urban).
PUBLISHED = Published(
    rural=Counts(sections=8_125, groups=21_059, blocks=77_675),
    urban=Counts(sections=1_097, groups=5_753, blocks=29_880),
)

#: How many households make a block.
FEWEST_HOUSEHOLDS = 5
MOST_HOUSEHOLDS = 15
