"""What the desk reads, derived from issues: warning levels, figures, words, and the feed of what changed.

One duty writes all of it (`escalator.projecting`); nothing else does, and no issue is changed here. Each
module has its table's readers; `counting` says what one issue is worth, `bringing` adds it up.

| module | what it tells |
|---|---|
| `levels`  | how much is piled up at a unit, and its warning level |
| `tallies` | received, answered in time, closed … by unit and week |
| `words`   | the issues in which something was said |
| `changes` | what changed after a line of the feed |
"""
