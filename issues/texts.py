"""Every text that the service says to residents and leaders, in one place.

To residents: at most two SMS segments, one idea, no jargon, and what to press at the end. To
leaders: one line, with the right form of a command where one was wrong. Translations stand in
`locale/`; docs/residents.md shows them in context.
"""

from linzhang.words import Text

# --- to a resident -----------------------------------------------------------------------------

RECEIPT = Text("Thank you, we have it, no. {number}. {leader} will answer you by {time}.")
RECEIPT_PRIVATE = Text(
    "Thank you, we have it, no. {number}. Only {leader} sees it, and will answer you by {time}."
)
RECEIPT_UNKNOWN = Text(
    "Thank you, we have it, no. {number}. Where do you live? Text the block code on your leader's"
    " card, or your village and name."
)
PLACE_UNKNOWN = Text(
    "We did not find that place yet. Please text the block code on your leader's card, or your"
    " county, town and village."
)
PLACED = Text("Thank you, we found it: {place}. No. {number}: {leader} will answer you by {time}.")
ADDED = Text("Thank you, added to no. {number} for {leader}. Something else? Begin your text with: new")
WHICH = Text("Which one is it about?\n{options}\nPlease text its digit, or: new")
URGENT = Text("Call {emergency} now! We have it too, no. {number}. {leader} and everyone above hear of it.")
URGENT_WHERE = Text(
    "Call {emergency} now! We have it too, no. {number}. Where is it? Text the block code on your leader's"
    " card, or your village and name."
)
URGENT_PRIVATE = Text("Call {emergency} now! We have it too, no. {number}. Only {leader} hears of it.")
MADE_PRIVATE = Text("No. {number} is private now: only {leader} sees it.")
HOW_PRIVATE = Text("Please text it together: private, then a space, then what only your leader may see.")
SEEN = Text("{leader} has seen no. {number} and is on it. You will hear by {time}.")
ANSWER = Text("{leader} on no. {number}: {words}")
CORRECTION = Text("{leader} on no. {number}, corrected: {words}")
ENCLOSED = Text("{leader} on no. {number} has sent you {thing}.")
LINKED = Text("{leader} on no. {number} has sent you {thing}: {link} It opens until {time}.")
WENT_UP = Text("No. {number} has gone up to {leader}. You will hear by {time}. We stay with it.")
REFERRED = Text("No. {number} is now with {department}, who have until {time}. We stay with it.")
REARRANGED = Text(
    "The units here were rearranged: no. {number} is now with {leader}. You will hear by {time}."
)
RETURNED = Text("No. {number} is with {leader} again, who will answer you by {time}. We stay with it.")
STILL_UP = Text("No. {number} is still with {leader}, who has been reminded. We stay with it.")
SOLVED = Text("{leader} says that no. {number} is done. Is it solved? Text 1 for yes, 2 for no.")
SOLVED_AGAIN = Text("Your words are passed on. Is no. {number} solved? Text 1 for yes, 2 for no.")
SOLVED_ONCE_MORE = Text("May we ask once more: is no. {number} solved? Text 1 for yes, 2 for no.")
LAPSED = Text("We heard nothing more, so no. {number} is closed. Not solved? Text 2, and we go on with it.")
CLOSED = Text("Thank you. No. {number} is closed. Text us whenever something is wrong.")
CLOSED_RATE = Text(
    "Thank you. No. {number} is closed. How was it? Text 5 for very good, 4, 3, 2, or 1 for bad."
)
RATE_AGAIN = Text("How was no. {number}? Please text one digit: 5 for very good, 4, 3, 2, or 1 for bad.")
RATED = Text("Thank you, we pass that on. Text us whenever something is wrong.")
MERGED = Text("Others have told us the same. We look after it under no. {main}, and you hear what is done.")
MERGED_OWN = Text("No. {number} is the same as your no. {main}. We go on under no. {main}.")
SPLIT = Text("A part of what you told us is now no. {number} of its own. {leader} will answer you by {time}.")
TAKEN_OFF = Text(
    "{leader} has taken no. {number} off the list: {words}. Is that right? Text 1 for yes, 2 for no."
)
WITHDRAWN = Text("All right, no. {number} is closed. Thank you for telling us.")
NOT_SOLVED = Text("Sorry that it is not solved. No. {number} goes to {leader}. You will hear by {time}.")
FLOODED = Text(
    "We have got very many texts from you. All are kept, and somebody will look at them first."
    " In danger call {emergency}."
)
EMPTY = Text("Your text came without words. Please text us what is wrong.")
WHAT_NEW = Text("Please text us what else is wrong.")
STATUS_OPEN = Text('No. {number}, "{words}": {leader} answers you by {time}.')
STATUS_ANSWERED = Text('No. {number}, "{words}": {leader} is working on it.')
STATUS_RESOLVED = Text('No. {number}, "{words}": said to be done. Solved? Text 1 for yes, 2 for no.')
STATUS_UNPLACED = Text(
    'No. {number}, "{words}": we do not know yet where you live. Please text your village and name.'
)
STATUS_OVER = Text('No. {number}, "{words}", is closed.')
STATUS_SEVERAL = Text("{options}\nMore on one: text status and its number.")
STATUS_NOTHING = Text("You have nothing open with us. Text us whenever something is wrong.")
PERSON = Text("{leader}: call {phone}. We have asked for a call back to you, too.")
PERSON_CALLS = Text("We have asked {leader} to call you. In danger call {emergency}.")
HELP_RESIDENT = Text(
    "Text us what is wrong. One word also does: status, new, person, private, never mind, stop. In danger"
    " call {emergency}."
)
LANGUAGE_CHANGED = Text("We write to you in English from now on.")
STOPPED = Text(
    "You get no more texts from us. Your leader still comes to your door. To get them again text: start"
)
STARTED = Text("You get our texts again. Text us whenever something is wrong.")
HELLO = Text("Hello. Text us what is wrong, and your neighbour chief will answer.")
CARD_SCANNED = Text("Hello, this is {place}, and {leader} is there for you. Text us what is wrong.")
WELCOME = Text("Thank you. Text us whenever something is wrong, and your neighbour chief will answer.")

