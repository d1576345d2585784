"""What offices and leaders are told of those who are to be encouraged. Translations stand in `locale/`."""

from linzhang.words import Text

# --- to a leader: words of an office, which it may change before they go -----------------------

WORD_SILENT = Text(
    "{name}, we have not heard from you for a while. Are you well? If something is hard for you, tell me, and"
    " we will find a way together."
)
WORD_MISSED = Text(
    "{name}, much comes to you these days, I see. If it is too much, pass it up, that is no shame; and tell"
    " me how I can help."
)
WORD_CONTENT = Text(
    "{name}, thank you for being there for your neighbours. If you like, let us talk about what they wish"
    " for, and what you need for it."
)
WORD_THANKS = Text("{name}, thank you for being there for your neighbours. If you need something, tell me.")
WORD_FROM = Text("{words} ({who})")

# --- why somebody is on the list -----------------------------------------------------------------

SILENT = Text("nothing heard since {day}")
MISSED = Text("{count} windows passed in {days} days")
CONTENT = Text("only {share}% are content")

KINDS = {
    "word": Text("a kind word"),
    "talked": Text("talked with them"),
    "deputy": Text("given a deputy"),
    "replaced": Text("replaced"),
    "none": Text("no step needed"),
}

# --- commands ------------------------------------------------------------------------------------

LISTED = Text("· {unit} {name}: {reasons}")
LIST_END = Text("A kind word: {word}\nWhat was done: {note}")
MORE = Text("The desk has all {count}.")
NOBODY = Text("Nobody below you seems to need a word or help.")
SENT = Text("{name} hears from you: {words}")
NOTED = Text("Noted for {name}: {kind}. They are off the list until {time}.")
NOT_ABOVE = Text("Only whoever answers for a unit above {unit} can do that.")
NOT_LISTED = Text("{name} is not on your list.")
SEVERAL_LISTED = Text("Several on your list are called {name}. Please write the unit before the name.")
UNREACHABLE = Text("{name} cannot be reached in writing. Please call them, or go there.")
NO_LINKS = Text("Please leave out links: people have learnt not to press any. Say it in words.")
TOO_LONG = Text("Please write at most {most} characters.")
ALONE_ONLY = Text("Please write that to me alone: others read along here.")

FORM = Text("!encourage")
FORM_WORD = Text("!encourage Zhou Qiang")
FORM_NOTE = Text("!encourage note Zhou Qiang talked: his mother is ill")
HELP = Text(
    "leaders below you who are long silent, often late, or with whom few are content; a kind word to one,"
    " or what was done; to you alone"
)
