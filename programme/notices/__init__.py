"""Notices: what a leader lets all below know, and who has read it.

    writing ──► a draft, reckoned ──► sent by its author, and by a second pair of eyes where it goes to many
        ──► filling: one row for each person, collected unit by unit
        ──► sending: slices of them go to the outbox as the pace allows
        ──► progress, receipts, answers: what became of each
        ──► counting: the sums of that for each unit

A poll is a notice with options: what is its own stands in `programme.polls`.

All that waits is in the database; `escalator.noticing` does what is due of it.
"""