# --- who somebody is, inside other texts ---------------------------------------------------------

NAMED_LEADER = Text("{name} ({title})")
VACANT_LEADER = Text("the {title} of {unit}")
DEPUTY = Text("{name} for {leader}")
PLACE_IN = Text("{block}, {village}")
COMMA = Text(", ")
YOUR_LEADER = Text("your {title}")
WHICH_OPTION = Text("{digit}: {words} ({number})")
STATUS_LINE_OPEN = Text("{number} {words}: {leader}, by {time}")
STATUS_LINE_ANSWERED = Text("{number} {words}: {leader} is working on it")
STATUS_LINE_RESOLVED = Text("{number} {words}: done?")
PRIVATE_WORDS = Text("private")
SOMEBODY = Text("a resident")
UNKNOWN_PLACE = Text("place not known")
THINGS = {
    "picture": Text("a picture"),
    "sound": Text("a voice message"),
    "film": Text("a film"),
    "paper": Text("a paper"),
}

# --- the same questions with buttons below, where a platform has them --------------------------------

ASKED_WHICH = Text("Which one is it about?")
ASKED_SOLVED = Text("{leader} says that no. {number} is done. Is it solved?")
ASKED_SOLVED_AGAIN = Text("Your words are passed on. Is no. {number} solved?")
ASKED_SOLVED_ONCE_MORE = Text("May we ask once more: is no. {number} solved?")
ASKED_LAPSED = Text(
    "We heard nothing more, so no. {number} is closed. Not solved? Press, and we go on with it."
)
ASKED_TAKEN_OFF = Text("{leader} has taken no. {number} off the list: {words}. Is that right?")
ASKED_CLOSED_RATE = Text("Thank you. No. {number} is closed. How was it?")
ASKED_RATE_AGAIN = Text("How was no. {number}? Please press one.")
BUTTON_SOLVED = Text("Solved")
BUTTON_NOT_SOLVED = Text("Not solved")
BUTTON_RIGHT = Text("That is right")
BUTTON_NOT_RIGHT = Text("No, it is still needed")
BUTTON_NEW = Text("Something new")
BUTTON_PHONE = Text("Send my telephone number")
PHONE_NOT_OWN = Text(
    "That is not your own number as we see it. Please text the code on your leader's card, or your village"
    " and name."
)
PHONE_NOT_KNOWN = Text(
    "We do not know this number yet. Please text the code on your leader's card, or your village and name."
)
WORD_NEW = Text("new")
BUTTON_MARKS = {
    "5": Text("5 very good"),
    "4": Text("4 good"),
    "3": Text("3 fair"),
    "2": Text("2 poor"),
    "1": Text("1 bad"),
}

