"""What residents and leaders are told of surveys, and what leaders write. Translations stand in `locale/`."""

from linzhang.words import Text

# --- to those who were drawn ---------------------------------------------------------------------

ASK = Text("Are you content with {leader}? Text 1 yes, 2 so-so, 3 no. Thank you.")
ASK_WORD = Text("Are you content with {leader}? Text one of these words: {words}. Thank you.")
ASK_SHOWN = Text("Are you content with {leader}? Thank you.")
AGAIN = Text("Once more, if you like: {asked}")
GOOD = Text("content")
FAIR = Text("so-so")
POOR = Text("not content")
CHOSEN = Text("survey {number}: {digit}")
TOO_LATE = Text("Thank you, but answers have been counted already.")
ONLY_COUNTED = Text(
    "Thank you, your answer counts, without your name. Nobody reads what stood behind it. To report"
    " something, text: new, and what it is."
)

# --- in the room of its unit ---------------------------------------------------------------------

ANNOUNCED = Text(
    "📋 Survey {number}, {unit}: of {people} residents {size} are drawn {time} and asked whether they are"
    " content with the leader of their block. So that nobody can choose them, list and secret are fixed"
    " by now.\nlist {digest}\nsecret {commitment}\nUntil then everybody here can add a word to the draw, such"
    " as the throw of a die: {form}"
)
NOBODY = Text("Survey {number}, {unit}: there is nobody who could be asked by text.")
IS_OVER = Text(
    "📋 Survey {number}, {unit}, is over. {result}\nThe secret was {nonce}\nOn the desk everybody can draw"
    " once more, and see that nobody was chosen."
)

# --- what came of it -----------------------------------------------------------------------------

RESULT = Text("{answered} of {asked} have answered. Content are {share}%, surely between {low}% and {high}%.")
RESULT_FEW = Text("{answered} of {asked} have answered: too few to tell.")
RESULT_UNIT = Text("· {unit}: {result}")
RESULT_LEADER = Text("· {unit}, {leader}: {result}")

# --- opening one, and adding a word --------------------------------------------------------------

OPENED = Text(
    "Survey {number} of {unit} begins. When the list is complete it is announced in the room; the draw is"
    " {time} later. To stop it before: {stop}"
)
ADDED = Text("Your word is part of the draw of survey {number}.")
STOPPED = Text("Survey {number} is stopped. Nobody was asked.")
NOT_YOUR_UNIT = Text("Only whoever answers for {unit}, or for a unit above it, can do that.")
WRONG_TIER = Text("A survey is for one of these: {tiers}.")
TOO_SOON = Text("The last survey of {unit} was not long ago. The next one can be opened {time}.")
UNDER_WAY = Text("Survey {number} of {unit} is not over yet.")
NO_SUCH = Text("There is no survey {number} here.")
DRAWN_ALREADY = Text("It is too late for that: survey {number} has been drawn, or is over.")
NOT_YET = Text("The list of survey {number} is not complete yet. Please try again in a minute.")
WORD_ALREADY = Text("You have added your word to survey {number} already.")
NO_WORD = Text("Please write the word that is to be part of the draw.")
WORD_LONG = Text("Please write at most {most} characters.")

# --- how one stands ------------------------------------------------------------------------------

STATES = {
    "listing": Text("list is being made"),
    "announced": Text("waits for the draw"),
    "drawing": Text("is being drawn"),
    "asking": Text("answers count"),
    "over": Text("over"),
    "stopped": Text("stopped"),
}
LISTED = Text("{number} {unit}, {state}")
LIST_END = Text("What one has come to: {form}")
NONE_YET = Text("There is no survey yet. Open one like this: {form}")
STANDS = Text("Survey {number}, {unit}: {state}.")
STANDS_DRAW = Text("It is drawn {time}; {count} words were added.")
STANDS_ASKED = Text("{answered} of {asked} have answered. What they said is shown when it is over, {time}.")

FORM = Text("!survey open")
FORM_SHOW = Text("!survey {number}")
FORM_WORD = Text("!survey word {number} 6 2 4")
FORM_STOP = Text("!survey stop {number}")
HELP = Text(
    "a few residents of your unit, whom nobody can choose, are asked by text whether they are content with"
    " their leader; alone, it lists surveys"
)
