"""What the page of leaders to be encouraged or helped says."""

from linzhang.words import Text

TITLE = Text("To encourage or help")
HEAD = Text("To encourage or help: {unit}")
ABOUT = Text(
    "Leaders below of whom nothing was heard for {silent} days, with whom {missed} windows or more have"
    " passed in {within} days, or with whom fewer than {content}% are content. Looked at once a day; nothing"
    " is decided by itself."
)
NOBODY = Text("Nobody below seems to need a word or help.")
SINCE = Text("on the list since {day}")
SAY_WORD = Text("Send a kind word")
WORDS = Text("The words; you can change them")
SEND = Text("Send it, to them alone")
NOTE_STEP = Text("Note what was done")
KIND = Text("What you did")
NOTE = Text("What there is to know")
SAVE = Text("Note it")
NEXT = Text("Further ones")
STEPS = Text("What was done lately")
STEP_BY = Text("{name}, {time}")
WHY = Text("Reason then: {reasons}")
SENT = Text("{name} hears from you.")
NOTED = Text("Noted. {name} is off the list for {days} days.")