# --- in a room: the post -------------------------------------------------------------------------

POST_HEAD = Text("No. {number} · {name} · {place} · {time}")
POST_MEDIA = Text("[{count} attachment(s)]")
POST_VOICE = Text("🎤 voice message, {seconds} s")
POST_PRIVATE = Text("🔒 Only you see this. {head}")
SAID_BY = Text("{name}: {words}")
STORY_REPORT = Text("{time} {name}: {words}")
STORY_ANSWER = Text("{time} {name} answered: {words}")
STORY_NOTE = Text("{time} {name} (inside): {words}")
STORY_ESCALATED = Text("{time} no answer in time from {unit}, went up to {parent}")
STORY_VACANT = Text("{time} nobody answers for {unit} now, went straight to {parent}")
STORY_PASSED_UP = Text("{time} {name} passed it up to {parent}: {reason}")
STORY_PASSED_UP_SILENTLY = Text("{time} {name} passed it up to {parent}")
STORY_REFERRED = Text("{time} {name} referred it to {parent}: {reason}")
STORY_RETURNED = Text("{time} back from {unit}: {reason}")
STORY_REARRANGED = Text("{time} units were rearranged: from {unit} to {parent}")
STORY_REJECTED = Text("{time} the resident says: not solved")
STORY_ACCEPTED = Text("{time} {name} is on it")
STORY_RESOLVED = Text("{time} {name} says: done")
STORY_LAPSED = Text("{time} closed, as the resident did not answer")
STORY_RATED = Text("{time} the resident gives {reason} of 5")
STATE_OPEN = Text("⏳ Open. Answer by {time}: reply here and it goes to the resident. ✅ done · ⬆️ pass up")
STATE_ACCEPTED = Text("👀 {name} is on it. Answer by {time}: reply here and it goes to the resident. ✅ done")
STATE_OPEN_ELSEWHERE = Text("➡️ Now with {unit}, which answers by {time}.")
STATE_URGENT_ELSEWHERE = Text("🚨 Urgent, with {unit}, which answers by {time}.")
STATE_UNPLACED = Text("❓ Nobody knows yet where this resident lives.")
STATE_REFERRED_HERE = Text(
    "🏢 Yours now. To be done by {time}: reply here and it goes to the resident. ✅ done"
)
STATE_REFERRED = Text("🏢 With {department} until {time}.")
STATE_MERGED = Text("🔗 Part of no. {number}: it goes on there.")
STATE_WITHDRAWN = Text("🏁 Closed: the resident needs nothing any more.")
STATE_TAKEN_OFF = Text("🗑️ Taken off the list by {name}.")
STATE_ANSWERED = Text("💬 Answered. Done? Then react with ✅.")
STATE_RESOLVED = Text("✅ Said to be done. Waiting for the resident to agree.")
STATE_CLOSED = Text("🏁 Closed: the resident agrees.")
STATE_RATED = Text("🏁 Closed: the resident agrees, and gives {rating} of 5.")
STATE_LAPSED = Text("🏁 Closed: the resident did not answer.")
STATE_RESOLVED_UNASKED = Text("✅ Said to be done.")
STATE_LAPSED_UNASKED = Text("🏁 Closed.")

# --- in a room: lines in the thread --------------------------------------------------------------

