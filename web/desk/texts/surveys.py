"""What the pages of surveys say."""

from linzhang.words import Text

HEAD = Text("Surveys")
ABOUT = Text(
    "A few residents are asked by text whether they are content with the leader of their block. Nobody can"
    " choose who is asked, and nobody sees who has answered."
)
NEW = Text("Open a survey")
ASK_IN = Text("Ask residents of")
OPEN = Text("Open it")
NONE = Text("There is no survey yet.")
BY = Text("{name}, {time}")
ONE = Text("Survey {number}")
NO_UNIT = Text("There is no unit {code} of yours.")

LIST = Text("On the list")
DRAWN = Text("Are drawn")
ASKED = Text("Were asked")
ANSWERED = Text("Have answered")
DRAW_AT = Text("The draw is {time}.")
ENDS_AT = Text("Answers count until {time}. What they are is shown afterwards.")
ENDED_AT = Text("It was over {time}.")
MAKING = Text("The list is being made.")

WHOLE = Text("All of {unit}")
UNITS = Text("By unit")
LEADERS = Text("By leader")
UNIT = Text("Unit")
LEADER = Text("Leader")
CONTENT = Text("Content")
SURELY = Text("Surely between")
RANGE = Text("{low}% and {high}%")
SHARE = Text("{share}%")
HIDDEN = Text("too few")
WHY_HIDDEN = Text(
    "Of fewer than {least} answers nothing is told, nor of what could be reckoned from the others. The range"
    " holds with a certainty of 95% (Wilson's interval); each block counts as its people do."
)

DRAW = Text("The draw")
HOW = Text(
    "The list is fixed, with a mark for each who can be drawn. A secret was fixed after it. Whoever is"
    " concerned can add a word. Of all three the draw is made, so that nobody can steer it; when the survey"
    " is over everybody can make it once more."
)
DIGEST = Text("Digest of the list")
COMMITMENT = Text("Digest of the secret")
NONCE = Text("The secret")
WORDS = Text("Words that were added")
YOUR_WORD = Text("Add a word, such as the throw of a die")
ADD = Text("Add it")
ADDED = Text("Your word is part of the draw.")
PROOF = Text("All of the draw, to make it once more")
STOP = Text("Stop the survey")
STOPPED = Text("The survey is stopped. Nobody was asked.")
