"""The map: which ground each unit has, given by a file or drawn as a cell inside the unit above.

`reading` answers a map's questions, `drawing` draws what is missing, `tessellation` and what it stands on
(`balance`, `power`, `waves`, `plane`) cut a shape into cells and know no table.
"""

from territory.borders.nodes import Box
from territory.borders.reading import Feature, Within, children, deepest, feature, features, within

__all__ = ["Box", "Feature", "Within", "children", "deepest", "feature", "features", "within"]
