"""Reads WeCom's XML: one element with flat fields in it, and nothing that XML can do besides.

The envelope comes before anybody has proved who they are, so that a document type, with which XML can be
made to explode, ends the reading at once.
"""

from collections.abc import Mapping
from xml.parsers.expat import ExpatError, ParserCreate

_DEPTH = 4  # of what WeCom sends; what is deeper is not WeCom's


class NotReadable(ValueError):
    """This is no XML of WeCom's."""


def fields(document: bytes) -> Mapping[str, str]:
    """The texts in a document by the names of their elements; of two of the same name the last.

    Raises:
        NotReadable: It is none of WeCom's.
    """
    found: dict[str, str] = {}
    path: list[str] = []
    words: list[str] = []

    def begin(name: str, _attributes: object) -> None:
        path.append(name)
        words.clear()
        if len(path) > _DEPTH:
            raise NotReadable("It is too deep.")

    def end(name: str) -> None:
        path.pop()
        if path:
            found[name] = "".join(words).replace("\0", "")
        words.clear()

    def doctype(*_facts: object) -> None:
        raise NotReadable("It has a document type.")

    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = words.append
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(document, True)
    except ExpatError as error:
        raise NotReadable("It is no XML.") from error
    return found
