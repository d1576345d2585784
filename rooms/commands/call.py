"""One use of a command: what was written with it, and where it was heard.

What is wrong with it becomes an `IssueError` with the right form; who may do it is the lifecycle's
to say.
"""

from dataclasses import dataclass

from issues import chain, lifecycle, texts, together
from issues.errors import IssueError, NotAllowed
from linzhang.words import Text
from models import Issue, Person
from rooms.heard import Heard


class Misused(IssueError):
    """A command that lacks something; tells how it is written."""


@dataclass(frozen=True, slots=True)
class Call:
    """A command as it was used.

    Attributes:
        heard: The event that holds it.
        form: How it is written.
        number: Of the issue, where one was written.
        words: What stood behind.
    """

    heard: Heard
    form: Text
    number: int | None = None
    words: str = ""

    async def issue(self) -> Issue:
        """The issue that is meant, locked; of a merged one, the one that it is part of.

        Raises:
            Misused: None is.
            NotFound: It is not there.
        """
        meant = await self.own_issue()
        whole = await together.whole(meant)
        return meant if whole.id == meant.id else await lifecycle.lock(whole.id)

    async def own_issue(self) -> Issue:
        """The very issue that is meant, locked, even if it is part of another one.

        Raises:
            Misused: None is.
            NotFound: It is not there.
        """
        issue_id = Issue.id_of(self.number) if self.number else self.heard.issue_id
        if issue_id is None:
            raise Misused(texts.WHICH_ISSUE, form=self.form)
        return await lifecycle.lock(issue_id)

    async def check_right_on(self, issue: Issue) -> None:
        """Make sure that whoever asks may act on an issue.

        Raises:
            NotAllowed: They may not.
        """
        heard = self.heard
        if heard.person is None or await chain.right_on(heard.person, issue, heard.at) is None:
            raise await lifecycle.not_yours(heard.settings, issue, heard.at)

    async def leader(self) -> Person:
        """Who asks, as somebody who leads something.

        Raises:
            NotAllowed: They lead nothing.
        """
        person = self.heard.person
        if person is None or not await chain.units_of(person, self.heard.at):
            raise NotAllowed(texts.LEADERS_ONLY)
        return person

    def need_words(self) -> str:
        """What stood behind the command.

        Raises:
            Misused: Nothing did.
        """
        if not self.words:
            raise Misused(texts.WRITE_IT_SO, form=self.form)
        return self.words
