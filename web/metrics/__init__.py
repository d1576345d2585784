"""`/metrics` for Prometheus: the loop's figures, the queues, and what carriers say, read from the database.

Each module reads one of them, `read(settings)`, when somebody scrapes; `scraping` keeps that for some seconds
and guards the door. No label names a person, a unit or a number: tiers, states and deliverers only.
"""
