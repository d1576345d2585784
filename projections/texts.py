"""The texts of warning levels: what they are called, and what leaders are told when one has risen."""

from linzhang.words import Text
from models import Level

LEVELS = {
    Level.GREEN: Text("green"),
    Level.BLUE: Text("blue"),
    Level.YELLOW: Text("yellow"),
    Level.ORANGE: Text("orange"),
    Level.RED: Text("red"),
}

#: In front of the words in a chat.
MARKS = {Level.ORANGE: "🟠", Level.RED: "🔴"}

ALERT = Text(
    "{unit} has come to level {level}: {open} to be done, {overdue} of them overdue,"
    " the oldest since {since}."
    " An answer to the one that waits longest helps most; please pass up what you cannot do alone."
)
ALERT_BELOW = Text("Much has piled up below {unit}:")
ALERT_BELOW_LINE = Text(
    "{unit}, level {level}: {open} to be done, {overdue} of them overdue, the oldest since {since}"
)
ALERT_BELOW_MORE = Text("and {count} more units")
ALERT_BELOW_HELP = Text("Please call the leader there: to ask what is missing often helps most.")
