"""Leaders to be encouraged or helped: who has long been silent, is often late, or few are content with.

looking ──► a concern for each of whom something says so, made anew each day
    ──► standing: the list of an office ──► stepping: a kind word, or what was done; off it for a while

`escalator.encouraging` goes round all leaders once a day; nothing is decided about anybody by itself.
"""
