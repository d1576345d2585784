"""Phone numbers in one form: E.164, as in +8613800138000.

Numbers are parsed by Google's rules through `phonenumbers`; this module must never write a number
into an error, because errors reach logs.
"""

import re
from functools import cache

import phonenumbers


class NotANumber(ValueError):
    """What was given cannot be read as a phone number of the programme's region."""


def readable(number: str, region: str) -> str:
    """A number in E.164 as people of a region read and dial it: '138 0013 8000'; anything else as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    home = phonenumbers.country_code_for_region(region) == parsed.country_code
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


def normalise(number: str, region: str) -> str:
    """Return `number` in E.164.

    Args:
        number: As a person or a carrier wrote it: '138 0013 8000', '+8613800138000'.
        region: ISO 3166 code that numbers without a country code belong to, such as 'CN'.

    Raises:
        NotANumber: It is not a phone number. The message does not repeat what was given.
    """
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException as error:
        raise NotANumber(f"This is not a phone number: write it as {example(region)}.") from error
    if not phonenumbers.is_possible_number(parsed):
        raise NotANumber(f"This phone number is too short or too long: write it as {example(region)}.")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@cache
def example(region: str) -> str:
    """How a mobile number of a region is written with its country's code, as Google's data have it."""
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    return (
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) if number else "+…"
    )


def is_given_out(number: str) -> bool:
    """Whether a number in E.164 is one that its country's plan gives out, and not just some digits."""
    parsed = _taken_apart(number)
    return parsed is not None and phonenumbers.is_valid_number(parsed)


def is_fixed_line(number: str) -> bool:
    """Whether a number in E.164 is certainly a telephone that takes no texts, by its country's plan."""
    parsed = _taken_apart(number)
    return parsed is not None and phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE


def _taken_apart(number: str) -> phonenumbers.PhoneNumber | None:
    """A number in E.164 as its parts; parsing one that is in this form already takes three times as long."""
    if not re.fullmatch(r"\+[1-9][0-9]{3,14}", number):
        return None
    for length in (1, 2, 3):
        code = int(number[1 : 1 + length])
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            national = number[1 + length :]
            zeros = len(national[:-1]) - len(national[:-1].lstrip("0"))
            return phonenumbers.PhoneNumber(
                country_code=code,
                national_number=int(national),
                italian_leading_zero=True if zeros else None,
                number_of_leading_zeros=zeros if zeros > 1 else None,
            )
    return None


def country(number: str) -> str:
    """The ISO 3166 code of the country that a number in E.164 belongs to; empty where it is none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""
