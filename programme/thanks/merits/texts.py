"""What a leader's page of good work says, in chat and on the desk. Translations stand in `locale/`."""

from linzhang.words import Text

SINCE = Text("What you have done since {day}, {name}:")
ANSWERED = Text("{count} issues answered first, {in_time} of them in time")
DONE = Text("{count} issues done")
CLOSED = Text("{count} issues closed")
MARKS = Text("{count} marks, {mark} of 5 on average")
THANKED = Text("{count} times residents said thank you")
VISITS = Text("{count} visits to those who are looked after")
TASKS = Text("{count} tasks helped with")
RECONCILED = Text("{count} disputes reconciled")
COURSE = Text("course for leaders: {lessons} of {of} lessons")
COURSE_DONE = Text("course for leaders finished")
LINE = Text("· {line}")
QUOTE = Text("“{words}”")
NOTHING_YET = Text("Nothing has been counted yet. It will come.")
THANK_YOU = Text("Thank you.")
NO_POST = Text("This is for those who lead a unit.")

FORM = Text("!mywork")
HELP = Text(
    "what you have done in a year, with residents' kind words; to you alone, and on the desk to print"
)