LINE_ESCALATED = Text("No answer in time: no. {number} went up to {parent}. This thread stays open to read.")
LINE_REARRANGED = Text("The units here were rearranged: no. {number} is with {unit} now.")
LINE_VACANT = Text("Nobody answers for {unit} now, so no. {number} went straight to {parent}.")
LINE_PASSED_UP = Text("{name} passed no. {number} up to {parent}.")
LINE_REFERRED = Text("{name} referred no. {number} to {department}.")
LINE_RETURNED = Text("No. {number} comes back to {unit}. {name}: {reason}")
LINE_REMIND_DEPARTMENT = Text("No. {number} is not done yet. It goes back at {time}.")
LINE_REMIND_ANSWER = Text("No. {number} is still without an answer; the next reminder comes at {time}.")
LINE_REMIND_RESOLVE = Text("No. {number} was answered, but is not done. It goes up at {time}.")
LINE_NOT_DONE = Text("No. {number} was not done in time and went up to {parent}.")
LINE_ANSWERED = Text("{name} answered in {unit}: {words}")
LINE_RESOLVED = Text("{name} says that it is done. The resident is being asked.")
LINE_RESOLVED_UNASKED = Text("{name} says that it is done.")
LINE_MERGED = Text("{name} made no. {number} part of no. {main}. Please go on there.")
LINE_MERGED_HERE = Text("No. {number} is part of this now. {name}, who hears what is said here: {words}")
LINE_PART_CLOSED = Text("{name}, no. {number}, says that it is solved.")
LINE_SPLIT = Text("{name} made no. {number} out of this: {words}")
LINE_TAKEN_OFF = Text("{name} took no. {number} off the list: {reason}")
LINE_CALM = Text("{name} says that no. {number} is not urgent.")
LINE_ALIKE = Text("No. {number} looks like no. {other}: {words}. The same? Write !merge {number} {other}")
LINE_UNDONE = Text("{name} took “done” back before the resident was asked. No. {number} is open again.")
LINE_CLOSED = Text("The resident agrees: solved. Thank you.")
LINE_LAPSED = Text("The resident has not answered, so no. {number} is closed.")
LINE_LAPSED_UNASKED = Text("No. {number} is closed.")
LINE_URGENT = Text("🚨 Urgent, no. {number}: please act at once, and answer here by {time}.")
LINE_RATED = Text("The resident gives {rating} of 5.")
LINE_WITHDRAWN = Text("The resident needs nothing any more. Thank you.")
LINE_ERASED = Text(
    "No. {number} was erased at the resident's wish, with all that was said in it:"
    " nothing more is to be done."
)
LINE_STOPPED = Text("The resident wants no more texts: for what is still open, please knock on the door.")
LINE_STARTED = Text("The resident gets texts again.")
LINE_WANTS_CALL = Text("The resident asks for a call.")
LINE_REJECTED = Text("The resident says that it is not solved. No. {number} goes to {parent}.")
LINE_REJECTED_TOP = Text("The resident says that it is not solved. No. {number} is open again.")
LINE_CORRECTED = Text("The resident gets the corrected words.")
LINE_TAKEN_BACK = Text("Taken back before it was sent: the resident has not read it.")
LINE_TOO_LATE = Text("The resident has already got these words. Please write what should be said instead.")
LINE_UNCERTAIN = Text("Nobody can tell whether the resident has got these words. Please ask: “{words}”")
LINE_KNOCK = Text("{name}, {place}, could not be reached. Please knock on the door and say: “{words}”")
LINE_NO_TEXTS = Text("{name}, {place}, gets no texts from us. Please knock on the door and say: “{words}”")
LINE_UNREACHABLE = Text("Nobody can tell this resident anything by phone: please go there.")
LINE_NEWCOMER = Text("This resident is new: the number was not in the roster. Please check the household.")
LINE_MEDIUM_KIND = Text("One attachment is not shown here: it is of a kind that we do not take.")
LINE_MEDIUM_LARGE = Text("One attachment is not shown here: it is larger than {limit} MB.")
LINE_MEDIUM_LOST = Text("One attachment could not be fetched. Please ask the resident to send it again.")
LINE_NOT_ENCLOSED = Text(
    "The resident did not get the attachment. A picture, a sound, a film or a PDF up to {limit} MB can be"
    " sent."
)
SENT_BY = Text("{name} sent this")
FILE_NAMES = {
    "picture": Text("picture"),
    "sound": Text("voice message"),
    "film": Text("film"),
    "paper": Text("file"),
}

# --- to a leader: one-line answers --------------------------------------------------------------

