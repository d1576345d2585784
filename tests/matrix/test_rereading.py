"""What a homeserver has failed to tell is stored once, by one of several workers, each minute."""

from datetime import timedelta
from pathlib import Path

from escalator.rereading import EVERY, look
from models import Inbox, Reading
from tests.factories import make_settings, open_database
from tests.matrix.house import House


async def a_minute_passes() -> None:
    row = await Reading.get()
    await Reading.all().update(looked_at=row.looked_at - EVERY - timedelta(seconds=1))


async def test_what_was_not_told_is_stored_once_and_by_one_worker(house: House, tmp_path: Path) -> None:
    settings = make_settings(tmp_path).model_copy(update={"homeservers": [house.homeserver]})
    name = house.homeserver.server_name
    leader = await house.person("reread-leader")
    room_id = await house.room("lz-reread", leader)
    async with open_database(settings):
        assert await look(settings, house.bridge, name) == set()
        said = [await leader.say(room_id, words) for words in ("我去看看", "修好了")]
        assert await look(settings, house.bridge, name) == set(), "another worker has just looked"
        await a_minute_passes()
        assert len(await look(settings, house.bridge, name)) == 1
        assert [row.external_id for row in await Inbox.all().order_by("id")] == said
        await Reading.all().update(position="a word of another database")
        await a_minute_passes()
        assert await look(settings, house.bridge, name) == set()
        said.append(await leader.say(room_id, "谢谢"))
        for _ in range(2):  # Synapse answers the same question again as it did a minute ago, and then goes on
            await a_minute_passes()
            await look(settings, house.bridge, name)
        assert [row.external_id for row in await Inbox.all().order_by("id")] == said
