"""Where what came with words is kept, for the pages that show it."""

from dataclasses import dataclass

from bridges.matrix.bridge import MatrixBridge
from rooms.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Kept:
    """Pictures, sounds, films and papers.

    Attributes:
        matrix: By the homeservers.
        uploads: Lets them keep what they do not have yet.
    """

    matrix: MatrixBridge
    uploads: Uploads
