"""What the page of a leader's good work says."""

from linzhang.words import Text

TITLE = Text("Good work")
HEAD = Text("What {name} has done")
SINCE = Text("{unit}, since {day}")
FACTS = Text("In numbers")
QUOTES = Text("What residents said, without their names")
NOBODY = Text("Nobody leads this unit now.")
PRINT = Text("Print this page, or save it as a PDF, with your browser.")