NOT_YOURS = Text(
    "No. {number} is not yours to act on, so the resident has not read this. It is with {holder}."
)
NOT_OPEN = Text("No. {number} is {state}, so this cannot be done now.")
AT_THE_TOP = Text("No. {number} is already at the top of the chain: {unit}.")
NO_SUCH_ISSUE = Text("There is no issue no. {number} here. Write the number as it stands in its post.")
WHICH_ISSUE = Text("Which issue? Write it in the issue's thread, or with its number: {form}")
WRITE_IT_SO = Text("Write it like this: {form}")
UNKNOWN_COMMAND = Text("There is no command {word}. All commands: !help")
UNKNOWN_COMMAND_LIKE = Text("There is no command {word}. Did you mean {form}?")
ALREADY_ACCEPTED = Text("{name} is already on no. {number}.")
ALREADY_REFERRED = Text("No. {number} is already with {department}.")
NO_WORD_FROM = Text("no word from {department} in time")
NO_DEPARTMENTS = Text("No department is set up for this place.")
WHICH_DEPARTMENT = Text("Which department? Write it like this: {form}. There are: {departments}")
NO_POST = Text("Only who leads a unit can say this.")
NOT_AWAY = Text("You are not away.")
WHICH_DAYS = Text("On which days? Write it like this: {form}")
WHICH_PERSON = Text("There are several people called {name} here. Please mention the one you mean with @.")
NOBODY_CALLED = Text("I know nobody called {name} here. Please mention them with @, or write the whole name.")
AWAY = Text("You are away from {since} until {until}; {deputy} stands in for you. Back earlier? {form}")
AWAY_VACANT = Text(
    "You are away from {since} until {until}. You have no deputy, so new issues go to the unit above. Back"
    " earlier? {form}"
)
WELCOME_BACK = Text("Welcome back. New issues come to you again.")
DEPUTIES = Text("Your deputy: {names}")
NO_DEPUTY = Text("You have no deputy. Write it like this: {form}")
STAND_IN = Text(
    "You stand in for {name} in {unit} from {since} until {until}: issues of {unit} come to you. Thank you."
)
AWAY_BELOW = Text("{name} of {unit} is away from {since} until {until}; {deputy} stands in.")
AWAY_BELOW_VACANT = Text(
    "{name} of {unit} is away from {since} until {until}, without a deputy: new issues come to you."
)
BACK = Text("{name} is back in {unit}. Thank you.")
APPOINTED = Text("{name} has made you deputy in {unit}. When {name} is away, its issues come to you.")
DISMISSED = Text("{name} thanks you: you are no deputy in {unit} any more.")
LEADERS_ONLY = Text("Only leaders and their deputies can ask for this.")
NO_TELEPHONE = Text("We know no telephone number of the resident of no. {number}.")
DIAL = Text("{name}, no. {number}:")
NOTHING_OPEN = Text("Nothing waits for you. Thank you.")
LIST_HEAD = Text("{count} wait for you, the most pressing first:")
LIST_LINE = Text("{mark}{number} · {state} · {words} · {name}, {place} {link}")
LIST_MORE = Text("and {count} more")
MARK_URGENT = Text("🚨 ")
NOTHING_FOUND = Text("Nothing found for: {words}")
STATUS_OF_UNIT = Text(
    "{unit}: {open} wait for an answer, {overdue} of them overdue; {urgent} urgent; {answered} answered and"
    " not done; {referred} with departments; {asked} waiting for the resident; {closed} closed in seven days"
)
STATUS_RATING = Text(", rated {rating} of 5")
CANNOT_TAKE_BACK = Text("This has been told already and cannot be taken back. See the post of no. {number}.")
ASKED_ALREADY = Text(
    "The resident has already been asked whether no. {number} is solved. If it is not done, please write"
    " here what happens next."
)
DONE_ALREADY = Text("What you wrote first has been done already. Please write a new command.")
SAME_ISSUE = Text("No. {number} is that issue already.")
PRIVATE_STAYS_ALONE = Text("What only the leader may see cannot be merged.")
NOTHING_ALIKE = Text("Nothing like no. {number} in the last days. To merge it all the same: {form}")
ALIKE = Text("!merge {number} {other} – {words}")
SPLIT_ALL = Text("These are the first words of no. {number}; there must be others to split off.")
NOT_URGENT = Text("No. {number} is not urgent.")
ALREADY_URGENT = Text("No. {number} is urgent already.")
NOTED = Text("Noted for no. {number}. The resident does not see it.")
STATE_NAMES = {
    "open": Text("open"),
    "answered": Text("answered"),
    "resolved": Text("said to be done"),
    "closed": Text("closed"),
    "referred": Text("with a department"),
    "withdrawn": Text("withdrawn"),
    "merged": Text("part of another one"),
}
SAY_WHICH = Text("Which issue? Reply to its post, or begin with its number: {form}. All commands: {help}")
HELLO_LEADER = Text("Hello. Here we are alone: you need no ! before a command. All commands: help")
ONLY_DIRECT = Text("I can only talk with one person at a time. Please start a direct chat with me.")
NOT_IN_ROSTER = Text("I only know the people of the roster. Please ask your leader to add your account.")
OTHER_BOT = Text("On your homeserver I am {bot}. Please talk with me there.")
ENCRYPTED = Text("This message is encrypted, so nobody got it. Please send it again without encryption.")
STICKER = Text("Stickers do not reach the resident. Please say it in words.")
POLL = Text("Polls do not reach the resident. Please ask in words.")

