"""Writes a table as CSV that Excel opens rightly: UTF-8 with its mark, and nothing in it that is a formula.

A spreadsheet takes a cell that begins with certain characters for a formula, whoever wrote it; such a cell
gets an apostrophe in front, as OWASP advises ("CSV Injection").
"""

import csv
from datetime import timedelta
from io import StringIO

from papers.paper import Cell, Share, Table, hours

#: What begins a formula, in full width too, and what some programmes drop before they look.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_MARK = "\ufeff"


def write_csv(table: Table) -> bytes:
    """A table as CSV: shares as '96.6%', durations as '3:20', hours first."""
    out = StringIO()
    writer = csv.writer(out)  # RFC 4180: commas and CRLF
    writer.writerow([_harmless(name) for name in table.heading])
    writer.writerows([_written(cell) for cell in row] for row in table.rows)
    return (_MARK + out.getvalue()).encode()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _harmless(cell)
    if isinstance(cell, timedelta):
        return hours(cell)
    if isinstance(cell, Share):
        return str(cell)
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def _harmless(words: str) -> str:
    return f"'{words}" if words.lstrip(" \u3000\u00a0").startswith(_FORMULA) else words
