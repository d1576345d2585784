"""Every text of the yearly audit: on paper, on the terminal, on the desk."""

from linzhang.words import Text
from territory.yearly import numbers

NO_SUCH_UNIT = Text("There is no unit {code}.")
WRONG_YEAR = Text("{year} cannot be counted now: the roster is what it is today. Write {this} or {last}.")
NOT_FROZEN = Text("{year} is not frozen for {code}: freeze it first.")
SIGNED = Text("{year} was signed off for {name} by {who} on {day}: its numbers stay as they are.")
TAMPERED = Text("The numbers of {code} for {year} are not those that were frozen: freeze it again.")

FROZEN = Text("{year} is frozen for {name}: {leaders} leaders, {vacant} posts vacant. Fingerprint {digest}.")
SIGNED_OFF = Text("{year} is signed off for {name}. Fingerprint {digest}.")
LISTED = Text("{year} {code} {name}: {state}")
SIGNED_SHORT = Text("Signed off.")

TITLE = Text("{name}: yearly audit of the roster, {year}")
COUNTED_BY = Text("Counted on {day} by {who}.")
SIGNED_BY = Text("Signed off on {day} by {who}.")
DRAFT = Text("Draft, not signed off.")
FINGERPRINT = Text("Fingerprint {digest}: the same numbers have the same one.")
NO_LAST_YEAR = Text("{last} was not frozen, so that there is nothing to compare with.")

TOTALS = Text("Numbers")
WHAT = Text("What")
DIFFERENCE = Text("Difference")
BY_TIER = Text("By {tier}")
CODE = Text("Code")
CHANGE = Text("Leaders, difference")
VACANT = Text("Posts vacant")

COUNTER = Text("Counted by:")
SIGNER = Text("Signed by:")
SEAL = Text("Date and seal:")

WHATS = {
    numbers.HOUSEHOLDS: Text("Households"),
    numbers.RESIDENTS: Text("Residents listed"),
    numbers.PLACES: Text("Places"),
    numbers.POSTS: Text("Posts of leaders"),
    numbers.LEADERS: Text("Leaders"),
    numbers.DEPUTIES: Text("Deputies"),
    f"{numbers.CHOSEN}recommended": Text("Leaders recommended by neighbours"),
    f"{numbers.CHOSEN}volunteered": Text("Leaders who volunteered"),
    f"{numbers.CHOSEN}appointed": Text("Leaders appointed"),
    f"{numbers.CHOSEN}": Text("Leaders of whom it is not known"),
    numbers.PARTY_MEMBERS: Text("Leaders in the Party"),
    numbers.SMARTPHONES: Text("Leaders with a smartphone"),
    numbers.ILL_SIZED: Text("Units with too few or too many households"),
    numbers.BEGAN: Text("Leaders who began in the year"),
    numbers.ENDED: Text("Leaders who ended in the year"),
    numbers.CLOSED: Text("Units merged or closed in the year"),
}