# --- to a leader in person: by direct message, or by text where only the phone reaches them ---------------

YOURS = Text(
    'No. {number}, {name}, {place}: "{words}" Answer by {time}: text {number} and your words,'
    " {number} done or {number} up."
)
YOURS_STILL = Text('No. {number}, {name}, {place}: "{words}" Text {number} and your words, or {number} done.')
REPLY_SENT = Text("Sent to {name}, no. {number}.")
REPLY_DONE = Text("{name} is asked whether no. {number} is solved.")
REPLY_UP = Text("No. {number} went up to {parent}.")
REPLY_ACCEPTED = Text("{name} hears that you are on no. {number}.")
REPLY_WHICH = Text("Which one is it about? Text its number: {numbers}")
ALARM = Text('Urgent, no. {number}. {name}, {place}: "{words}" Please act at once.')
WANTS_CALL = Text("{name}, {place}, asks you for a call: {phone}")
WANTS_TALK = Text("{name}, {place}, would like to talk to you.")
REPLY_PHONE = Text("{name}, no. {number}: {phone}")
REPLY_NO_PHONE = Text("Nobody knows a phone of {name}, no. {number}. Please go there.")
REPLY_HELP = Text(
    "Text an issue's number, then your words; or done, up and why, call. status: what waits. new: a trouble"
    " of your own."
)
DIGEST_HEAD = Text("For today: {count} wait for you, the most pressing first:")
DIGEST_YESTERDAY = Text("Yesterday: {answered} answered, {done} done.")
DIGEST_BY_TEXT = Text("For today: {count} wait for you: {numbers}. Text a number to read what it is.")
NUDGE = Text("No. {number} waits for your answer, {left} left: “{words}” {link}")
NUDGE_BY_TEXT = Text(
    'No. {number} waits for your answer, {left} left: "{words}" Text {number} and your words.'
)

# --- commands: how each is written, and what it does -------------------------------------------------

