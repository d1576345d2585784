"""Voice: calls between phones and the application, walked through by the TwiML that it answers.

Stands on the parts that the carrier's messages use: the store, the webhooks, the faults. It must
never sleep for a caller: what a phone does next, somebody tells through the control API.
"""
