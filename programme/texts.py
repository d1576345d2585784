"""Every text of the programme's other duties: what residents and leaders are told, and what leaders write.

To residents: short, one idea, who speaks first, and what to press at the end; never a link. Translations
stand in `locale/`.
"""

from linzhang.words import Text

# --- a notice, on a phone and in a room ----------------------------------------------------------

FROM = Text("{leader}, {unit}")
ON_PHONE = Text("{who}: {words}{ask}")
WITHOUT_ASKING = Text("{who}: {words}")
PHONE_READ = Text("Have you read it? Text 1.")
PHONE_READ_WORD = Text("Have you read it? Text: read.")
PHONE_PASS = Text("When all yours know, text 1.")
WORD_READ = Text("read")
BUTTON_READ = Text("I have read it")
BUTTON_PASSED = Text("All mine know")
IN_ROOM = Text("📢 {who}:\n{words}\n{ask}")
URGENT_WORDS = Text("Urgent! {words}")
ROOM_READ = Text("Please press ✅ when you have read it.")
ROOM_PASS = Text("Please tell those at the door who have no phone, and press ✅ when all yours know.")
REMIND_IN_ROOM = Text("🔔 Does everybody know already? {who}: {words} Then please press ✅.")
REMIND_BY_TEXT = Text("Does everybody know already? {who}: {words} Then please text 1.")

# --- writing one ---------------------------------------------------------------------------------

DRAFT = Text(
    "Notice {number}, for {whom}. At most {texts} texts of {segments} SMS each{cost}. A phone shows:\n"
    "{sample}\nTo send it, press ✅ or write: {send}\nTo drop it: {stop}"
)
DRAFT_MANY = Text("It goes to more than {most} people, so somebody else has to look at it before it goes.")
DRAFT_URGENT = Text("It goes at night, too, so somebody else has to look at it before it goes. Why: {why}")
COST = Text(", about {price}")
WHOM_LEADERS = Text("{count} {tier}")
WHOM_RESIDENTS = Text("{count} residents")
GOES_NOW = Text("Notice {number} goes out now to {people} people. To stop it: {stop}")
GOES_AT = Text("Notice {number} goes out at {time} to {people} people. To stop it: {stop}")
WAITS = Text("Notice {number} goes to {people} people. {names} can look at it, and let it go.")
WAITS_FOR_NOBODY = Text("Notice {number} goes to {people} people, and nobody is there who could look at it.")
SECOND_EYES = Text(
    "👀 Notice {number} of {who} goes to {people} people, with at most {texts} texts. Is it right?\n{words}\n"
    "To let it go, press ✅ or write: {form}"
)
SECOND_EYES_AT_NIGHT = Text(
    "🚨 Notice {number} of {who} is to go at once, at night, too, to {people} people, with at most {texts}"
    " texts. Why: {why}. Is it right?\n{words}\nTo let it go, press ✅ or write: {form}"
)
WAKE = Text(
    "Urgent: notice {number} of {who} waits for your eyes and is to go at once. Why: {why}. It says: {words}"
    " Please look at it in the room or on the desk."
)
DROPPED = Text("Notice {number} is dropped. Nobody has been told.")
STOPPED = Text("Notice {number} is stopped. {told} had been told by then.")
NOT_YOUR_UNIT = Text("Only whoever answers for {unit}, or for a unit above it, can do that.")
NO_WORDS = Text("Please write what everybody is to know.")
NO_LINKS = Text("Please leave out links: people have learnt not to press any. Say it in words.")
TOO_LONG = Text("One text would take {segments} SMS, and {most} are the most. Please make it shorter.")
FOR_NOBODY = Text("There is nobody whom this would reach.")
SENT_ALREADY = Text("Notice {number} has been sent already, or taken back.")
OVER_ALREADY = Text("Everybody has been told of notice {number} already, or it was taken back.")
NOT_ALONE = Text("Notice {number} goes to many, so somebody else has to let it go.")
NOT_ALONE_AT_NIGHT = Text("Notice {number} goes at night, too, so somebody else has to let it go.")
SAY_WHY_AT_NIGHT = Text("Please say first which danger does not wait for the morning: {form}")
NO_URGENT_POLL = Text("Nobody is asked something at night.")
TIME_BEHIND = Text("That time is over. Please say a later one.")
NO_SUCH = Text("There is no notice {number} here.")
WHOM_UNKNOWN = Text('"{whom}" is nobody I know here. You can say: {known}')
KNOWN_RESIDENTS = Text("residents")
KNOWN_LEADERS = Text("leaders")
KNOWN_PARTY = Text("party members")
KNOWN_NO_SMARTPHONE = Text("without a smartphone")

FORM = Text("!notice the water is off tomorrow from 8 to 12")
FORM_TO = Text("!notice to block leaders: meeting at three")
FORM_URGENT = Text("!notice urgent the dam may break: please go up to the school at once")
FORM_SEND = Text("!notice send {number}")
FORM_STOP = Text("!notice stop {number}")
FORM_SHOW = Text("!notice {number}")
HELP = Text(
    "all below you are to know; you see how many and what it costs before it goes; alone, it tells how your"
    " notices stand"
)

