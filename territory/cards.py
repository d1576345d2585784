"""The number on a leader's contact card, by which a newcomer names their block.

Six digits or seven and a check digit by Damm's scheme (H. M. Damm, "Total anti-symmetrische
Quasigruppen", 2004). It finds every single wrong digit and every swap of two neighbours; Luhn's,
as on bank cards, lets 09 pass for 90. A code once printed must never mean another block.
"""

#: A totally anti-symmetric quasigroup of order 10, as Damm gives it.
_QUASIGROUP = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)

#: The first payload: no code begins with a zero, which people leave out, and all have six digits.
_FIRST = 100_000
_LAST = 9_999_999

#: How many blocks there are codes for, so that none is longer than eight digits.
CAPACITY = _LAST - _FIRST + 1


def card_code(index: int) -> str:
    """The code of the block with this number, counted from 0 over the whole programme.

    Raises:
        ValueError: The number is below 0 or beyond `CAPACITY`.
    """
    if not 0 <= index < CAPACITY:
        raise ValueError(f"there are card codes for blocks 0 to {CAPACITY - 1}, not for {index}")
    payload = str(_FIRST + index)
    return f"{payload}{_damm(payload)}"


def card_index(code: str) -> int:
    """The block's number, from its code.

    Raises:
        ValueError: The code is not valid.
    """
    if not valid(code):
        raise ValueError("this is not a card code: a digit is wrong, missing or swapped")
    return int(code[:-1]) - _FIRST


def valid(code: str) -> bool:
    """Whether this can be a code; false for one with a wrong digit or two neighbours swapped."""
    return (
        code.isascii()
        and code.isdigit()
        and len(code) in (7, 8)
        and not code.startswith("0")
        and _damm(code) == 0
    )


def grouped(code: str) -> str:
    """A code as it is printed, in two groups that one can keep in mind: '1234 5674'."""
    return f"{code[:-4]} {code[-4:]}" if len(code) > 4 else code


def _damm(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = int(_QUASIGROUP[interim][int(digit)])
    return interim
