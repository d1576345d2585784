"""The map and what it shows of a unit."""

from linzhang.words import Text
from models import Level

MAP_OF = Text("Map of {unit}")
LEVELS = {
    Level.GREEN: Text("calm"),
    Level.BLUE: Text("some wait"),
    Level.YELLOW: Text("piling up"),
    Level.ORANGE: Text("much piled up"),
    Level.RED: Text("help is needed"),
}
LEGEND = Text("Warning levels")
WHOLE_SCREEN = Text("Whole screen")
SHOW_UNIT = Text("What is shown of a unit")
LOADING = Text("Loading …")
MAP_FAILED = Text("The map could not be loaded. The list beside it is complete.")
IN_TIER = Text("Shown: {tier}")
BELOW = Text("Below")
OPEN_MAP = Text("On the map")

IN_HAND = Text("in hand")
OVERDUE = Text("overdue")
URGENT = Text("urgent")
REOPENED = Text("reopened")
SINCE = Text("at this level since {time}")
HOW_LEVEL = Text("How the level comes about")
HOW_SCORE = Text("{points} points, {households} households: score {score}.")
HOW_FORMULA = Text(
    "Score = points ÷ (households ÷ {household_unit}) to the power {exponent}. Blue from {blue}, yellow from"
    " {yellow}, orange from {orange}, red from {red}."
)
HOW_POINTS = Text(
    "Each issue in hand has {base} points; {per_day} more a day, for {days} days at most; {window} for each"
    " window that has passed, {windows} at most; {urgent} if it is urgent; {reopened} each time that the"
    " resident said that it was not solved."
)

LEADER = Text("Who answers")
VACANT = Text("Nobody has this post.")
DEPUTY = Text("Deputy")
AWAY_UNTIL = Text("away until {time}")
CALL = Text("Show the number")
CALL_WHOM = Text("Call {name}")
RECORDED = Text("It is recorded that you have looked.")
ROOM = Text("Open the room in chat")
CARD = Text("Block code on the contact card")
HOUSEHOLDS = Text("Households")
PLACES = Text("Places")
NO_PLACES = Text("none listed")
WAY_THERE = Text("Way there")
ONLINE_MAP = Text("Online map")
GEO = Text("In the device's map")
ISSUES = Text("In hand here and below")
NO_ISSUES = Text("Nothing waits here.")
ALL_ISSUES = Text("All on the board")
FIGURES = Text("Figures")
PRINT = Text("Print cards and posters")
CARE = Text("Care")
NOTICE = Text("Write a notice")
TASK = Text("Give a task")
TEACHING = Text("Course for leaders")
DISPUTES = Text("Disputes")
OPINIONS = Text("Public opinion")
HONOURS = Text("Leaders chosen")
SURVEYS = Text("Surveys")
ENCOURAGING = Text("To encourage or help")
MERITS = Text("Good work")
FURTHER = Text("Further pages of this unit")
ONLY_THEIRS = Text("Only its leader reads this.")

NOTE_BY = Text("{name}, until {time}")
NOTE_SET = Text("What are you at?")
NOTE_FOR = Text("For")
NOTE_SAVE = Text("Say it")
NOTE_CLEAR = Text("No more")
NOTE_SAVED = Text("Whoever looks at {unit} sees it now.")
NOTE_PRESETS = {
    "patrol": Text("On patrol"),
    "meeting": Text("In a meeting"),
    "away": Text("Away"),
}