HELP = Text(
    "Reply in an issue's thread: the resident gets it. A line that begins with // stays among us. You can"
    " also write or react:"
)
HELP_LINE = Text("{sign}{form} – {does}")
FORM_ACCEPT = Text("!accept 1024")
HELP_ACCEPT = Text("you are on it, and the resident hears so; the time goes on until you answer")
FORM_ANSWER = Text("!answer 1024 I come at three")
HELP_ANSWER = Text("these words go to the resident")
FORM_ANSWER_PRIVATE = Text("1024 I come at three")
FORM_DONE = Text("!done 1024")
HELP_DONE = Text("it is done; the resident is asked whether it is solved")
FORM_NOTE = Text("!note 1024 she lives alone")
HELP_NOTE = Text("stays among leaders")
FORM_UP = Text("!up 1024 the pipe lies under the road")
HELP_UP = Text("it goes to the unit above, with the story so far")
FORM_URGENT = Text("!urgent 1024")
HELP_URGENT = Text("somebody is in danger: all above hear at once; !urgent 1024 off takes it back")
FORM_CALL = Text("!call 1024")
HELP_CALL = Text("you alone get the resident's number, to press and call; it is recorded")
FORM_LIST = Text("!list")
HELP_LIST = Text("what waits for you, by the time that is left; only you see the answer")
FORM_SHOW = Text("!show 1024")
HELP_SHOW = Text("the whole story of an issue; only you see the answer")
FORM_SEARCH = Text("!search water pipe")
HELP_SEARCH = Text("issues in which this was said; only you see the answer")
FORM_STATUS = Text("!status")
HELP_STATUS = Text("how your units stand, in numbers; only you see the answer")
FORM_REFER = Text("!refer 1024 water the main pipe has burst")
HELP_REFER = Text("a department takes it; a part of its name is enough")
FORM_RETURN = Text("!return 1024 it is not our pipe")
HELP_RETURN = Text("a department sends it back to whoever referred it")
FORM_MERGE = Text("!merge 1024 1019")
HELP_MERGE = Text("1024 becomes part of 1019; with one number, what it may be the same as")
FORM_SPLIT = Text("!split 1024 the lamp does not work either")
HELP_SPLIT = Text("these words, or those to which you reply with it, become an issue of their own")
FORM_WITHDRAW = Text("!withdraw 1024 it was a test")
HELP_WITHDRAW = Text("it needs nothing; the resident hears why, and may say that it does")
FORM_AWAY = Text("!away 12-01 12-05 Ma Li")
HELP_AWAY = Text("you are away on these days; who is named or mentioned stands in")
FORM_BACK = Text("!back")
HELP_BACK = Text("you are there again")
FORM_DEPUTY = Text("!deputy Ma Li")
HELP_DEPUTY = Text("who stands in whenever you are away; alone, it tells who does")
FORM_HELP = Text("!help")
HELP_HELP = Text("all commands; with a command's name, how it is written")

# --- rooms ---------------------------------------------------------------------------------------

ROOM_TOPIC = Text("{tier} {unit}. Reply in an issue's thread to answer the resident; ✅ done, ⬆️ pass up.")
POST_ENDED = Text("This account has no task in here any more. Thank you for all that you have done.")
KNOCK = Text(
    "Hello. I only know the people of the roster. Have you got a code by text? Please send it to me here."
)
KNOCK_HOW = Text("Please send me the twelve digits from the text. Without a text, please ask your leader.")
CODE_WRONG = Text("That code is not right. Please look at the text once more and send its twelve digits.")
CODE_USED = Text(
    "That code does not count any more: it was used, or a newer one was sent. Please take the newest."
)
CODE_EXPIRED = Text("That code has run out. Please ask for a new one.")
CODE_TOO_OFTEN = Text("There were too many wrong codes today. Please try again tomorrow.")
CODE_IS_YOURS = Text("You are here already: this account is yours, and you need no code.")
CODE_OF_ANOTHER = Text("This account is somebody else's in the roster. Please use one of your own.")
TIE_ACCOUNT = Text(
    "{name}, please open a Matrix app, start a direct chat with {bot} and send it this code: {code}. It"
    " works once, until {time}. Give it to nobody."
)
ACCOUNT_TIED = Text(
    "Welcome, {name}. You answer for: {units}. Invitations into your rooms come now, please accept"
    " them. What people report stands there; answer in its thread. All commands: help"
)
ACCOUNT_TIED_BY_TEXT = Text(
    "The account {account} is tied to your name now. Was it not you? Please tell whoever looks after"
    " the roster at once."
)
CODE_SENT = Text("{name} gets a code by text. It works for three days.")
NO_MOBILE = Text("{name} has no mobile phone in the roster. Please have it added first.")
FORM_LINK = Text("!link Zhou Qiang")
HELP_LINK = Text(
    "sends a leader below you a code by text, for an account of their own; alone, it sends you one"
)

# --- other networks --------------------------------------------------------------------------------

