"""What the API says when it cannot do something: each sentence tells what to do about it."""

from linzhang.words import Text

NO_TOKEN = Text("Send a token in the header {header}. Leaders make tokens on the desk, at {address}.")
UNKNOWN_TOKEN = Text(
    "This token does not count: it is unknown, has ended or was revoked. Make another one at {address}."
)
NO_RIGHT = Text("This token does not have the right {right}. Make one that has it, at {address}.")
LEADS_NOTHING = Text(
    "The owner of this token leads none of the units that it is for. The roster says who leads what."
)
TOO_MANY = Text("There were too many requests with this token. Wait {seconds} seconds, then ask less often.")
NOT_THERE = Text("There is no such thing, or it is not yours to see. Check the number or the code.")
NO_ADDRESS = Text("There is nothing at this address. All addresses are listed at {address}.")
WRONG_METHOD = Text("This address does not take {method}, but {allowed}.")
NOT_UNDERSTOOD = Text(
    "Something in the request is not as it should be: see {where}, mend it and send it again."
)
NO_DEPARTMENT = Text("No department that can take this issue has the code {code}. There are: {codes}.")
KEY_REUSED = Text("This {header} was sent before with another request. Use a new one for each request.")
BROKEN = Text("Something went wrong on our side. Try again in a minute.")
