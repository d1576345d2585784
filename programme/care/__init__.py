"""Care: who lives alone, is very old, disabled, or a child left behind, is asked whether they are well.

    recording ──► a record, with consent ──► times: its next moment stands in a column
        ──► asking: 'are you well? 1' ──► no answer ──► asking once more, gently ──► no answer
        ──► knocking: an urgent issue for the block's leader ──► visits: somebody went there
    answers: a '1', or whatever else they write, is a sign of life at each of these steps
    rounds: all of a unit and below are asked once more, in a heat wave or at a festival

All that waits is in the database; `escalator.caring` does what is due of it. Names are for few: `seeing`.
"""
