"""A leader's own page of good work: what they did in a year, and the kind words that residents had for it.

For themselves and those above. `reading` counts, from their own deeds alone; `quoting` says which words of
residents may stand there without their names; `shown` says it in lines.
"""
