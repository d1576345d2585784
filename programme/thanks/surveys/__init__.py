"""Surveys: a few residents, drawn so that nobody can choose them, are asked whether they are content.

opening ──► listing: whom it could ask, block by block ──► the list's digest and that of a secret are told
    ──► others add words of their own ──► drawing: by the secret, the list and these words
    ──► asking: one short text, one reminder at most ──► answers: a digit, added to the sums of the block
    ──► ending: the secret is shown, and what came of it ──► proof: who likes draws once more
results: shares with their intervals; of one leader only where enough have answered

All that waits is in the database; `escalator.surveying` does what is due of it.
"""
