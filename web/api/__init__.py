"""The JSON API below `/api/v1`: what leaders see and do, for programmes that come with a token.

A module of `routes` for each kind of thing; `access` says who calls, `problems` what was wrong, `repeating`
does nothing twice. Nothing here is seen or done that the token's owner could not see or do on the desk, and
no telephone number is ever given out.
"""
