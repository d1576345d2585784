"""Chaos: a thousand residents on the real stack while everything dies, and a proof that nothing was lost.

`script` writes from a seed what is to happen; `stage`, `residents`, `leaders` and `blows` let it happen;
`reading` collects what the carrier, the homeserver and the database have kept of it, and `rules` decide. What
decides knows nothing of the service but its tables: it imports none of its code.
"""
