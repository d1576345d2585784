"""Every text about tasks: what leaders are asked, what they write, and what comes of it.

To phones: short, one idea, and what to press at the end.
"""

from linzhang.words import Text

# --- being asked ---------------------------------------------------------------------------------

OFFER = Text("{who} asks for help, task {number}: {what}Helpers needed: {need}. Each gets {pay}.")
ON_PHONE = Text("{offer} If you can help, text 1.")
IN_ROOM = Text("🤝 {offer}\nWhoever can help, please press ✅. First come, first served.")
ALONE = Text("{offer} If you can help, press ✅ or write 1.")
BUTTON_TAKE = Text("I will help")

# --- writing one ---------------------------------------------------------------------------------

DRAFT = Text(
    "Task {number}, for {reach} leaders of {unit}: {what}Helpers needed: {need}, each gets {pay}, {total} in"
    " all, which {payer} pays."
)
DRAFT_MUCH = Text("{draft} That is more than {most}, so somebody else has to confirm who has helped.")
DRAFT_ROOM = Text("{draft}\nTo ask them, press ✅ or write: {send}\nTo drop it: {stop}")
DRAFT_PHONE = Text("{draft} To ask them, text 1.")
ASKED = Text("Task {number} goes to {reach} leaders now. You hear when there are enough.")
DROPPED = Text("Task {number} is dropped. Nobody has been asked.")
CALLED_OFF = Text("Task {number} is called off. {told} had said yes, and are told.")
IS_OFF = Text("Task {number} ({what}) is called off. Please do not go. Thank you for being ready.")
WRITE_IT_SO = Text("Please say what, how many helpers, and what each gets, like this: {form}")
NO_LINKS = Text("Please leave out links: people have learnt not to press any. Say it in words.")
TOO_LONG = Text("One text would take {segments} SMS, and {most} are the most. Please make it shorter.")
TOO_MUCH = Text("{pay} for one helper is more than {most}, the most that one task may pay. Is it a slip?")
TOO_MANY = Text("{need} helpers are more than the {most} that one task may have.")
FOR_NOBODY = Text("Nobody leads anything there who could be asked.")
UNIT_UNKNOWN = Text('I know no "{name}" below {unit}.')
NOT_YOURS = Text("Only whoever answers for {unit}, or for a unit above it, can do that.")
WHICH_TASK = Text("Please say which task, like this: {form}")
NO_SUCH = Text("There is no task {number} here.")
SENT_ALREADY = Text("Task {number} has been sent already, or called off.")
OVER = Text("Task {number} is over.")

# --- helping -------------------------------------------------------------------------------------

TAKEN = Text(
    "Thank you! You are helping with task {number}: {what}When it is done, send a picture or write:"
    " task {number} done"
)
TAKEN_ALREADY = Text("You have said yes to task {number} already. When it is done, write: task {number} done")
IS_FULL = Text("Thank you for offering! Task {number} has enough helpers already.")
NOT_FOR_YOU = Text("Task {number} is for leaders of {unit}.")
ASKED_BY_YOU = Text("You asked for task {number} yourself. Somebody else has to do it.")
LEFT = Text("Thank you for saying so. Somebody else can take your place in task {number}.")
NOT_TAKEN = Text("You have not said yes to task {number}.")
HAS_LEFT = Text("{name} cannot help with task {number} after all. {count} of {need} have said yes.")
ENOUGH = Text("Task {number} has its helpers: {names}.")
PROVED = Text("Thank you! We are asking {who} to confirm task {number}. Then your allowance is entered.")
CONFIRMED_ALREADY = Text("That is confirmed already: {pay} is in the ledger.")
REVERSED_ALREADY = Text("Your help with task {number} was looked at and is closed. Please ask {unit}.")

# --- settling ------------------------------------------------------------------------------------

