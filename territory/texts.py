"""Every text of loading and looking over a territory: what is wrong, what changes, what the rules are.

Residents never see these; people at the command line and on the desk do. A text never holds a phone number.
"""

from linzhang.words import Text

# --- a file as a whole --------------------------------------------------------------------------

NOTHING_TAKEN = Text("Nothing was taken:")
ROW = Text("row {row}: {problem}")
AND_MORE = Text("… and {count} more")

CANNOT_BE_READ = Text("{file} cannot be read: {reason}.")
NOT_UTF8 = Text("{file} is not UTF-8: save it as 'CSV UTF-8', or as XLSX.")
NOT_CSV = Text("{file} is not CSV: {reason}.")
NOT_XLSX = Text("{file} is not XLSX, or is damaged: save it again as XLSX or as 'CSV UTF-8'.")
TOO_LARGE = Text("{file} is too large: split it into files of less than {rows} rows.")
EMPTY_FILE = Text("{file} is empty: the first row must be the heading.")
NO_FILES = Text("{folder} has none of {files}.")
COLUMNS_MISSING = Text("{file} looks like {kind}, but its heading has no column {columns}.")
COLUMN_UNKNOWN = Text("{file} looks like {kind}, but column '{column}' is not known. Known are: {columns}.")
COLUMN_TWICE = Text("{file}: the heading has column {column} twice.")
NO_SUCH_TIER_IN_FILE = Text("{file}: there is no {tier}.")
NOW_DIFFERENT = Text(
    "What would change is not what you have seen: somebody else changed it. Look at it again."
)

# --- any row ------------------------------------------------------------------------------------

EMPTY_ROW = Text("is empty: delete it.")
RAGGED_ROW = Text("has {cells} cells where the heading has {columns}.")
LOST_DIGITS = Text(
    "{column}: it is kept as a number and has lost its last digits: format the column as text."
)
BAD_CODE = Text("{column}: write 1 to {length} characters without spaces, commas or slashes.")
BAD_NAME = Text("{column}: write 1 to {length} characters.")
TOO_LONG = Text("{column}: write {length} characters at most.")
BAD_YES_NO = Text("{column}: write yes or no, or nothing where you do not know.")
BAD_NUMBER = Text("{column}: write a whole number.")
BAD_CHOICE = Text("{column}: '{written}' is not known: write {choices}.")
BAD_PHONE = Text("{column}: this is not a phone number: write it as {example}.")
BAD_MATRIX_ID = Text("{column}: write it as {example}.")
NO_UNIT = Text("there is no unit '{code}': load the units first.")
UNIT_CLOSED = Text("{code} is closed, it has become part of {into}: write {into} here.")
NOT_A_BLOCK = Text("{code} is not a {tier}: people and places are in one.")

# --- units --------------------------------------------------------------------------------------

ABOUT_UNIT = Text("{code}: {problem}")
CODE_TWICE = Text("it stands in an earlier row too: every unit needs a code of its own.")
TIER_MISSING = Text("tier: write one of {tiers}.")
TIER_UNKNOWN = Text("'{tier}' is not a tier of the profile: write one of {tiers}.")
TIER_NOT_PUBLISHED = Text("'{tier}' is not a tier of the divisions: write one of {tiers}.")
PARENT_NOT_IN_FILE = Text("its parent must be a {tier} of this file.")
ROOT_HAS_PARENT = Text("a {tier} stands at the top: leave parent_code empty.")
SECOND_ROOT = Text("there is a {tier} already, {code}: a programme has one.")
PARENT_UNKNOWN = Text("its parent '{code}' is neither in an earlier row nor in the database.")
PARENT_CLOSED = Text("its parent {code} is closed: take the unit that it has become part of.")
PARENT_OF_WRONG_TIER = Text("its parent {code} is a {found}, but above a {tier} stands a {above}.")
DEPARTMENT_TOO_LOW = Text("its parent is a {found}: a {tier} works for a unit from {top} to {bottom}.")
CARD_NOT_FOR_TIER = Text("card_code: only a {tier} has a card; leave it empty.")
CARD_INVALID = Text("card_code: a digit is wrong, missing or swapped.")
CARD_TAKEN = Text("card_code: it is on the card of {code}.")
CARD_CHANGED = Text("its card bears {card}: a card code stays as it was printed.")
TIER_CHANGED = Text("it is there as a {found}: a unit keeps its tier, so give the new one another code.")
CODE_CLOSED = Text(
    "it is closed, it has become part of {into}: delete this row, or give a new unit another code."
)
PATH_TOO_LONG = Text("its code and those above it have more than {length} characters together: shorten them.")
MERGE_UNKNOWN = Text(
    "merged_into: it is not in the database, so that nothing can be merged: delete this row."
)
MERGE_NO_TARGET = Text("merged_into: '{into}' is neither in an earlier row nor in the database.")
MERGE_WRONG_TIER = Text("merged_into: {into} is a {found}, and this one a {tier}: both must be of one tier.")
MERGE_TARGET_CLOSED = Text(
    "merged_into: {into} is closed, or is being merged itself: name the one that stays."
)
MERGE_ROOT = Text("merged_into: the unit at the top cannot be merged.")

