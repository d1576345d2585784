"""The choice of a leader of the month or the year: opening a round, how it stands, its results."""

from linzhang.words import Text

HEAD = Text("Leaders chosen")
ABOUT = Text(
    "All below a unit nominate the leader of their block, then choose, by secret vote, each once. Each"
    " block counts"
    " alike, large or small, and results stand beside the figures."
)
OPEN_ONE = Text("Open a round")
UNIT = Text("For the blocks of")
PERIOD = Text("For the month or the year")
NOMINATE_DAYS = Text("Days for nominations")
VOTE_DAYS = Text("Days for votes")
BY_TEXT = Text("Announce it to residents too, by text")
OPEN = Text("Write the announcement")
NO_UNIT = Text("There is no unit {code} of yours.")
LATEST = Text("The latest")
NONE = Text("There is none yet.")
BY = Text("{name}, {time}")
OF = Text("{unit}, {title} of {period}")
ANNOUNCEMENT = Text("The announcement")
LOOK_OVER = Text("Look the announcement over and send it: nominations are open as soon as it goes out.")
UNTIL = Text("until {time}")

NOMINATIONS = Text("Nominations")
COUNT = Text("{count} by now")
WHO_IS_HIDDEN = Text("By whom is shown to nobody.")
NOMINATE = Text("Nominate a leader")
BLOCK = Text("Code of the block: your own, or one of yours")
REASON = Text("Why")
DO_NOMINATE = Text("Nominate")

BALLOTS = Text("The ballots")
PLACE = Text("Where")
CANDIDATES = Text("Candidates")
NOT_ENOUGH = Text("Too few were nominated: nobody is asked to vote.")
SEND_TO = Text("They go to {people} people, with {texts} texts at most.")
SEND = Text("Send them")
ASK = Text("Ask for a second pair of eyes")
ASKED_OF = Text("{names} can look at it and let it go.")
ASKED_NOBODY = Text("Nobody else answers for this unit or for one above it.")
LET_GO = Text("It is right, let it go")
STOP = Text("Stop the round")

TURNOUT = Text("Have voted")
VOTED = Text("{voted} of {people}")
SECRET = Text("Who has chosen whom is shown to nobody, and forgotten when it is counted.")

RESULTS = Text("Results")
NAME = Text("Name")
BLOCK_NAME = Text("Block")
NOMINATED = Text("Nominated by")
VOTES = Text("Votes")
POINTS = Text("Points")
IN_TIME = Text("Answered in time")
CLOSED = Text("Closed")
RATING = Text("Satisfaction")
WON = Text("first")
WON_TOGETHER = Text("equal first")
NOBODY = Text("Nobody has voted.")
RULE = Text(
    "Points: of each block the share of its households' voices that a candidate has, of those that voted;"
    " of this the"
    " lower bound of Wilson's interval at 95 %, so that few are worth less than many; and all blocks"
    " together."
)
FIGURES_OF = Text("The figures are those of the block's reports in the period, when it was counted.")
SAVE = Text("Save as CSV")
FILE = Text("leaders chosen")
