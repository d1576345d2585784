"""Answers to a secret poll: kept apart from who gave them, counted by whoever has the key, then forgotten.

The row of a person says that they have answered; the row with the answer says by a keyed hash alone whose it
is. Whoever has the database and the key together can put the two together until the poll is over.
"""

from linzhang.settings import Settings
from models import Notice, NoticePerson, SecretAnswer

#: What the hash is of, besides the poll and the person.
_ABOUT = "secret answer"


async def keep(settings: Settings, asked: NoticePerson, choice: int) -> None:
    """Keep what somebody has answered last, from 1."""
    token = _token(settings, asked)
    if not await SecretAnswer.filter(token=token).update(choice=choice):
        await SecretAnswer.create(token=token, notice_id=asked.notice_id, choice=choice)


async def answers(settings: Settings, notice: Notice) -> list[tuple[NoticePerson, int]]:
    """All that was answered, to be counted; nothing of it may be shown or written down by person."""
    by_token = {each.token: each.choice for each in await SecretAnswer.filter(notice_id=notice.id)}
    answered = NoticePerson.filter(notice_id=notice.id, answered_at__isnull=False)
    people = await answered.order_by("id").select_related("person")
    found = [(each, by_token.get(_token(settings, each))) for each in people]
    return [(each, choice) for each, choice in found if choice is not None]


async def forget(notices: list[int]) -> None:
    """Forget all answers to some polls, by their ids."""
    await SecretAnswer.filter(notice_id__in=notices).delete()


def _token(settings: Settings, asked: NoticePerson) -> str:
    return settings.vault.lookup(_ABOUT, f"{asked.notice_id} {asked.person_id}")
