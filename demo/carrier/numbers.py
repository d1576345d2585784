"""Phone numbers as the carrier sees them: E.164, and which country they belong to.

Invented numbers are welcome as long as they have a possible length, because nobody's real number
belongs into a demo. It must never look anything up beyond the numbering plan.
"""

import re

import phonenumbers

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def is_dialable(number: str) -> bool:
    """Whether `number` is E.164 and has a length that its country's numbering plan allows."""
    if not _E164.fullmatch(number):
        return False
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(parsed)


def country_of(number: str) -> str:
    """The two-letter country of `number` for FromCountry and ToCountry; '' when there is none."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return ""
    region = phonenumbers.region_code_for_number(parsed)
    if region is None and parsed.country_code is not None:
        region = phonenumbers.region_code_for_country_code(parsed.country_code)
    return "" if region in (None, "ZZ", "001") else str(region)
