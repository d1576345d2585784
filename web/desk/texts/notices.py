"""Notices: writing one, looking it over, sending it, and who has read it."""

from linzhang.words import Text

HEAD = Text("Notices")
ABOUT = Text("What all below you are to know. You see whom it reaches and what it costs before it goes.")
NEW = Text("Write one")
WORDS = Text("What everybody is to know")
WORDS_HELP = Text("Short and plain, without links. Who speaks is put in front, and how to say “read” behind.")
UNIT = Text("For all in")
UNIT_HELP = Text("Your unit or one below it, with all that is below.")
LEADERS = Text("Leaders who get it")
RESIDENTS = Text("Residents who get it")
HOUSEHOLDS = {
    "all": Text("all"),
    "party": Text("members of the Party"),
    "smartphone": Text("those with a smartphone"),
    "no smartphone": Text("those without a smartphone"),
    "": Text("none"),
}
OPTIONS = Text("Answers to choose from, if it asks something")
OPTIONS_HELP = Text("One a line, two to five; leave it empty for a notice that asks nothing.")
DAYS = Text("Days for which answers count")
URGENT_WHY = Text("A danger that does not wait for the morning")
URGENT_HELP = Text(
    "Only for a danger to life: say which. It then goes at night, too, and somebody else has to look at it"
    " first."
)
LOOK = Text("Look it over")
NO_UNIT = Text("There is no unit {code} of yours.")
LATEST = Text("The latest")
NONE = Text("There is none yet.")
BY = Text("{name}, {time}")
FOR = Text("for {people} people in {unit}")
STATES = {
    "draft": Text("Not sent yet"),
    "asked": Text("Waits for a second pair of eyes"),
    "set": Text("Goes out at {time}"),
    "going": Text("Going out"),
    "out": Text("Everybody has been told"),
    "stopped": Text("Taken back"),
}
NIGHT = Text("Nobody is told at night: it goes on at {time}.")

PREVIEW = Text("How it will be read")
ON_A_PHONE = Text("On a resident's phone")
ON_A_LEADERS = Text("On the phone of a leader who has no chat open")
IN_A_ROOM = Text("In the leaders' rooms")
SEGMENTS = Text("{count} SMS")
REACH = Text("Whom it reaches")
RESIDENT_COUNT = Text("Residents")
TEXTS = Text("Texts, at most")
COST = Text("Cost, at most")
NO_PRICE = Text("The programme's profile names no price of an SMS.")
OF_SEGMENTS = Text("{texts}, of up to {segments} SMS each")
SEND = Text("Send it")
SEND_AT = Text("When (empty: now)")
ASK = Text("Ask for a second pair of eyes")
MANY = Text("It goes to more than {most} people: somebody else has to look at it before it goes.")
NIGHT_TOO = Text("Goes at night, too: {why}")
AT_NIGHT = Text("It goes at night, too: somebody else has to look at it before it goes.")
ASKED_OF = Text("{names} can look at it and let it go.")
ASKED_NOBODY = Text("Nobody else answers for this unit or for one above it.")
YOURS_TO_LOOK = Text("{name} asks you to look at this, since it goes to {people} people. Is it right?")
YOURS_AT_NIGHT = Text(
    "{name} asks you to look at this at once: it goes to {people} people, at night, too. Is it right?"
)
LET_GO = Text("It is right, let it go")
DROP = Text("Drop it")
STOP = Text("Stop it")
LOOKED_OVER = Text("Looked over by {name}")

PROGRESS = Text("Who has got it, and who has read it")
PART_UNIT = Text("Unit")
PART_LEADER = Text("Leader")
PART_LEADERS = Text("The leaders")
PART_RESIDENTS = Text("Residents")
TOLD = Text("told")
DELIVERED = Text("arrived")
READ = Text("have read it")
PASSED = Text("passed on")
LOST = Text("not reached in writing")
OF = Text("{count} of {all}")
HAS_PASSED = Text("passed on")
HAS_READ = Text("has read it")
HAS_GOT = Text("has got it")
NOT_YET = Text("not yet told")
NOT_REACHED = Text("not reached")
NOT_FOR_LEADER = Text("not for its leader")
ANSWERS = Text("What they have answered")
ANSWERED = Text("{answered} of {people} have answered")
UNTIL = Text("answers count until {time}")
ENDED = Text("it is over since {time}")
HAS_ANSWERED = Text("has answered")
NOT_COLLECTED = Text("Nobody has been told yet.")
PEOPLE = Text("The residents")
PERSON = Text("Name")
STATE = Text("How far it is")
REACHED = {
    "waiting": Text("their turn comes"),
    "queued": Text("on its way"),
    "told": Text("sent"),
    "delivered": Text("on their phone"),
    "read": Text("read"),
    "lost": Text("not arrived: please tell them"),
    "nobody": Text("takes no texts: please tell them"),
}
