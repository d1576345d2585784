"""Reads what the three parties have kept, each from its own records and in its own words."""
