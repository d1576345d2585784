"""Every text of the choice of a leader of the month or the year.

To residents and to whoever is honoured: short, kind, one idea. Translations stand in `locale/`.
"""

from linzhang.words import Text

# --- to everybody --------------------------------------------------------------------------------

ANNOUNCE = Text(
    "Nominations for {title} of {period} are open for {days} days. To nominate yours, text: nominate, and"
    " behind"
    " it why."
)
ASK = Text("Who is to be {title} of {period}? You have one vote, and it stays secret.")
CANDIDATE = Text("{name} ({unit})")
NOT_FOR_YOURSELF = Text(
    "Thank you for voting. Nobody chooses the block that they lead or stand in for: please choose another."
)
OUT_OF_HERE = Text("Thank you, but only people who live in {unit} vote there.")

# --- nominating ----------------------------------------------------------------------------------

NOMINATED = Text("Thank you, we have noted that you nominate {name} ({unit}). Nobody is told by whom.")
WHY = Text("Please write behind it why, like this: nominate she looks in on the old people every day")
NOT_YOURSELF = Text(
    "Thank you for your service! Nobody nominates themselves, so please leave it to a neighbour."
)
NO_LEADER = Text("{unit} has nobody who leads it now.")
NO_ROUND = Text("No nominations are open here now.")
WHICH_BLOCK = Text("Please say whose leader, like this: {form}")
NOT_YOUR_BLOCK = Text("You can nominate the leader of your own block, or of one of yours.")

# --- opening a round -----------------------------------------------------------------------------

NOT_OF_BLOCKS = Text("{unit} has no blocks below it between which one could choose.")
PERIOD_UNFIT = Text("Please say a month or a year that is not long past, like this: {form}")
DAYS_UNFIT = Text("Please let nominations and votes last from 1 to {most} days each.")
IS_OPEN = Text("Round {number} for {period} is there already.")
TOO_WIDE = Text(
    "{unit} has {count} places that vote by themselves, and {most} are the most: let units below open rounds."
)
OPENED = Text("Round {number}, {title} of {period}. The announcement first:\n{draft}")
NO_SUCH = Text("There is no round {number} here.")

# --- sending the ballots -------------------------------------------------------------------------

READY = Text(
    "🗳 Round {number}, {title} of {period}: nominations are over.\n{lines}\nThe ballots go to {people}"
    " people, with"
    " at most {texts} texts{cost}. To send them, press ✅ or write: {send}\nTo drop it all: {stop}"
)
READY_NONE = Text(
    "🗳 Round {number}, {title} of {period}: too few were nominated, so nobody is asked to vote.\n{lines}"
)
READY_LINE = Text("· {unit}: {names}")
NAME_OF = Text("{name} ({unit}), nominated by {count}")
NOBODY_NOMINATED = Text("nobody was nominated")
ONLY_ONE = Text("only {name}, so there is nothing to choose")
NONE_READY = Text("Round {number} has no ballots that wait to be sent.")
GO_OUT = Text("The ballots of round {number} go out now to {people} people. To stop them: {stop}")
WAIT = Text("The ballots of round {number} go to {people} people. {names} can look at them, and let them go.")
WAIT_FOR_NOBODY = Text(
    "The ballots of round {number} go to {people} people, and nobody is there who could look at them."
)
EYES = Text(
    "👀 The ballots of round {number}, {title} of {period}, go to {people} people, with at most {texts}"
    " texts. Are"
    " they right?\n{lines}\nTo let them go, press ✅ or write: {send}"
)
STOPPED = Text("Round {number} is stopped.")
OVER_ALREADY = Text("Round {number} is over.")

# --- results -------------------------------------------------------------------------------------

WINNER = Text("🏅 {unit}, {title} of {period}: {names}")
TIE = Text("🏅 {unit}, {title} of {period}, equal first: {names}")
NO_WINNER = Text("🏅 {unit}, {title} of {period}: nobody has voted.")
RESULT = Text("· {name} ({unit}): {votes} votes, {points} points. {figures}")
IN_TIME = Text("{share}% answered in time")
CLOSED = Text("{count} closed")
RATING = Text("satisfaction {mark}")
NO_FIGURES = Text("no reports")
TURNOUT = Text("{voted} of {people} have voted. In the points each block counts alike, large or small.")
ALL_OVER = Text("🏅 {unit}, {title} of {period}, all results:\n{lines}")
HONOURED = Text(
    "Congratulations! Your neighbours have chosen you: {title} of {period} in {unit}. Thank you for all"
    " that you do"
    " for them. {who}"
)
HONOURED_TOGETHER = Text(
    "Congratulations! Your neighbours have chosen you, together with {others}: {title} of {period} in"
    " {unit}. Thank"
    " you for all that you do for them. {who}"
)

# --- how one stands ------------------------------------------------------------------------------

STATES = {
    "draft": Text("not announced yet"),
    "nominating": Text("nominations are open"),
    "choosing": Text("nominations are being counted"),
    "ready": Text("ballots wait to be sent"),
    "voting": Text("votes are open"),
    "over": Text("over"),
    "stopped": Text("stopped"),
}
NONE_YET = Text("There is no round yet. Open one like this: {form}")
LISTED = Text("{number} {unit}, {title} of {period}: {state}")
NOMINATIONS = Text("{count} nominations by now, until {time}.")
VOTES = Text("· {unit}: {voted} of {people} have voted, until {time}.")

# --- commands ------------------------------------------------------------------------------------

FORM = Text("!honour this month")
FORM_SEND = Text("!honour send {number}")
FORM_STOP = Text("!honour stop {number}")
FORM_SHOW = Text("!honour {number}")
HELP = Text(
    "all below you nominate and choose the leader of a month or a year, by secret vote; alone, it lists"
    " rounds and"
    " results"
)
FORM_NOMINATE = Text("!nominate she looks in on the old people every day")
FORM_NOMINATE_BLOCK = Text("!nominate {unit} she looks in on the old people every day")
HELP_NOMINATE = Text(
    "you nominate the leader of your own block, or of one of yours by its name; write it to me alone"
)
