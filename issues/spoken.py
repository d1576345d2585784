"""Every text that is read aloud on the telephone: kind, slow, and short enough to be kept in mind.

A sentence says one thing, and ends with the key to press. Numbers of keys are figures, which voices read in
their own language. Texts that residents get in writing stand in `issues.texts`, and are read to whoever has
only a telephone.
"""

from linzhang.words import Text

# --- somebody calls us --------------------------------------------------------------------------

GREETING = Text("Hello, this is the duty line of {leader}.")
GREETING_STRANGER = Text("Hello, this is the duty line of your neighbourhood.")
DANGER = Text("If somebody is in danger, please call {emergency} first.")
OPTION_MESSAGE = Text("To leave a message, press 1.")
OPTION_TALK = Text("To speak with {leader}, press 2.")
OPTION_STATE = Text("To hear how your last issue stands, press 3.")
OTHER_LANGUAGE = Text("For {other}, press star.")
WRONG_KEY = Text("This key does nothing here.")

SPEAK = Text("Please say after the beep what is wrong. Press any key when you have finished.")
SPEAK_STRANGER = Text(
    "Please say after the beep who you are, where you live and what is wrong. Press any key when you have"
    " finished."
)
SILENCE = Text("We have heard nothing. Please say it once more after the beep.")
NOTHING_LEFT = Text("We have heard nothing again. Please call whenever you like. Goodbye.")
THANKS = Text("Thank you, we have it. {leader} will hear it and answer you. Goodbye.")
THANKS_STRANGER = Text(
    "Thank you, we have it. A text will come that asks where you live; please answer it. Goodbye."
)
ASK_CODE = Text(
    "Thank you, we have it. Please type the number on your leader's card, and then press the hash key."
    " If you have no card, just hang up."
)
CODE_UNKNOWN = Text("This number is not known. Please type it once more, and then press the hash key.")
CODE_KNOWN = Text("Thank you, that is {place}. {leader} will hear it. Goodbye.")
CODE_PLACED = Text(
    "Thank you, that is {place}. Your number is {number}, once more: {number}. {leader} will answer you by"
    " {time}. Goodbye."
)

CONNECTING = Text("We are calling {leader}. Please stay on the line.")
NOT_THERE = Text("{leader} cannot come to the phone.")
NOBODY_THERE = Text("Nobody can come to the phone now. Please leave a message, it will not be lost.")
FOR_A_TALK = Text("A resident wants to talk to you. Press any key to hear them.")
GOODBYE = Text("Goodbye.")
SORRY = Text("We are sorry, our line is out of order. Please call again in a few minutes.")

# --- how an issue stands ------------------------------------------------------------------------

NO_ISSUE = Text("We know of no issue of yours.")
ISSUE_OPEN = Text("Your issue no. {number}: {leader} will answer you by {time}.")
ISSUE_UNPLACED = Text("Your issue no. {number} is waiting, because we do not know yet where you live.")
ISSUE_ANSWERED = Text("Your issue no. {number}: {leader} says: {words}")
ISSUE_IN_HAND = Text("Your issue no. {number}: {leader} is working on it.")
ISSUE_DONE = Text("Your issue no. {number} is said to be done.")
ISSUE_AWAY = Text("Your issue no. {number} is with {unit}. We stay with it.")
ISSUE_CLOSED = Text("Your issue no. {number} is closed.")

# --- we call somebody ---------------------------------------------------------------------------

FOR_YOU = Text("Hello, this is the duty line of your neighbourhood. We have something to tell you.")
AGAIN = Text("To hear it again, press 1.")
TAKE_ON = Text("To take it on yourself, press 2. Otherwise we call whoever comes next.")
TAKEN_ON = Text("Thank you, you have taken on no. {number}. Goodbye.")
IS_IT_SOLVED = Text("If it is solved, press 1. If it is not, press 2. To hear it again, press 0.")
ARE_YOU_WELL = Text("If you are well, press 1. If you are not well, press 2. To hear it again, press 0.")
WHICH_IS_IT = Text("Please press its number. To hear it again, press 0.")
HOW_WAS_IT = Text("Please press 1 to 5, 5 is the best. To hear it again, press 0.")
TYPE_CODE = Text(
    "Please type the number on your leader's card, and then press the hash key. If you have no card, wait."
)
SPEAK_PLACE = Text(
    "Please say after the beep your village and your name. Press any key when you have finished."
)
WRITTEN_DOWN = Text("Thank you, we have noted it. Goodbye.")
