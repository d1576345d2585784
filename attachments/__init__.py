"""What people send besides words: which kinds are taken, and how each is made fit to be shown.

Knows bytes and nothing else: no platform, no issue, no table. What strangers send is opened only in a
process of its own, which has limits and can be killed (`attachments.workshop`).
"""
