"""Every text of campaigns from door to door: what leaders get, write and are answered.

To phones: short, one idea, and what to text at the end. Translations stand in `locale/`.
"""

from linzhang.words import Text

# --- a block's list ------------------------------------------------------------------------------

LIST_CHAT = Text("🚪 Door to door, until {day}: {title}\nPlease say: {words}")
ASK = Text("Please ask: {question}")
CHOICE = Text("{digit} {choice}")
LISTED = Text("{mark} {number} {name}")
LISTED_FOUND = Text("{mark} {number} {name}: {state}")
LISTED_SHORT = Text("{number} {name}")
HOUSEHOLD = Text("{label} ({names})")
NAMELESS = Text("household {number}")
LIST_END = Text(
    "After each visit write it to me here alone: {form}\nA trouble to be seen to: {trouble}\nTo tick: {page}"
)
LIST_PHONE = Text(
    "Door to door, until {day}: {title}. {words}Households: {listed}. After each visit text us: {form}"
)
FORM_LIST = Text("door")
FORM_WELL = Text("door 3 all well")
FORM_ANSWER = Text("door 3 all well 1")
FORM_TROUBLE = Text("door 3 all well, trouble: the roof leaks")

# --- what was found ------------------------------------------------------------------------------

STATES = {
    "todo": Text("not visited yet"),
    "visited": Text("visited"),
    "away": Text("nobody at home"),
    "back": Text("come back"),
    "refused": Text("does not want it"),
}
NOTED = Text("Noted: {number} {name}, {state}.")
FILED = Text("The trouble is no. {number}.")
LEFT = Text("{count} to go.")
ALL_DONE = Text("That is all of {unit}. Thank you!")
TELL_SO = Text("After a visit: {form}")
TOLD_AT_DOOR = Text("Told at the door, and written down by {leader}: {words}")
FOUND_AT_DOOR = Text("{name}: {words}")

# --- reminding, standing, ending -----------------------------------------------------------------

REMIND_CHAT = Text("🔔 Nobody has been told of a visit yet: {campaigns}. For the list write: {form}")
REMIND_PHONE = Text("Nobody has been told of a visit yet: {campaigns}. For the list text: {form}")
REMIND_ONE = Text("{title} in {unit}, {count} households, until {day}")
STANDING = Text(
    "{title} (until {day}), {unit}: {visited} of {doors} households visited, {begun} of {blocks} blocks have"
    " begun."
)
COUNTED = Text("{state} {count}")
STANDING_TROUBLES = Text("Troubles that became issues: {count}")
LEARNT = Text("{question} {answers}")
STANDING_UNIT = Text("· {unit}: {visited} of {doors}")
ENDED = Text("🚪 Door to door has ended: {title}\n{lines}")
CAMPAIGN_STATES = {
    "draft": Text("not begun"),
    "open": Text("goes on"),
    "ended": Text("is over"),
    "stopped": Text("was stopped"),
}

# --- opening one ---------------------------------------------------------------------------------

DRAFT = Text(
    "Campaign {number}, {first} to {last}: {blocks} blocks in {unit}, {households} households. A leader with"
    " only a phone reads:\n{sample}\nTo begin, press ✅ or write: {begin}\nTo give it up: {stop}"
)
BEGUN = Text("Campaign {number} begins: each block gets its list.")
DROPPED = Text("Campaign {number} is given up.")
STOPPED = Text("Campaign {number} is stopped. What was found stays.")
FORM_OPEN = Text("!door open 7 days fire safety: take care with fire in winter")
FORM_BEGIN = Text("!door begin {number}")
FORM_STOP = Text("!door stop {number}")
OPEN_SO = Text(
    "Please write for how long, a title, and behind a colon what is to be said; questions on lines of their"
    " own: {form}"
)

# --- by chat -------------------------------------------------------------------------------------

FORM = Text("!door 3 all well")
HELP = Text(
    "household 3 of your list was visited; also 'nobody home', 'come back', 'refused', 'not yet', then"
    " answers and words, to you alone; without words, your list, or how it stands; 'open 7 days title: words'"
    " opens a campaign"
)
ALONE_ONLY = Text(
    "What was said at somebody's door is not for all here: please write it to me alone, in our direct room,"
    " or on the desk."
)

# --- what cannot be ------------------------------------------------------------------------------

WRITE_IT_SO = Text("Please write which household and how it was, like this: {form}")
NO_SUCH_DOOR = Text("There is no household {number} on the list: it goes from 1 to {most}.")
NO_LIST = Text("You have no list to go through now.")
NONE_NOW = Text("Nothing goes from door to door now.")
NOBODYS = Text("Lists are for leaders.")
SEVERAL_BLOCKS = Text("You answer for several blocks. Please tick it on the desk: {page}")
NOBODY_TO_ANSWER = Text("Nobody there has a number, and you have no chat: please report the trouble by text.")
OVER = Text("{title} is over.")
NO_SUCH = Text("There is no campaign {number}.")
BEGUN_ALREADY = Text("Campaign {number} has begun already, or was dropped.")
INCOMPLETE = Text("Please write a title, and what is to be said at the door.")
TITLE_TOO_LONG = Text("Please make the title shorter: {most} characters at most.")
WORDS_TOO_LONG = Text("Please make it shorter: {most} characters at most.")
TOO_MANY_QUESTIONS = Text("Please ask {most} questions at most, each on a line of its own.")
QUESTION_TOO_LONG = Text("Please make each question shorter: {most} characters at most.")
DAYS_UNFIT = Text("The last day comes after the first, and not more than {most} days later.")
DAYS_PASSED = Text("These days have passed. Please choose later ones.")
NO_BLOCKS = Text("There are no blocks in {unit}.")
