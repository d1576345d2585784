"""What leaders can do to an issue on its page, and what is said when it is done."""

from typing import Final

from linzhang.words import Text

DEEDS = Text("What to do")
WORDS = Text("Your words")
WORDS_HINT = Text("Words only; pictures go from the chat.")
ANSWER = Text("Send to the resident")
NOTE = Text("Keep as an inside note")
DONE = Text("Done")
DONE_HINT = Text("Done asks the resident. What stands above is sent before.")
ACCEPT = Text("I am on it")
UNDO = Text("Take 'done' back")
UP = Text("Pass up to {unit}")
UP_PLAIN = Text("Pass up")
REFER = Text("Refer to a department")
DEPARTMENT = Text("Department")
RETURN = Text("Return from the department")
MAKE_URGENT = Text("It is urgent")
URGENT_HINT = Text("Everybody up the chain hears at once, and the leader is called.")
CALM = Text("It is not urgent")
MERGE = Text("Same as another one")
MERGE_INTO = Text("No. of the other one")
MERGE_DO = Text("Make it part of that one")
ALIKE = Text("May be the same:")
SPLIT = Text("Split off")
SPLIT_WHICH = Text("Which words become an issue of their own?")
SPLIT_DO = Text("Split off")
WITHDRAW = Text("It needs nothing")
WITHDRAW_DO = Text("Withdraw it")
REASON = Text("Why")
REASON_OPTIONAL = Text("Why (may be left out)")
CALL = Text("Show the number")
CALL_HINT = Text("Each look is recorded.")
CALL_NOW = Text("Call {name}: {phone}")
CALL_ONCE = Text("The number is shown this once.")
ELSEWHERE = Text("It is part of no. {number}. Whatever is to be done is done there.")

NEED_WORDS = Text("Please write what you want to say.")
NEED_REASON = Text("Please write why.")
NEED_CHOICE = Text("Please choose one.")

#: What is said on the next page.
TOLD: Final = {
    "accept": Text("The resident hears that you are on it."),
    "answer": Text("Sent to the resident."),
    "note": Text("Noted. The resident does not see it."),
    "done": Text("Done. The resident is asked."),
    "undo": Text("Taken back. It is open again."),
    "up": Text("Passed up."),
    "refer": Text("Referred."),
    "return": Text("Returned."),
    "urgent": Text("Urgent now. Everybody up the chain hears of it."),
    "calm": Text("It has its usual time again."),
    "merge": Text("It is part of the other one now."),
    "split": Text("Split off."),
    "withdraw": Text("Withdrawn. The resident is told why."),
    "call": Text("The number was shown already; press once more to see it."),
}