# --- rosters ------------------------------------------------------------------------------------

POST_TWICE = Text("an earlier row gives this post of {code} to the same person: delete one.")
SECOND_LEADER = Text("{code} has a leader in row {row}: one leads, others are deputies.")
NUMBER_SHARED = Text("the same phone number stands beside '{name}': each needs a number of their own.")
NUMBER_OF_ANOTHER = Text(
    "this phone number is known for somebody of another name: correct the number or the name."
)
ACCOUNT_TAKEN = Text("matrix_id: it belongs to somebody else: each person needs an account of their own.")
LEADS_ANOTHER = Text("{name} leads another {tier} too: nobody leads two units of one tier.")
VACANT_DEPUTY = Text(
    "name: write the person's name. Only a leader's row without name and phone makes a post vacant."
)

# --- residents and places -----------------------------------------------------------------------

RESIDENT_TWICE = Text("row {row} has the same person: nobody lives in two places, delete one.")
NUMBER_IN_ROW = Text("row {row} has the same phone number: each needs a number of their own, or none.")
PLACE_TWICE = Text("row {row} has the same place: delete one.")

# --- further addresses ----------------------------------------------------------------------------

AS_IT_IS = Text("{problem}")
ADDRESS_TAKEN = Text("this address is known as somebody else's: each person needs one of their own.")
NOBODY_LEADS = Text("nobody leads {name}: load its roster first.")
NO_PHONE = Text("{name} has no telephone in the roster, and a leader needs one: write it into the roster.")
NO_SUCH_ADDRESS = Text("{name} has no such address.")

# --- what a load says -----------------------------------------------------------------------------

ROWS = Text("{file} ({kind}): {count} rows")
ROW_CHANGES = Text("row {row}: {words}")
DRY_RUN = Text("Nothing was changed: this was a dry run.")

# --- kinds of files and of changes ------------------------------------------------------------------

KINDS = {
    "units": Text("a file of units"),
    "roster": Text("a roster"),
    "residents": Text("a file of residents"),
    "places": Text("a file of places"),
}
CHANGES = {
    "new": Text("new here"),
    "renamed": Text("renamed"),
    "moved": Text("moved"),
    "merged": Text("merged"),
    "closed": Text("gone"),
    "changed": Text("changed"),
    "appointed": Text("new in their post"),
    "replaced": Text("leader changed"),
    "vacated": Text("post vacant"),
    "unchanged": Text("unchanged"),
}

#: What is being done while a bar is shown.
STAGES = {
    "reading": Text("rows are read"),
    "units": Text("units go in"),
    "leaders": Text("leaders go in"),
    "residents": Text("residents go in"),
    "places": Text("places go in"),
    "moves": Text("units are moved"),
    "merges": Text("units are merged"),
    "issues": Text("issues follow"),
}

# --- the rules of the programme -----------------------------------------------------------------

RULES = {
    "households": Text("A {block} has {fewest} to {most} households."),
    "vacant": Text("Every unit of the chain has a leader."),
    "two_leaders": Text("A unit has one leader, not several."),
    "two_units": Text("Nobody leads two units of one tier."),
    "closed_led": Text("Nobody leads a unit that is closed."),
    "orphan": Text("Every unit but the one at the top has a parent."),
    "tiers": Text("A unit stands below one of the next higher tier."),
    "path": Text("A unit's path is its parent's and its own code."),
    "childless": Text("Every unit above the lowest tier has units below it."),
    "uncovered": Text("Everybody who can be reached lives in a {block} or has a post."),
    "astray": Text("People, households and places are in a {block} that is there."),
    "two_blocks": Text("Nobody is in two places: who belongs to a household lives where it is."),
    "same_phone": Text("A phone number belongs to one person."),
}
ALL_WELL = Text("Every rule holds: {units} units, {people} people, {places} places.")
NOT_SO = Text("{rule} Not so: {examples}")
