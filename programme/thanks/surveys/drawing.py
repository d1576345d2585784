"""The draw: how many, and which. Pure functions, of what everybody is shown in the end.

    list        of each block, by ascending code, its marks by ascending order: one line 'code mark' each
    digest      SHA-256 of the list; told before the draw
    commitment  SHA-256 of a secret word of 64 hexadecimal digits; told before the draw
    seed        SHA-256 of the lines: secret, digest, and the words that others have added, in their order
    rank        of a mark: SHA-256 of 'seed mark'; of each block those with the lowest ranks are drawn

The secret is fixed before anybody adds a word, and unknown to those who do; the words are unknown to whoever
has made the secret. So neither can choose the seed; and the list was fixed before both. A mark is a keyed
hash: it tells nobody whose it is.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Final

#: The normal quantile of a confidence of 95 %.
Z: Final = 1.96


def size(people: int, margin: float) -> int:
    """How many of some people are to be asked.

    Cochran's formula for a share of one half, with the correction for a finite population (W. G. Cochran,
    Sampling Techniques, 3rd edition, 1977, section 4.4): 385 of very many, for 5 points.

    Args:
        people: How many there are.
        margin: Half the width of the interval that is wanted, as a share of 1.
    """
    if people == 0:
        return 0
    endless = Z**2 * 0.25 / margin**2
    return min(people, ceil(endless / (1 + (endless - 1) / people)))


def take(of_block: int, people: int, wanted: int, least: int) -> int:
    """How many of a block are drawn: its share, rounded up, and no fewer than is the least.

    Args:
        of_block: How many of its people are on the list.
        people: How many are on the whole list.
        wanted: How many of these `size` asks for.
        least: How many of each block at least, so that every leader has a chance.
    """
    return min(of_block, max(least, ceil(wanted * of_block / people)))


def digest(listed: Iterable[tuple[str, Sequence[str]]]) -> str:
    """The digest of a list.

    Args:
        listed: Of each block its code and its marks.
    """
    found = hashlib.sha256()
    for code, marks in listed:
        for mark in marks:
            found.update(f"{code} {mark}\n".encode())
    return found.hexdigest()


def commitment(nonce: str) -> str:
    """What is told of a secret word before it is shown."""
    return _hash(nonce)


def seed(nonce: str, list_digest: str, words: Sequence[str]) -> str:
    """What the ranks are made of."""
    return _hash("\n".join([nonce, list_digest, *words]))


def drawn(marks: Sequence[str], of_seed: str, count: int) -> list[str]:
    """Which marks of a block are drawn, those with the lowest ranks first."""
    return sorted(marks, key=lambda mark: _hash(f"{of_seed} {mark}"))[:count]


def faults(proof: Mapping[str, object]) -> list[str]:
    """What is not as it must be in a proof (`proof.of`); nothing: the draw was as it was announced."""
    blocks = proof["blocks"]
    words, nonce = proof["words"], str(proof["nonce"])
    assert isinstance(blocks, list)
    assert isinstance(words, list)
    found = []
    if commitment(nonce) != proof["commitment"]:
        found.append("the secret is not the one that was announced")
    list_digest = digest((block["code"], block["listed"]) for block in blocks)
    if list_digest != proof["digest"]:
        found.append("the list is not the one that was announced")
    people = sum(len(block["listed"]) for block in blocks)
    margin, least = float(str(proof["margin"])), int(str(proof["least"]))
    of_seed = seed(nonce, list_digest, [str(each) for each in words])
    for block in blocks:
        marks = block["listed"]
        count = take(len(marks), people, size(people, margin), least)
        if block["drawn"] != drawn(marks, of_seed, count):
            found.append(f"others were drawn in {block['code']}")
    return found


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