# --- how one stands ------------------------------------------------------------------------------

STATES = {
    "draft": Text("not sent"),
    "asked": Text("waits for a second pair of eyes"),
    "set": Text("goes out at its time"),
    "going": Text("going out"),
    "out": Text("out"),
    "stopped": Text("taken back"),
}
NONE_YET = Text("There is no notice yet. Write one like this: {form}")
LISTED = Text("{number} {unit}, {state}: {words}")
LIST_END = Text("How one stands: {form}")
STANDING = Text("Notice {number}, {state}: {words}")
STANDING_LEADERS = Text("Leaders: {told} of {all} told, {read} have read it, {passed} have passed it on.")
STANDING_RESIDENTS = Text("Residents: {told} of {all} told, {delivered} have got it, {read} have read it.")
STANDING_LOST = Text("{lost} could not be reached in writing.")
STANDING_UNIT = Text(
    "· {unit}: read by {read} of {all} residents, passed on by {passed} of {leaders} leaders"
)
NOT_PASSED = Text("Not passed on yet: {names}")
AND_MORE = Text("{names} and {count} more")

# --- a poll --------------------------------------------------------------------------------------

PHONE_CHOOSE = Text("Text {options}.")
PHONE_CHOOSE_WORD = Text("Text one of these words: {options}.")
OPTION_DIGIT = Text("{digit} for {option}")
OPTION_DIGIT_MORE = Text("{before}, {digit} for {option}")
CHOSEN = Text("poll {number}: {digit}")
ROOM_CHOOSE = Text("{options}\nPlease press the number of your answer.")
ROOM_CHOOSE_AND_PASS = Text(
    "{options}\nPlease press the number of your answer, and ask those at the door who have no phone."
)
POLL_IN_ROOM = Text("📢 {who}: {words}")
POLL_IN_ROOM_AND_PASS = Text("📢 {who}: {words}Please ask those at the door who have no phone.")
REMIND_POLL = Text("🔔 Your answer is still missing. {who}: {words}\n{ask}")
POLL_OVER = Text("Thank you, but answers have been counted already.")
POLL_LASTS = Text("{draft}\nAnswers count for {days} days from when it goes.")
NO_QUESTION = Text("Please write a question, and behind it two to five answers: {form}")
TOO_MANY_OPTIONS = Text("Please write two to five answers, with / between them.")
OPTION_TOO_LONG = Text("Please make each answer shorter: {most} characters at most.")
OPTION_IS_A_NUMBER = Text("Please write answers as words: somebody who texts a digit means which of them.")
OPTIONS_ALIKE = Text("Two of the answers are the same.")
DAYS_UNFIT = Text("A poll lasts from 1 to {most} days.")
RESULT_OPTION = Text("· {option}: {count} ({share}%)")
RESULT_TURNOUT = Text("{answered} of {people} have answered.")
RESULT_UNTIL = Text("Answers count until {time}.")
RESULT_IS_OVER = Text("It is over.")
RESULT_UNIT = Text("· {unit}: {counts}")
RESULT_COUNT = Text("{option} {count}")
NOT_ANSWERED = Text("Leaders who have not answered: {names}")
POLL_ENDED = Text("🗳 Poll {number} is over: {words}\n{results}")
POLL_CLOSED = Text("🗳 Poll {number} is over. Thank you!")
POLL_TAKEN_BACK = Text("🗳 Poll {number} was taken back.")
NO_POLL_YET = Text("There is no poll yet. Write one like this: {form}")
POLL_LIST_END = Text("What one has come to: {form}")

FORM_POLL = Text("!poll Shall the lamps go out at ten? yes / no / no matter")
FORM_POLL_SHOW = Text("!poll {number}")
HELP_POLL = Text(
    "all below you are asked, by text and in rooms, and can answer for three days; you see how many chose"
    " what, unit by unit"
)

# --- public opinion ------------------------------------------------------------------------------

FORM_OPINION = Text("!opinion many are for closing the square to cars")
HELP_OPINION = Text(
    "what people think, filed up: the unit above reads it, and it is no issue; alone, it lists the latest"
)
OPINION_FILED = Text("Noted, for {unit}. Those above can read it; nobody has to answer.")
OPINION_ABOVE = Text("📝 What people think, {unit} ({who}): {words}")
OPINION_WORDS = Text("Please write what people think.")
OPINION_LONG = Text("Please write at most {most} characters.")
NO_OPINION_YET = Text("Nothing has been noted yet. Write it like this: {form}")
OPINION_LISTED = Text("· {time} {unit}: {words}")

# --- the course for new leaders ------------------------------------------------------------------