BRIDGE_BEGINS = Text("{network} {channel}: being connected, since {day}, by {name}")
BRIDGE_IS_ON = Text("{network} {channel}: connected since {day}, by {name}")
BRIDGE_ENDS = Text("{network} {channel}: being taken away")
BRIDGE_CAN = Text("You can connect: {networks}. Write it like this: {form}")
BRIDGE_CANNOT = Text("There is no other network here. Whoever runs the service can add one.")
BRIDGE_CHANNEL = Text('"{channel}" is no channel of {network}. Write it like this: {form}')
BRIDGE_WHO = Text(
    "Only the leader of this unit, or of one above it, can connect its room to another network."
)
BRIDGE_WHERE = Text("Please write that in a unit's room: that room is connected.")
BRIDGE_ALREADY = Text("This room is connected to {network} already. To take it away: {form}")
BRIDGE_NONE = Text("This room is not connected to {network}.")
BRIDGE_STARTED = Text("We connect this room to {network} {channel}. You hear when it is done.")
BRIDGE_STOPPED = Text("We disconnect this room from {network}. You hear when it is done.")
BRIDGE_ON = Text("This room is connected to {network} {channel} now. Whatever is said here is read there.")
BRIDGE_OFF = Text("This room is not connected to {network} any more.")
BRIDGE_FAILED = Text("This room could not be connected to {network} {channel}. Its bridge says: {words}")
BRIDGE_SILENT = Text("This room could not be connected to {network} {channel}: its bridge says nothing.")
FORM_BRIDGE = Text("!bridge irc #zhangzhuang")
FORM_BRIDGE_OFF = Text("!bridge off irc")
HELP_BRIDGE = Text("people of another network join this room; alone, it tells which can and do")
OPENLY_ABOUT = Text('"{words}" – ')
PHONE_NOT_HERE = Text("(the number is on your leader's card)")
FORM_DESK = Text("!desk")
HELP_DESK = Text("a link to the map and the board, for you alone; it opens once")
FORM_CARDS = Text("!cards")
HELP_CARDS = Text("the code on your contact cards, and where you print cards and posters")
CARD_CODE = Text("Who texts {code} to {number} is a neighbour of {unit}.")
CARDS_HERE = Text("Cards and posters of {unit}: {page} (!desk lets you in there)")
DESK_LINK = Text("This opens the desk for you, once, within {lasts}: {link} Please pass it on to nobody.")
NOT_IN_THE_OPEN = Text("Others read along here. Please ask that by text or in a direct room.")

# --- behind a link ------------------------------------------------------------------------------

LINK_ENDED = Text("This link has ended. Would you like to see it again? Just text us.")
LINK_UNKNOWN = Text("There is nothing here. Is the whole link typed as it stands in the text?")
LINK_AWAY = Text("It cannot be shown right now. Please try again in a few minutes.")

# --- in a letter --------------------------------------------------------------------------------

LETTER_SUBJECT = Text("No. {number}: {words}")
LETTER_YOURS = Text("{unit} has it now. Please answer by {time}.")
LETTER_REFERRED = Text("{unit} has it now, and has until {time}.")
LETTER_HOW = Text(
    "Please just answer this letter: what you write reaches the resident. When it is done, begin with: done."
    " What must stay among colleagues begins with: note."
)
LETTER_HOW_DEPARTMENT = Text(
    "Please just answer this letter: what you write reaches the resident. When it is done, begin with: done."
    " If it is not yours, begin with: return, and say why. What must stay among colleagues begins with: note."
)
LETTER_LEFT = Text("What was attached to your letter could not be taken. Please describe it in words.")
REPLY_RETURNED = Text("No. {number} is back with {unit}.")
REPLY_RETURN_WHY = Text("Please say why, too: return, and then your reason.")
LINE_DEPARTMENT_UNREACHED = Text(
    "Our message to {department} about no. {number} came back: nobody has read it there. Please call them."
)

# --- what is kept about somebody, for them ---------------------------------------------------------

DOSSIER_HEAD = Text("All that is kept about {name}")
DOSSIER_HOME = Text("Lives in: {place}; household: {household}. Numbers and accounts:")
DOSSIER_ISSUE = Text("No. {number}, reported {time}:")
DOSSIER_SENT = Text("What was sent to them:")
DOSSIER_MORE = Text(
    "Every step, state and time stands in data.json; pictures, sounds and films in media.csv."
)
