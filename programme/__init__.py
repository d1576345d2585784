"""What the programme does besides issues: what goes down the tree, and in time what comes up it.

It stands on `issues` (who leads what, how people are reached, the outbox' rows) and knows nothing of rooms or
pages, which are built on it. Each duty is a package of its own with its tables in `models/`.
"""
