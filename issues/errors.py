"""What can be wrong with what somebody wants to do: types with a sentence for that person.

Each carries the sentence as a catalogue text with its values, so that it is said in the reader's
language, and the plain facts for whoever debugs.
"""

from linzhang.words import Text, say


class IssueError(Exception):
    """An action that cannot be done; tells why in a leader's words."""

    def __init__(self, text: Text, **values: object) -> None:
        super().__init__(say(text, "en", **values))
        self.text = text
        self.values = values

    def sentence(self, language: str) -> str:
        """The sentence in a language."""
        return say(self.text, language, **self.values)


class NotAllowed(IssueError):
    """The person may not act on this issue."""


class NotNow(IssueError):
    """The issue's state does not allow the action."""


class NotFound(IssueError):
    """There is no such issue."""
