"""Every text of care: what those hear who are looked after, and what their leaders hear and write.

The first ones are for old neighbours: one idea, who asks, what to press. One SMS each. Translations stand in
`locale/`.
"""

from linzhang.words import Text

# --- to whoever is looked after ------------------------------------------------------------------

WE = Text("Your neighbourhood")
ASK = Text("Hello! {who} asks: are you well today?")
AGAIN = Text("Hello, {who} has not heard from you yet. Are you well?")
ROUNDS = {
    "heat": Text("It is very hot. Please drink plenty of water and stay in. {who} asks: are you well?"),
    "cold": Text("It is very cold. Please keep warm and air the room. {who} asks: are you well?"),
    "storm": Text("A storm is coming. Please stay in, away from windows. {who} asks: are you well?"),
    "festival": Text("A happy festival to you! {who} asks: are you well?"),
}
WITH_KEYS = Text("{asked} If so, text 1. If not, just write to us.")
BUTTON_WELL = Text("I am well")
BUTTON_UNWELL = Text("I am not well")
GLAD = Text("Thank you, now we know that you are well. Take care!")

# --- to leaders ----------------------------------------------------------------------------------

KINDS = {
    "alone": Text("lives alone"),
    "old": Text("very old"),
    "disabled": Text("disabled"),
    "child": Text("child left behind"),
    "other": Text("other"),
}
OCCASIONS = {
    "heat": Text("heat"),
    "cold": Text("cold"),
    "storm": Text("storm"),
    "festival": Text("festival"),
}
RHYTHMS = {
    "daily": Text("daily {time}"),
    "weekly": Text("{day} {time}"),
    "off": Text("not asked, visited"),
}
WEEKDAYS = {
    "0": Text("Mondays"),
    "1": Text("Tuesdays"),
    "2": Text("Wednesdays"),
    "3": Text("Thursdays"),
    "4": Text("Fridays"),
    "5": Text("Saturdays"),
    "6": Text("Sundays"),
}
SILENT = Text(
    "{name} ({kind}) was asked at {time} whether all is well, once more later, and has not answered. Please"
    " knock at the door. When you have been there, write how it was: !visited"
)
HEARD = Text("✅ {name} has been heard from: you need not knock. No. {number} is withdrawn.")
SAYS_UNWELL = Text("Asked whether all is well, says: {words}")
CANNOT_ASK = Text(
    "{name}, {unit}, cannot be asked any more: there is no number, or texts are not wanted. Please look in."
)
ROUND_ON_FOOT = Text(
    "All who are looked after are asked how they are. {name}, {unit}, takes no texts: please look in."
)

# --- by chat -------------------------------------------------------------------------------------

FORM = Text("!care")
HELP = Text("who is looked after with you; add, end, round; to you alone")
FORM_ADD = Text("!care add Wang Xiuying alone daily 8:00 consent: said so at the door")
FORM_END = Text("!care end Wang Xiuying")
FORM_ROUND = Text("!care round heat")
FORM_VISITED = Text("!visited Wang Xiuying she is well")
HELP_VISITED = Text(
    "you have been there; in the thread of the issue no name is needed; a picture may come along"
)
LISTED = Text("{mark} {name}, {unit}: {kind}, {rhythm} · {state}")
STATE_SILENT = Text("no answer, please knock")
STATE_HEARD = Text("heard from {time}")
STATE_ASKED = Text("asked {time}")
STATE_VISITED = Text("visited {time}")
STATE_NEW = Text("not asked yet")
LIST_END = Text("Somebody more: {add}\nYou have been there: {visited}")
NOBODY_YET = Text("Nobody is looked after whose name is for you. Record somebody who agrees: {add}")
COUNTED = Text(
    "{unit}: {people} looked after, {heard} heard from in 7 days, {silent} silent, {month} visited in 30 days"
)
ADDED = Text("{name} is looked after from now on: {kind}, {rhythm}. Consent: {consent}")
ENDED = Text("{name} is looked after no more.")
VISIT_LOGGED = Text("Noted: you have been to {name}. Thank you.")
ROUND_BEGUN = Text(
    "{count} in {unit} are asked now ({occasion}). Who does not answer twice, somebody knocks for."
)

# --- what cannot be ------------------------------------------------------------------------------

ALONE_ONLY = Text(
    "This is about somebody's life: please write it to me alone, in our direct room, or on the desk."
)
NOT_YOURS = Text(
    "Only few see who is looked after in {unit}: its leader, deputies, and those of the village."
)
NOT_YOUR_UNIT = Text("Only whoever answers for {unit}, or for a unit above it, can ask all there.")
NO_CONSENT = Text("{name} has to agree first. Please say how that was: consent: said so at the door")
NO_HOME = Text("Nobody knows in which block {name} lives. The roster has to say so first.")
NO_WAY = Text("{name} has no number that can be asked. Without a rhythm it goes: they are visited.")
AT_NIGHT = Text("Nobody is asked at that hour. Please choose one by day.")
ENDED_ALREADY = Text("That has ended already.")
NOT_RECORDED = Text("{name} is not looked after.")
NO_SUCH_PERSON = Text(
    "Nobody is called {name} in your units, or several are. The desk shows them all: {page}"
)
NO_KIND = Text("Please say why: {kinds}. Like this: {form}")
NO_RHYTHM = Text("Please say how often: daily 8:00, weekly Wednesday 9:00, or never. Like this: {form}")
WHOM = Text("Please say whom you mean. Like this: {form}")
NO_OCCASION = Text("Please say what for: {occasions}. Like this: {form}")
NOBODY_HERE = Text("Nobody is looked after in {unit}.")
ROUND_UNDER_WAY = Text("All in {unit} are being asked already.")