LESSON = Text("Lesson {number} of {of}. {words}")
LESSON_AGAIN = Text("No hurry, but lesson {number} of {of} still waits for your answer. {words}")
LESSON_ANSWER = Text(
    "When somebody tells you that something is wrong, answer within 4 hours; a word is enough. A lamp is out."
    " What comes first? 1: a word to them. 2: the repair."
)
LESSON_UP = Text(
    "What you cannot solve goes up: write 'up' and why. That is no shame. The main pipe has burst. What"
    " do you do? 1: dig. 2: pass it up."
)
LESSON_URGENT = Text(
    "Fire, gas, somebody hurt: first call for help, then knock on the door. Smoke comes from next door."
    " What comes first? 1: call 119. 2: ask in the chat."
)
LESSON_SECRET = Text(
    "Numbers and family matters never stand in a room. Somebody asks there for an old woman's number."
    " What do you do? 1: write it. 2: pass their words on to her."
)
LESSON_DONE = Text(
    "When it is done, write 'done': the resident is asked. When is it over? 1: when they say it is"
    " solved. 2: when I say so."
)
WHY_ANSWER = Text("Whoever has a word from you can wait calmly.")
WHY_UP = Text("Up there they have the people and the tools, and see that you have not left it.")
WHY_URGENT = Text("Minutes count; chat can wait.")
WHY_SECRET = Text("What one has entrusted to you stays with you.")
WHY_DONE = Text("It is for them that we do it. If it is not solved, it goes on.")
IS_RIGHT = Text("Right. {why}")
IS_WRONG = Text("The other one is better. {why}")
TOMORROW_MORE = Text("{judged} The next lesson comes tomorrow.")
FINISHED = Text(
    "{judged} That was the course: {right} of {of} right. Thank you for being there for your neighbours."
)
LEARN_LEADERS_ONLY = Text("The course is for those who lead something.")

FORM_LEARN = Text("!learn")
HELP_LEARN = Text("five short lessons for you, one a day, each with a question")
FORM_TEACH = Text("!teach")
HELP_TEACH = Text("all new leaders below you begin the course")
LEARNING = Text("The first lesson is on its way to you.")
LEARNING_ALREADY = Text("You have begun already: you are at lesson {number} of {of}.")
TEACHING = Text("{count} begin the course: {names}")
TEACHING_NOBODY = Text("Nobody below you is new and without the course.")
TEACHING_STANDS = Text("{unit}: of {leaders} who lead, {begun} have begun and {finished} have finished.")

FORM_INTRODUCE = Text("!introduce")
HELP_INTRODUCE = Text(
    "your residents hear by text who you are; you see the text first, and may write your own words behind it"
)
INTRODUCTION = Text(
    "Hello neighbours, I am your {title} now. When something is wrong, text this number: you have an"
    " answer within {time}"
)

# --- neighbours who have fallen out --------------------------------------------------------------

AGREE = Text("{leader} has written down for you and {other}: {words}Do you agree? Yes: text 1. No: text 2.")
AGREE_SHOWN = Text("{leader} has written down for you and {other}: {words}Do you agree?")
BUTTON_AGREE = Text("I agree")
BUTTON_DISAGREE = Text("I do not")
AGREE_WAITS = Text("Thank you. Now we wait for {other}.")
AGREE_NO = Text("Thank you for saying so. {leader} will talk with you again.")
AGREED = Text("You have both agreed: {words}Thank you for making peace.")
MEDIATOR_YES = Text("No. {number}: {name} agrees. {other} has not said so yet.")
MEDIATOR_NO = Text("No. {number}: {name} does not agree. Please talk with them, and write new words.")
MEDIATOR_AGREED = Text("No. {number}: {name} and {other} have both agreed. It is closed. Well done.")

FORM_DISPUTE = Text("!dispute 1024 Wang Er")
HELP_DISPUTE = Text(
    "whoever reported it has fallen out with this neighbour; from then on only leaders see it"
)
FORM_AGREE = Text("!agree 1024 the wall stays where it is")
FORM_AGREE_ON = Text("!agree {number} …")
HELP_AGREE = Text("both are asked by text whether they agree to these words; two yes close it")
DISPUTE_BEGUN = Text(
    "No. {number} is private, and {other} is the other party. When they have agreed, write: {form}"
)
BOTH_ASKED = Text("No. {number}: both are asked whether they agree. You hear what they say.")
NO_DISPUTE = Text(
    "Please say first who the other party of no. {number} is: !dispute, the number, and a name."
)
DISPUTE_OVER = Text("No. {number} is over.")
SAME_PARTY = Text("That is who reported it. Please write the other one's name.")
NOBODY_SO = Text("The roster has nobody called {who} around here. To me alone you can write their number.")
SEVERAL_SO = Text("Several are called {who} around here. To me alone you can write their number.")
NUMBER_IN_A_ROOM = Text("Please delete that: numbers stand in no room. Write it to me alone.")
NOBODY_BY_NUMBER = Text("The roster does not know this number.")
PARTY_UNREACHABLE = Text("{name} cannot be reached by text, so please get a signature at the door.")
AGREEMENT_WORDS = Text("Please write what both would agree on, in at most {most} characters.")
