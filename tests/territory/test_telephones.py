"""Who has only a telephone is known for it from the roster on, so that their first word is read to them."""

from pathlib import Path

from linzhang.settings import Settings
from models import Address, Role
from territory.load_units import load_units
from territory.rosters import load_leaders
from territory.rows import PostRow
from tests.territory.small import RURAL, TOWNSHIP, units


async def test_a_landline_of_the_roster_is_called_and_a_mobile_is_texted(
    settings: Settings, tmp_path: Path
) -> None:
    await load_units(settings, units(tmp_path))
    posts = [
        PostRow(TOWNSHIP, Role.LEADER, "李国庆", "+865588123456", ""),
        PostRow(RURAL, Role.LEADER, "赵刚", "+8613800138000", "@zhao:example.org"),
    ]
    await load_leaders(settings, posts)
    addresses = await Address.all().select_related("person")
    assert {(each.person.name, each.bridge): each.fixed_line for each in addresses} == {
        ("李国庆", "sms"): True,
        ("赵刚", "sms"): False,
        ("赵刚", "matrix"): False,
    }
