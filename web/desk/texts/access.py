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
WITH_PASSWORD = Text("Or with your chat account")
ACCOUNT = Text("Account")
PASSWORD = Text("Password")
CITY_LOGIN = Text("Sign in with the city's login")
NO_HOMESERVER = Text(
    "We know no such account. Please write it as it stands in your chat, or ask for a link there."
)
WRONG_PASSWORD = Text("Name or password is not right.")
TOO_OFTEN = Text("That was tried too often. Please wait a quarter of an hour, or ask for a link in chat.")
HOMESERVER_AWAY = Text("The chat server does not answer right now. Please try again in a minute.")
NO_POST = Text("The roster has no post for this account. Please ask the leader above you.")
OIDC_FAILED = Text("The city's login did not let you in. Please try again, or ask for a link in chat.")
