"""Door to door: leaders go to every household of their blocks, say something, ask, and tell what they found.

opening ──► a draft, with what it comes to ──► let go, or dropped
    ──► telling: block by block a list of its households, to its leader alone
    ──► reading ──► reporting: who was there, what they answered, what was said; a trouble becomes an issue
    ──► counting: the sums, unit by unit ──► standing: how it stands, and what was learnt
    ──► reminding: half-way and near the end, whoever has not begun ──► ending: what it came to

Counts are for all above. Households, and what was said at their doors, are for few: `seeing`.
"""