SAYS_DONE = Text("Task {number}: {name} ({unit}) says that it is done{with_what}{words}")
WITH_PICTURES = Text(", pictures: {count}")
WITH_PLACE = Text(", place: {place}")
QUOTED = Text(': "{words}"')
JUDGE_CHAT = Text(
    "{said}\nIf it is so, press ✅ or write: {yes}\nIf it is not: {no}\nThe pictures are on the desk."
)
JUDGE_PHONE = Text("{said}. If it is so, text 1. If it is not, text: task {number} no {name}")
CONFIRMED = Text("{name}: {pay} for task {number} is in the ledger now.")
CONFIRMED_FREE = Text("{name}: confirmed for task {number}.")
YOU_ARE_DUE = Text("Task {number} is confirmed. {pay} is entered for you, and {payer} pays it. Thank you!")
YOU_ARE_THANKED = Text("Task {number} is confirmed. Thank you!")
REFUSED = Text("{name} hears that their help with task {number} was not taken: {why}")
YOU_ARE_REFUSED = Text("Task {number}, {payer} says: {why}When it is right, write again: task {number} done")
NO_SHOW = Text("{name} is out of task {number}: somebody else can take the place.")
YOU_ARE_OUT = Text("Task {number}, {payer} says: {why}You are not down for it any more.")
REVERSED = Text("{name}: {pay} for task {number} is taken back in the ledger.")
YOU_ARE_REVERSED = Text("Task {number}, {payer} says: {why}{pay} is taken back in the ledger.")
NOT_DONE_YET = Text("{name} has not said yet that it is done.")
SETTLED_ALREADY = Text("{name} was confirmed for task {number} before. Nothing is paid twice.")
NOT_YOUR_OWN = Text("Nobody confirms their own help. {names} can.")
NOT_YOUR_OWN_ALONE = Text("Nobody confirms their own help.")
NOT_ASKED_BY_YOU = Text(
    "Task {number} pays more than {most} in all, and it was you who asked. {names} can confirm it."
)
NOT_ASKED_BY_YOU_ALONE = Text(
    "Task {number} pays more than {most} in all, and it was you who asked: somebody else has to confirm it."
)
NO_WHY = Text("Please say why, they will read it: {form}")
NO_HELPER = Text("{name} does not help with task {number}. Who does: {names}")
NOBODY_HELPS = Text("Nobody has said yes to task {number} yet.")
WHICH_HELPER = Text("Whom do you mean? {names}")
NOTHING_TO_JUDGE = Text("Nobody waits for a confirmation in task {number}.")
NOT_IN_LEDGER = Text("Nothing stands in the ledger for {name} and task {number}.")

# --- how one stands ------------------------------------------------------------------------------

STATES = {
    "draft": Text("not sent"),
    "open": Text("wants helpers"),
    "full": Text("has its helpers"),
    "done": Text("is done"),
    "off": Text("called off"),
}
HELPS = {
    "accepted": Text("helps"),
    "done": Text("says it is done"),
    "confirmed": Text("confirmed"),
    "refused": Text("not taken"),
    "left": Text("cannot"),
    "reversed": Text("taken back in the ledger"),
}
STANDING = Text(
    "Task {number}, {state}: {what}{count} of {need} have said yes, each gets {pay}, {payer} pays."
)
STANDING_HELPER = Text("· {name} ({unit}): {state}")
LISTED = Text("{number} {unit}, {state}: {what}")
LIST_END = Text("How a task stands: {form}")
LIST_DUE = Text("Your allowances: {due}, of which {paid} paid out.")
NONE_YET = Text("There is no task yet. Ask like this: {form}")

# --- commands ------------------------------------------------------------------------------------

FORM = Text("!task mend the road tomorrow at 8, 3 people, 50 each")
FORM_SEND = Text("!task send {number}")
FORM_STOP = Text("!task stop {number}")
FORM_SHOW = Text("!task {number}")
FORM_CONFIRM = Text("!task confirm {number} {name}")
FORM_REFUSE_TEXT = Text("task {number} no {name} why")
FORM_REVERSE = Text("!task reverse {number} {name} why")
FORM_REFUSE = Text("!task refuse {number} {name} why")
HELP = Text(
    "you ask leaders below you for help, and say what each gets; 'take 7', 'leave 7', 'confirm 7 name',"
    " 'refuse 7 name why', 'reverse 7 name why', 'stop 7'; alone, it lists tasks and your allowances"
)
FORM_DID = Text("!did 7")
HELP_DID = Text("you have done task 7; send it with a picture, or as a reply to yours")
