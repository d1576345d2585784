"""Search on the desk."""

from linzhang.words import Text

HEAD = Text("Search")
HOW = Text(
    "Type a name, the number of an issue, the code of a unit or card, words that were said, or a telephone "
    "number. You find what lies in your units."
)
NOTHING = Text("Nothing was found in your units.")
TRY = Text("Try a part of the name, or fewer words.")
ISSUES = Text("Issues")
UNITS = Text("Units")
LEADERS = Text("Who leads")
RESIDENTS = Text("Residents")
NUMBER = Text("No. {number}")
PRIVATE = Text("What it says is private.")
SOMEBODY = Text("Unknown sender")
