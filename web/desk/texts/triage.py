"""What has got stuck, and how it is mended."""

from linzhang.words import Text

HEAD = Text("To mend")
ALL_WELL = Text("Nothing is stuck here. Well done.")

UNPLACED = Text("Nobody knows where they live")
UNPLACED_SAYS = Text("No. {number} is from a number that is in no roster, so no block has it.")
STRANGER = Text("Unknown sender")
WHERE = Text("Where they live")
WHERE_HELP = Text("Name or code of the unit, such as the village and the block")
PLACE = Text("Place")
NO_UNIT_CALLED = Text("No unit is called “{words}”. Try a part of its name, or its code.")
WHICH_UNIT = Text("Several units are called so. Which one is it?")
PLACED = Text("No. {number} is with {unit} now, and so is whoever reported it.")

UNDELIVERED = Text("Words that have not arrived")
UNDELIVERED_SAYS = Text("{name} has not got this about no. {number}.")
WHY_STOPPED = Text("They have asked for no more messages.")
WHY_FIXED = Text("It is a telephone that takes no text messages.")
WHY_REFUSED = Text("It was refused for good.")
WHY_UNREACHED = Text("The phone is off, out of reach, or the number is not in use.")
CODE = Text("Code {code}")
PRIVATE = Text("The words are private.")
SEND_AGAIN = Text("Send again")
TOLD_BY_PHONE = Text("I told them by phone")
TOLD_IN_PERSON = Text("I told them in person")
SENT_AGAIN = Text("It is being sent again.")
NOTED = Text("Noted: they have been told.")

FLOODING = Text("Too many texts from one sender")
FLOODING_SAYS = Text("{name} has sent more than anybody writes. {count} messages are held, none is lost.")
KEPT_OUT_SAYS = Text("{name} is kept out until {time}. {count} messages are held, none is lost.")
LAST_OF_THEM = Text("The last one: “{words}”")
LET_THROUGH = Text("Let through")
KEEP_OUT = Text("Keep out")
WERE_LET_THROUGH = Text("They are let through: {count} messages go their way now.")
IS_KEPT_OUT = Text("Nothing of theirs is read for a while; it is kept all the same.")

VACANT = Text("Posts that nobody has")
VACANT_SAYS = Text("{unit} has no leader.")
GOES_TO = Text("Its issues go to {leader}.")
WHO = Text("Name of somebody who lives there or leads a part of it")
APPOINT = Text("Appoint")
ASK_ADMIN = Text("The administration fills it, here or by the roster.")
HAS_LEADER = Text("{unit} has a leader already.")
NOBODY_CALLED = Text("Nobody in {unit} is called “{words}”.")
WHICH_PERSON = Text("Several people are called so. Who is it?")
APPOINTED = Text("{name} leads {unit} from now on.")

UNCONNECTED = Text("Leaders without a chat account")
UNCONNECTED_SAYS = Text("{name}, {unit}, is reached by text and calls only.")
INVITE = Text("Send a code")
INVITED = Text("{name} gets a code by text, with which they tie their account.")
NO_MOBILE = Text("{name} has no mobile phone in the roster.")

FAILED = Text("What the service could not do")
FAILED_EFFECT_SAYS = Text("In a room: {what} failed. {error}")
FAILED_ABOUT = Text("In a room, about no. {number}: {what} failed. {error}")
FAILED_EVENT_SAYS = Text("What came in through {bridge} could not be worked on: {error}")
RUN_AGAIN = Text("Try again")
RUN_ALL_AGAIN = Text("Try all of these again")
TRIED_AGAIN = Text("{count} are tried again.")
ROOM_DEEDS = {
    "show": Text("posting it"),
    "hide": Text("taking it out"),
    "state": Text("showing how it stands"),
    "say": Text("saying a line"),
    "relay": Text("passing words on"),
    "invite": Text("inviting somebody"),
    "mend": Text("putting the room in order"),
    "whisper": Text("a word in private"),
}
OTHER_DEED = Text("a step")

CHOOSE = Text("This one")
BACK = Text("Back")
AND_OTHERS = Text("There are more; they come up as these are mended.")
