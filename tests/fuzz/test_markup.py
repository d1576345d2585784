"""Names and words with markup, pills and mentions are shown as they are, and ring nobody's phone."""

from html.parser import HTMLParser
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from issues import wording
from models import Issue, Person
from rooms import render
from tests.factories import resident
from tests.fuzz.service import Service
from tests.issues.diary import Leader, Phone

_TAGS = {"strong", "blockquote", "ul", "li", "p", "br", "em"}

_NASTY = [
    "@room",
    "@person1:test",
    "<a href='https://matrix.to/#/@person1:test'>陈建国</a>",
    "[陈建国](https://matrix.to/#/@person1:test)",
    "<script>alert(1)</script>",
    "</blockquote><h1>x",
    "&lt;b&gt;&amp;amp;",
    "<img src=x onerror=alert(1)>",
    "<mx-reply>x</mx-reply>",
    "<br><br/>",
    "{number} {0} %s",
    "\u202eevil\u202c",
    "# h\n* list\n> quote",
    "\r\n\t\u2028",
]
_TEXT = st.one_of(st.text(min_size=1, max_size=60), st.sampled_from(_NASTY), st.sampled_from(_NASTY))


class _Shown(HTMLParser):
    """What a client shows of a body, and by which tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._leads_to = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":  # shows where it leads, and is nobody's pill
            ((name, target),) = attrs
            assert name == "href"
            assert target
            assert target.startswith(("https://", "http://", "tel:+"))
            assert "matrix.to/#/@" not in target
            self._leads_to = target
            return
        assert tag in _TAGS, tag
        assert not attrs, attrs
        self.text += "\n" if tag in ("br", "p", "li", "blockquote") else ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise AssertionError((tag, attrs))

    def handle_data(self, data: str) -> None:
        if self._leads_to:
            assert data == self._leads_to
            self._leads_to = ""
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def _is_harmless(content: dict[str, Any], rung: list[str]) -> None:
    """The body has our own tags only, says what the plain one says, and mentions whom we mean."""
    assert content["m.mentions"] == ({"user_ids": rung} if rung else {})
    if content.get("format"):
        shown = _Shown()
        shown.feed(content["formatted_body"])
        shown.close()
        # Lists have bullets of their own in HTML.
        told, plain = ("".join(each.replace("·", "").split()) for each in (shown.text, content["body"]))
        assert told == plain
    if "m.new_content" in content:
        _is_harmless(content["m.new_content"], [])


@settings(max_examples=150, deadline=None)
@given(_TEXT, st.booleans())
@example("@room", True)
@example("<a href='https://matrix.to/#/@person1:test'>x</a>", False)
@example("https://example.org/?a=1&b='2'\">x", False)
def test_a_line_shows_what_was_written_and_mentions_whom_we_mean(words: str, rings: bool) -> None:
    rung = ["@person1:test"] if rings else []
    content = render.line(wording.clean(words), "key", mention=rung)
    _is_harmless(content, rung)
    _is_harmless(render.in_thread(content, "$root"), rung)
    _is_harmless(render.in_reply(content, "$event"), rung)
    _is_harmless(render.edit(content, "$event"), [])


@settings(max_examples=40, deadline=None)
@given(_TEXT, _TEXT, _TEXT, _TEXT)
@example("<script>", "@room", "</li><b>", "@person1:test")
def test_a_post_shows_names_words_and_story_as_they_are(
    service: Service, name: str, words: str, more: str, answer: str
) -> None:
    service.run(_post(service, name.replace("\0", "")[:100], words, more, answer))


async def _post(service: Service, name: str, words: str, more: str, answer: str) -> None:
    territory = service.territory
    number = f"+86139{await Person.all().count():08d}"
    await resident(service.settings, territory.block, name=name, number=number)
    phone = Phone(service.settings, number)
    await phone.text(f"新 路灯坏了 {words}")
    issue = await Issue.all().order_by("-id").first().select_related("reporter", "block", "holder")
    assert issue
    await phone.text(f"{issue.number} 还有 {more}")
    await Leader(service.settings, service.people["leader"]).answers(issue.number, answer)
    for unit in (territory.block, territory.units["group"]):
        card = await render.card(service.settings, issue, unit)
        content = render.post(card, issue, unit, "key", mention=["@person1:test"])
        _is_harmless(content, ["@person1:test"])
        _is_harmless(render.edit(content, "$post"), [])
