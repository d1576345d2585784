"""What is said about tokens that cannot be made."""

from linzhang.words import Text

NAMELESS = Text("Give the token a name and at least one right.")
WRONG_LENGTH = Text("A token lasts from 1 to {days} days.")
NOT_YOURS = Text("A token reaches only units that you lead, and those below them.")
