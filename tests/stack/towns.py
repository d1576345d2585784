"""In which of the two towns a test is lived that does not need both.

Without one of these marks a test is lived on SQLite and again on PostgreSQL: what is locked, claimed, lost
or found there must hold on both. Whatever depends on no database is lived on one of them.
"""

import pytest

#: For what is lived on SQLite already, as a dialogue of tests/dialogues or in tests/issues, besides all that
#: depends on no database.
ON_POSTGRES = pytest.mark.parametrize("town", ["postgres"], indirect=True)

ON_SQLITE = pytest.mark.parametrize("town", ["sqlite"], indirect=True)
