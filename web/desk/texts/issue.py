"""One issue: how it stands, its story, and what became of what was sent."""

from typing import Final

from linzhang.words import Text
from models import Action

HEAD = Text("No. {number}")
BACK = Text("To the board")
PRIVATE = Text("Private")
URGENT = Text("Urgent")
OVERDUE = Text("Overdue")
HIDDEN = Text("This is private: it was told to the leader who has it, and only they read it.")

# --- how it stands ---
STANDING = Text("How it stands")
ANSWERS_NOW = Text("Answers now")
NOBODY = Text("Nobody yet: it is not known where the resident lives")
ON_IT = Text("Is on it")
DUE = Text("Until")
DUE_AT = Text("{time}, {left}")
WHO = Text("Who")
PLACE = Text("Where")
REPORTED = Text("Reported")
THROUGH = Text("{time}, through: {bridge}")
FROM = Text("Referred by")
RATING = Text("Mark")
RATED = Text("{rating} of 5")
PART_OF = Text("Part of")
PARTS = Text("Parts")
IN_ROOM = Text("Open its post in the chat")
THE_OTHER = Text("No. {number}")

# --- its story ---
STORY = Text("Story")
A_RESIDENT = Text("A resident")
INSIDE = Text("Inside note: the resident does not see it")
TAKEN_BACK = Text("Taken back")
PICTURE = Text("Picture {number}, of {name}")
OPEN_PAPER = Text("Open the paper")
SOUND = Text("Sound")
FILM = Text("Film")
NOTHING_YET = Text("Nothing yet")
STEPS: Final = {
    Action.REPORT: Text("{name} reported it"),
    Action.PLACE: Text("{name} said where it is: {parent}"),
    Action.ADD: Text("{name} said more"),
    Action.ANSWER: Text("{name} answered"),
    Action.SAY: Text("{name} said more to the resident"),
    Action.CORRECT: Text("{name} corrected their words; before, they were:"),
    Action.RETRACT: Text("{name} took their words back"),
    Action.RESOLVE: Text("{name} says: done"),
    Action.CONFIRM: Text("The resident says: solved"),
    Action.REJECT: Text("The resident says: not solved. {parent} has it now"),
    Action.PASS_UP: Text("{name} passed it up to {parent}"),
    Action.ESCALATE: Text("Not in time by {unit}: went up to {parent}"),
    Action.REMIND: Text("A window passed; {parent} was reminded"),
    Action.ACCEPT: Text("{name} is on it"),
    Action.URGENT: Text("Urgent: everybody up the chain is told"),
    Action.PRIVATE: Text("Private from now on"),
    Action.REFER: Text("{name} referred it to {parent}"),
    Action.RETURN: Text("Back from {unit} to {parent}"),
    Action.MERGE: Text("It has become part of no. {reason}"),
    Action.SPLIT: Text("{name} split off no. {reason}"),
    Action.WITHDRAW: Text("{name} says: it needs nothing any more"),
    Action.LAPSE: Text("Closed, as the resident said nothing"),
    Action.VACANT: Text("Nobody answers for {unit} now: on to {parent}"),
    Action.RATE: Text("The resident gives {reason} of 5"),
    Action.CALL: Text("{name} looked up the resident's number"),
    Action.UNDO: Text("{name} took 'done' back"),
    Action.CALM: Text("{name} says: not urgent"),
    Action.REARRANGE: Text("Units were rearranged: from {unit} to {parent}"),
}
SPLIT_FROM = Text("Split off from no. {reason}")
ASKED_AGAIN = Text("The resident was asked once more whether it is solved")

# --- what became of what was sent ---
WAITING = Text("waits to be sent")
HELD = Text("held until {time}")
TRIED = Text("waits; tried {count} times")
GOING = Text("on its way")
GONE = Text("sent")
ARRIVED = Text("delivered")
READ = Text("read")
HEARD = Text("call was answered")
REFUSED = Text("not taken by the carrier")
STOPPED = Text("stopped before it was sent")
WHY_LOST = Text("not delivered: {why}")
NOT_PICKED_UP = Text("nobody picked up")
BUSY = Text("the line was busy")

#: What the carrier's codes mean (`issues.remedies`).
WHY: Final = {
    11200: Text("the carrier could not fetch what goes along"),
    11751: Text("what goes along is too large for the carrier"),
    12300: Text("what goes along is of a kind that the carrier does not take"),
    21211: Text("it is no phone number"),
    21217: Text("it is no phone number"),
    21610: Text("the person wants no messages"),
    21614: Text("it is no mobile phone"),
    21635: Text("it is a landline"),
    30001: Text("the carrier's queue was full"),
    30002: Text("our account with the carrier is suspended"),
    30003: Text("the phone is off or out of reach"),
    30004: Text("the phone or its network blocks our texts"),
    30005: Text("nobody knows the number any more"),
    30006: Text("it is a landline, or its network takes no texts"),
    30007: Text("the network filtered it out"),
    30008: Text("the network does not say why"),
    30011: Text("the phone's network takes no pictures"),
    30017: Text("the network was congested"),
    30019: Text("what goes along is too large for the phone's network"),
    30034: Text("our number is not registered with the network"),
    30036: Text("it waited too long in the carrier's queue"),
    63003: Text("the number has no account there"),
    63005: Text("what goes along is not taken there"),
    63013: Text("the channel's rules do not allow it"),
    63014: Text("the person has blocked us there"),
    63016: Text("the person wrote too long ago for free words there"),
    63018: Text("too much was sent there at once"),
    63019: Text("what goes along could not be fetched"),
    63021: Text("what goes along is of a kind that is not taken there"),
}
WHY_UNKNOWN = Text("the carrier's code {code}")
MEDIA_GONE = Text("This can no longer be shown.")
MEDIA_AWAY = Text("This cannot be had right now. Please try again in a minute.")
