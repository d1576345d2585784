"""Open311 GeoReport v2, both ways: civic apps report issues, departments' systems read and close theirs.

The specification: https://wiki.open311.org/GeoReport_v2. Where it leaves something open, or we go beyond it,
docs/api.md says so.
"""
