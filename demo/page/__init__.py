"""The demo page: residents' phones on the left, leaders' rooms on the right, both live.

A process of its own that talks to the carrier and the homeserver as any phone and any Matrix client
would. It must never import the application, and never learn anything that they would not tell it.
"""
