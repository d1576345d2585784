"""Signed webhooks to other systems: who is told, what, and how it gets there.

    the feed of changes ──► `hooking`, a duty: a row of the outbox for each target and line
                        ──► `delivery`: address checked, body signed, POST
    failing for days    ──► given up, and shown on the desk

A delivery can come twice, with the same `webhook-id`: the receiver keeps these. It never has words of
anybody, nor a telephone number.
"""
