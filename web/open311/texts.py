"""What Open311's clients are told."""

from linzhang.words import Text

NO_KEY = Text("{name} is missing or does not count. Leaders make keys on the desk, at {address}.")
NO_RIGHT = Text("This key does not have the right {right}. Make one that has it, at {address}.")
TOO_MANY = Text("There were too many requests with this key. Wait {seconds} seconds, then ask less often.")
NOT_FOUND = Text("{name} was not found.")
MISSING = Text("{name} was not provided.")
WRONG = Text("{name} is not as it should be: {example}.")
TOO_LONG = Text("{name} has more than {limit} characters.")
NO_PLACE = Text("Say where it is, by {names}.")
NOT_HERE = Text("{name} is not in the area of this key.")
TOO_WIDE = Text("From {start} to {end} there are more than {days} days: ask for less.")
TURNED_OFF = Text("Reports are not taken at the moment. Try again later.")
BROKEN = Text("Something went wrong on our side. Try again in a minute.")
NO_ADDRESS = Text("There is nothing at this address.")

GENERAL = Text("Neighbourhood issues")
GENERAL_ABOUT = Text("Anything that needs doing in the neighbourhood. Its block leader answers.")
DEPARTMENT_ABOUT = Text("For {department}. The block leader answers first and refers it.")
GROUP = Text("Neighbourhood")
NOTICE = Text("The block leader answers within {time}.")
HOW_TO_GET_A_KEY = Text("Leaders make keys on the desk, at {address}.")
CONTACT = Text("The office of {programme}")
