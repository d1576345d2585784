"""The board: issues as a table, and as columns by state."""

from typing import Final

from linzhang.words import Text

HEAD = Text("Issues")
TABLE = Text("Table")
COLUMNS = Text("Columns")
SHOWN_AS = Text("Shown as")
FILTERS = Text("Filters")
FILTERS_SET = Text("Filters ({count})")
CLEAR = Text("Clear all")
SHOW = Text("Show")
UNIT = Text("Unit")
NO_UNIT = Text("There is no one unit called so here. Please choose one from the list.")
HOLDER_TIER = Text("With whom")
STATE = Text("State")
IN_HAND = Text("in hand")
ALL = Text("all")
ANY = Text("any")
URGENT = Text("Urgent")
OVERDUE = Text("Overdue")
PRIVATE = Text("Private")
ONLY = Text("Only what is")
REPORTED = Text("Reported")
AGES: Final = {
    "d1": Text("in the last 24 hours"),
    "d7": Text("in the last 7 days"),
    "d30": Text("in the last 30 days"),
    "over1": Text("more than a day ago"),
    "over7": Text("more than 7 days ago"),
    "over30": Text("more than 30 days ago"),
}
THROUGH = Text("Through")
RATING = Text("Mark")
MARKS: Final = {
    "1": Text("1 of 5"),
    "2": Text("2 of 5"),
    "3": Text("3 of 5"),
    "4": Text("4 of 5"),
    "5": Text("5 of 5"),
}
WORDS = Text("Words")
WORDS_HINT = Text("Words, name or number")
NO_PHONES = Text("A telephone number is looked for in the field on top: it must stand in no address.")
ORDER = Text("Order")
PRESSING = Text("most pressing first")
NEWEST = Text("newest first")
COUNT = Text("{count} issues")
ONE = Text("1 issue")
MORE_THAN = Text("more than {count} issues")
NEXT = Text("Further ones")
FIRST = Text("Back to the first ones")
ALL_OF_STATE = Text("All of these as a table")
NOTHING = Text("Nothing here. That is good news, or a filter too many.")
NOTHING_HERE = Text("None")
NUMBER = Text("No.")
SAID = Text("What was said")
WHO = Text("Who")
PLACE = Text("Where")
TIME = Text("Time left")
HOLDER = Text("With")
BRIDGE = Text("Through")
SINCE = Text("reported {time}")
ONLY_THEIRS = Text("Private. Only the leader who has it reads it.")
MOVE = Text("move")
OPEN = Text("open it")
FIND = Text("search")
