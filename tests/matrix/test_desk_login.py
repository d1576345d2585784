"""Coming into the desk with name and password of a real homeserver."""

from pathlib import Path

import pytest

from models import Attempt, Session, Way
from tests.desk.desk import desk_for
from tests.factories import make_settings, open_database, plant, reachable
from tests.matrix.house import PASSWORD, House

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_password_of_ones_own_account_opens_the_desk(tmp_path: Path, house: House) -> None:
    await house.synapse.register_user("secretary", PASSWORD, "Secretary")
    settings = make_settings(tmp_path, homeservers=[house.homeserver])
    async with open_database(settings):
        territory = await plant()
        secretary = territory.leaders["village"]
        await reachable(settings, secretary, "@secretary:localhost", bridge="matrix")
        async with desk_for(settings).browser() as browser:
            wrong = await browser.post("/desk/login", name="secretary", password="wrong")
            assert (wrong.status_code, "账号或密码不对" in wrong.text) == (403, True)
            right = await browser.post("/desk/login", name="@secretary:localhost", password=PASSWORD)
            assert (right.status_code, right.headers["location"]) == (303, "/desk/")
        session = await Session.get()
        assert (session.person_id, session.way) == (secretary.id, Way.MATRIX)
        assert not await Attempt.filter(
            key=settings.vault.lookup("attempt on account", "@secretary:localhost")
        )


async def test_nobody_else_comes_in_and_nobody_tries_for_ever(tmp_path: Path, house: House) -> None:
    await house.synapse.register_user("neighbour", PASSWORD, "Neighbour")
    settings = make_settings(tmp_path, homeservers=[house.homeserver])
    async with open_database(settings), desk_for(settings).browser() as browser:
        await plant()
        stranger = await browser.post("/desk/login", name="neighbour", password=PASSWORD)
        assert (stranger.status_code, "名册上没有" in stranger.text) == (403, True)
        elsewhere = await browser.post("/desk/login", name="@secretary:else.where", password=PASSWORD)
        assert elsewhere.status_code == 422
        tried = [await browser.post("/desk/login", name="nobody", password=str(n)) for n in range(6)]
        assert [each.status_code for each in tried] == [403] * 5 + [429]
        assert await Session.all().count() == 0


async def test_a_homeserver_that_is_away_is_not_a_wrong_password(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    async with open_database(settings), desk_for(settings).browser() as browser:
        away = await browser.post("/desk/login", name="chen", password="x")
        assert (away.status_code, "没有回应" in away.text) == (503, True)
