"""Importing files on the desk."""

from linzhang.words import Text

HEAD = Text("Import")
LEAD = Text(
    "Bring the units, their leaders, residents and places up to date from files. First you see what would "
    "change; nothing changes until you say so."
)
FILES = Text("Files")
FILES_HELP = Text(
    "CSV (in UTF-8) or XLSX, and GeoJSON for the borders on the map; up to {most} at once. What a table "
    "holds, its heading tells. What a file does not name stays as it is."
)
HAND_IN = Text("Show what would change")
NO_FILES = Text("Please choose a file first.")
TOO_MANY = Text("These are too many files: choose at most {most} at once.")
KEPT_HOW = Text("Files are kept encrypted, for an hour at most.")

YOURS = Text("What you have handed in")
STATES = {
    "waiting": Text("waits"),
    "looking": Text("is being looked at"),
    "wrong": Text("has mistakes"),
    "shown": Text("can be applied"),
    "wanted": Text("waits to be applied"),
    "applying": Text("is being applied"),
    "applied": Text("applied"),
    "broken": Text("was broken off"),
}

COLUMNS = Text("Which columns a file has")
COLUMNS_HELP = Text(
    "Write either name into the heading. Columns in bold are needed. An empty file with the heading can be "
    "downloaded for each kind."
)
DOWNLOAD = Text("Empty file")
ENGLISH_NAME = Text("English name")
CHINESE_NAME = Text("Chinese name")

WAITS = Text("Waits for a worker of the service …")
IS_LOOKED_AT = Text("The files are looked at …")
IS_APPLIED = Text("The changes go in …")
STAYS = Text("You may leave this page meanwhile: it goes on.")
WORKER_NEEDED = Text("If nothing happens for minutes, no worker is running.")

WOULD_CHANGE = Text("What would change")
HAS_CHANGED = Text("What has changed")
NOTHING = Text("These files change nothing: everything is in the service already.")
ROWS_IN_FILE = Text("{count} rows")
ROW_NUMBER = Text("Row {row}")
FEATURE_NUMBER = Text("Feature {row}")
A_MAP = Text("a map of borders")
FEATURES_IN_FILE = Text("{count} features")
AND_MORE = Text("… and {count} more")
APPLY_COUNT = Text("Apply these {count} changes")
DROP = Text("Put away")
DROPPED = Text("The files are put away. Nothing was changed.")
DIFFERS = Text(
    "Meanwhile somebody has changed the territory, so nothing was applied. This is what the files would "
    "change now: please look at it again."
)
WRONG_HEAD = Text("The files cannot be taken like this")
WRONG = Text("Nothing was changed. Correct the {count} mistakes in the files and hand them in again.")
BROKEN_HEAD = Text("It was broken off")
BROKEN = Text(
    "The service was stopped in the middle of it. Nothing was changed. Please hand the files in again."
)
APPLIED = Text("Everything is applied.")
ANOTHER = Text("Hand in other files")
