"""What every part stands on: settings, clock, territory profile, secrets, words.

Nothing in here knows a platform, a table's meaning or a rule of the programme beyond
what the territory profile says as data.
"""
