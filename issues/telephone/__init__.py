"""The duty line: what callers hear and can do with a keypad alone, and how words are read to a phone.

Answers on the line, so it reads the database and changes nothing. What a call leads to comes in by the
inbox, as everything does.
"""

from issues.telephone.acceptance import choose_language, take_on
from issues.telephone.line import DutyLine

__all__ = ["DutyLine", "choose_language", "take_on"]
