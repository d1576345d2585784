"""What the page of disputes says."""

from linzhang.words import Text

HEAD = Text("Disputes")
ABOUT = Text("Neighbours who have fallen out. Only those who may read an issue see who it is about.")
NONE = Text("Nobody here has fallen out.")
NUMBER = Text("No.")
PARTIES = Text("Parties")
MEDIATOR = Text("Who goes between them")
WORDS = Text("Words to agree on")
HIDDEN = Text("not shown")
NO_WORDS = Text("no words yet")
ASKED = Text("asked {time}; {said} of 2 have agreed")
REFUSED = Text("one does not agree")
AGREED = Text("both agreed, {time}")
