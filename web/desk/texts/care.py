"""Care: how a unit covers those who are looked after; a block's people, who have been asked and visited."""

from linzhang.words import Text

HEAD = Text("Care in {unit}")
ABOUT = Text(
    "Who lives alone, is very old, disabled, or a child left behind, and agrees, is asked how they are."
)
CRUMBS = Text("Units above")
PEOPLE = Text("Looked after")
ASKED = Text("Asked in 7 days")
HEARD = Text("Of these, heard from")
SILENT = Text("No answer: to knock")
WEEK = Text("Visited in 7 days")
MONTH = Text("Visited in 30 days")
UNIT = Text("Unit")
NOBODY = Text("Nobody is looked after here yet.")
FEW = Text("Names are for the block's leader and deputies, and for those of the village alone.")

NAMES = Text("Who is looked after")
CONSENT = Text("Agreed on {day}: {words}. Recorded by {name}.")
KNOCK = Text("Issue {number}")
VISITS = Text("Visits")
VISIT = Text("{time}, {name}: {words}")
VISIT_SILENT = Text("{time}, {name}")
BEEN = Text("I have been there")
HOW = Text("How they were")
LOG = Text("Note the visit")
END = Text("End it")
END_WHY = Text("Why it ends")

NEW = Text("Look after somebody")
PERSON = Text("Who it is")
CHOOSE = Text("Choose")
KIND = Text("Why they are looked after")
SENTENCE = Text("In a short sentence, if it helps")
HOW_OFTEN = Text("How often they are asked")
RHYTHMS = {
    "daily": Text("daily"),
    "weekly": Text("weekly"),
    "off": Text("not at all, they are visited"),
}
WEEKDAY = Text("If weekly, on")
HOUR = Text("At what time")
WAY = Text("How they are asked")
WAYS = {"text": Text("by text"), "call": Text("by a call")}
AGREED = Text("How they agreed")
AGREED_HELP = Text("Who said so, when and how: “said so herself at her door”. Nothing is kept without it.")
SAVE = Text("Look after them")
NO_PEOPLE = Text("The roster has nobody in this block.")

ROUND = Text("Ask everybody")
ROUND_ABOUT = Text("All in {unit} and below who are looked after are asked once more, now.")
OCCASION = Text("What for")
WHOM = Text("Whom")
ALL = Text("everybody")
BEGIN = Text("Ask them")
LAST_ROUND = Text("The last round: {occasion}")
ROUND_BY = Text("{name} had all in {unit} asked, {time}.")
ROUND_ASKED = Text("Asked")
ROUND_HEARD = Text("Heard from")
ROUND_WAITING = Text("Answer waited for")
ROUND_GOES_ON = Text("Not everybody has been asked yet; at night nobody is.")
NOBODY_SO = Text("There is nobody like that here.")
