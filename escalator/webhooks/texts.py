"""What is said about targets that cannot be made."""

from linzhang.words import Text

NOT_YOURS = Text("A target can be told only of units that you lead, and those below them.")
NO_EVENTS = Text("Say at least one thing that it is to be told.")
NO_ADDRESS = Text("Write the whole address, such as {example}, without a name or password in it.")
