"""The page of webhooks' targets."""

from escalator.webhooks.targets import Event
from linzhang.words import Text

HEAD = Text("Addresses that are told of changes")
ABOUT = Text(
    "When something changes in your units, we tell another system at an address that you give. It hears "
    "numbers, states and times, never what somebody said, and never a telephone number."
)
KEYS = Text("Keys for programmes")
NONE = Text("Nobody is told.")
MADE = Text("With this secret the other system knows our messages. It is shown this once: copy it now.")
MAKE_HEAD = Text("Tell an address")
ADDRESS = Text("Address")
UNIT = Text("At which unit and below? Its code")
EVENTS = Text("Of what?")
MAKE = Text("Tell it from now on")
REMOVE = Text("Remove")
REMOVED = Text("It is told nothing more.")
ENABLE = Text("Tell it again")
ENABLED = Text("It is told again, of what happens from now on.")
WORKS = Text("is told")
FAILING = Text("has failed since {time}; we try again")
GIVEN_UP = Text("given up on {day}: it failed for days")
NO_UNIT = Text("There is no unit {code} that is yours.")

EVENT_NAMES = {
    Event.ISSUE: Text("Issues that come or change"),
    Event.LEVEL: Text("Warning levels that change"),
}
