"""The way in."""

from linzhang.words import Text

SIGN_IN = Text("Sign in")
WELCOME = Text("You come in as {name}.")
ENTER = Text("Come in")
TICKET_ENDED_HEAD = Text("This link has ended")
TICKET_ENDED = Text(
    "A link opens the desk once and for fifteen minutes. Please write !desk to the service again."
)
HOW = Text("Write !desk to the service in your chat. It sends you a link, for you alone.")
SIGNED_OUT = Text("You are signed out.")
