"""Bridges on the desk, and the record of what administrators and leaders have done."""

from linzhang.words import Text

HEAD = Text("Bridges")
LEAD = Text(
    "The ways on which words come in and go out. While a bridge is off, what is to go out waits, and what "
    "comes in is not accepted: the platform brings it again later."
)
#: What a bridge is called; others, and networks, by their own names.
NAMES = {
    "sms": Text("Text messages"),
    "voice": Text("Telephone calls"),
    "wecom": Text("WeCom"),
    "email": Text("E-mail"),
    "rooms": Text("Rooms"),
    "media": Text("Pictures and sounds"),
    "ties": Text("Tied groups"),
}
#: These are called so in every language.
BRANDS = {"matrix": "Matrix", "whatsapp": "WhatsApp", "telegram": "Telegram"}
ON = Text("On")
OFF = Text("Off")
OFF_SINCE = Text("Off since {time}")
BY = Text("by {name}")
WAITING = Text("Waiting")
FAILED = Text("Failed in {days} days")
LAST_SENT = Text("Last sent")
NEVER = Text("never")
NEEDED = Text("The service stands on it: it cannot be turned off.")
WHY = Text("Reason")
TURN_OFF = Text("Turn off")
TURN_ON = Text("Turn on")
TURN_OFF_ASK = Text("Turn off …")
IS_OFF = Text("{name} is off. Nothing is lost: it waits.")
IS_ON = Text("{name} is on again. What has waited goes out.")

TIES = Text("Groups that are tied to a room")
NO_TIES = Text("No group is tied to a room.")
UNTIE = Text("Untie")
UNTIED = Text("The group is no longer tied to the room of {name}.")
ROOMS = Text("Rooms that are bridged to other networks")
NO_ROOMS = Text("No room is bridged to another network.")
ROOMS_HELP = Text("The leader ends it in the room, with !bridge off and the name of the network.")
UNIT = Text("Unit")
GROUP = Text("Group")
BRIDGE = Text("Bridge")
NETWORK = Text("Network")
SINCE = Text("Since")
WHO = Text("Done by")
STATE = Text("State")
ROOM_STATES = {
    "joining": Text("is being connected"),
    "rejoining": Text("is being connected again"),
    "on": Text("connected"),
    "leaving": Text("is being ended"),
    "failed": Text("failed"),
    "off": Text("ended"),
}
AND_MORE = Text("… and {count} more")

DEEDS = Text("What was done")
NO_DEEDS = Text("Nothing yet.")
WHEN = Text("When")
WHAT = Text("Deed")
SUBJECT = Text("To what")
DETAIL = Text("Details")
OLDER = Text("Older")
ACTIONS = {
    "bridge off": Text("bridge turned off"),
    "bridge on": Text("bridge turned on"),
    "chat tied": Text("group tied"),
    "chat untied": Text("group untied"),
    "room bridged": Text("room bridged"),
    "room unbridged": Text("room's bridge ended"),
    "import": Text("files imported"),
    "sent again": Text("message sent again"),
    "told in person": Text("told in person"),
    "told by phone": Text("told by phone"),
    "appointed": Text("leader appointed"),
    "run again": Text("failed steps tried again"),
}
