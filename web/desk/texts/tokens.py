"""The page of tokens."""

from linzhang.words import Text
from web.access.tokens import Right

HEAD = Text("Keys for programmes")
ABOUT = Text(
    "With a key a programme does in your name what you allow it here, in your units and below them. "
    "A key never shows telephone numbers."
)
HOW = Text("How programmes use them")
WEBHOOKS = Text("Addresses that are told of changes")
NONE = Text("You have no keys.")
MADE = Text("This is the key. It is shown this once: copy it now and keep it as a password.")
MAKE_HEAD = Text("Make a key")
NAME = Text("What is it for?")
NAME_HINT = Text("So that you know it again, such as 'the water works'")
RIGHTS = Text("What may it do?")
UNITS = Text("In which units?")
UNITS_HINT = Text("Codes, with blanks between them; empty: in all of yours")
DAYS = Text("For how many days?")
MAKE = Text("Make the key")
REVOKE = Text("Revoke")
REVOKED = Text("The key '{name}' counts no more.")
UNTIL = Text("until {day}")
ENDED = Text("has ended")
NEVER_USED = Text("never used")
LAST_USED = Text("last used {time}")
ALL_UNITS = Text("all your units")
NO_SUCH_UNIT = Text("There is no unit {code} among yours.")

RIGHT_NAMES = {
    Right.READ_ISSUES: Text("Read issues and what was said in them"),
    Right.WRITE_ISSUES: Text("Answer, pass on and close issues"),
    Right.REPORT_ISSUES: Text("Report issues for residents"),
    Right.READ_UNITS: Text("Read units, their leaders and warning levels"),
    Right.READ_FIGURES: Text("Read figures"),
}
