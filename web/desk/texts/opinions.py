"""What the page of public opinion says."""

from linzhang.words import Text

HEAD = Text("Public opinion")
ABOUT = Text(
    "What leaders hear that people think. It goes up, is kept, and is no issue: nobody has to answer it."
)
NONE = Text("Nothing has been filed yet.")
NEW = Text("File a note")
UNIT = Text("Where they think so")
WORDS = Text("What they think")
FILE = Text("File it")
FILED = Text("It is filed.")
NO_UNIT = Text("There is no unit {code} of yours.")
BY = Text("{name}, {time}")
