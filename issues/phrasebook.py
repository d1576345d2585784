"""The phrasebook: every text that a resident may get, in a conversation, with its length and its cost.

`python -m issues.phrasebook > docs/residents.md` writes the page. It uses the very catalogue that
the service speaks from, so that what is read there is what is sent; it must never touch a database.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from issues.examples import CONVERSATIONS, LANGUAGES, Heard, Line
from issues.segments import length
from issues.telephone.examples import CALLS
from linzhang.profile import Profile, load_profile
from linzhang.words import ON_DAY, say

#: The programme whose prices the page tells.
PROFILE = Path(__file__).parent.parent / "profiles" / "bozhou.toml"


def page(profile: Profile) -> Iterator[str]:
    """The lines of docs/residents.md."""
    yield "# What residents read"
    yield ""
    yield "Every text that the service sends to a resident, in the conversation in which it is sent."
    yield "A resident is answered in the language of their own last words, or in the one that they asked"
    yield "for. Under each text stands how many SMS it takes, how long it is, in septets (GSM-7) or 16-bit"
    yield "units (UCS-2), and what it costs."
    yield ""
    yield "No text takes more than two SMS. Where it quotes somebody's words they are cut, with one"
    yield "exception: what a leader says to a resident is sent whole, up to the carrier's limit."
    yield ""
    yield "A notice to many is a leader's own words, too, and takes four SMS at most: “魏岗村委会村书记赵刚："
    yield "明天8点到12点停水。看过请回1。” What becomes of the answer, [leaders.md](leaders.md) says."
    yield ""
    yield "Once in a while some are drawn, and asked one thing: “您对邻长陈建国满意吗？回1满意 2一般"
    yield "3不满意。谢谢您。” Nobody can choose who is asked, nobody sees who has answered, and the answer is"
    yield "kept beside no name."
    yield ""
    yield from _costs(profile)
    yield ""
    yield "`python -m issues.phrasebook > docs/residents.md` writes this page from the catalogue; a"
    yield "test sees that it is up to date."
    yield from _tables(CONVERSATIONS, profile)
    yield ""
    yield f"Times of another day are told with it: {_dates()}."
    yield ""
    yield "# What callers hear"
    yield ""
    yield "Everything that is read aloud on the duty line. Who has only a telephone is called back, and"
    yield "hears the texts above; numbers of issues and of phones are read figure by figure."
    yield from _tables(CALLS, None)


def _tables(conversations: Mapping[str, Sequence[Line]], profile: Profile | None) -> Iterator[str]:
    for title, lines in conversations.items():
        yield ""
        yield f"## {title}"
        yield ""
        yield f"| | {' | '.join(LANGUAGES.values())} |"
        yield "|---|---|---|"
        for line in lines:
            who = "resident" if isinstance(line, Heard) else "service"
            yield f"| {who} | {' | '.join(_cell(line, language, profile) for language in LANGUAGES)} |"


def _costs(profile: Profile) -> Iterator[str]:
    price = profile.segment_price
    if price is None:
        yield "The programme's profile names no `segment_price`, so no cost is told."
        return
    yield f"The cost is reckoned with {price} for an SMS, `segment_price` in the programme's profile. That is"
    yield "a round figure and no quote: put there what your carrier's price list says for your country."


def _cell(line: Line, language: str, profile: Profile | None) -> str:
    """A line in one language; without a profile it is read aloud and has no length."""
    if isinstance(line, Heard):
        return line.words[language]
    text = say(line.text, language, **line.blanks[language])
    if profile is None:
        return f"**{text}**"
    counted = length(text)
    parts = [f"{counted.segments} SMS", f"{counted.size} {counted.alphabet}"]
    if profile.segment_price:
        parts.append(str(profile.segment_price.times(counted.segments)))
    shown = text.replace("\n", "<br>")
    return f"**{shown}**<br>{', '.join(parts)}"


def _dates() -> str:
    days = {"zh-Hans": "11月30日", "en": "Nov 30"}
    return ", ".join(f"“{say(ON_DAY, language, time='14:05', day=days[language])}”" for language in LANGUAGES)


if __name__ == "__main__":
    print("\n".join(page(load_profile(PROFILE))))
