"""A territory small enough to read: one township, a rural village and a community in town."""

from pathlib import Path

from cryptography.fernet import Fernet

from linzhang.profile import Profile, load_profile
from linzhang.settings import Settings
from territory.divisions import read_divisions
from territory.draw import draw
from territory.rows import UnitRow

ROOT = Path(__file__).parents[2]
DIVISIONS = ROOT / "data" / "bozhou" / "divisions.csv"
PROFILE = ROOT / "profiles" / "bozhou.toml"

CITY, COUNTY, TOWNSHIP, RURAL, URBAN = "34", "3401", "340101", "34010101", "34010102"
SMALL_DIVISIONS = (
    "code,name,tier,parent_code\n"
    "34,亳州市,city,\n"
    "3401,谯城区,county,34\n"
    "340101,魏岗镇,township,3401\n"
    "34010101,魏岗村委会,village,340101\n"
    "34010102,和平社区,village,340101\n"
)
#: How many sections, groups and blocks the small territory has, rural and urban.
COUNTS = ((2, 4, 9), (1, 3, 7))
#: 5 divisions, 3 sections, 7 groups, 16 blocks.
SIZE = 31


def programme(counts: tuple[tuple[int, ...], tuple[int, ...]] = COUNTS) -> Profile:
    """Bozhou's profile, but with fewer units to draw."""
    profile = load_profile(PROFILE)
    assert profile.drawing is not None
    tiers = [
        tier.model_copy(update={"rural": rural, "urban": urban})
        for tier, rural, urban in zip(profile.drawing.tiers, *counts, strict=True)
    ]
    return profile.model_copy(update={"drawing": profile.drawing.model_copy(update={"tiers": tiers})})


def units(folder: Path, seed: int = 1) -> list[UnitRow]:
    """The small territory, drawn."""
    path = folder / "divisions.csv"
    path.write_text(SMALL_DIVISIONS, encoding="utf-8")
    return draw(read_divisions(path, programme()), seed, programme())


def settings_for(database_url: str) -> Settings:
    """Settings whose database alone is real."""
    return Settings.model_validate(
        {
            "database_url": database_url,
            "redis_url": "redis://127.0.0.1:1/0",
            "public_url": "http://127.0.0.1:1",
            "profile": PROFILE,
            "seal_keys": [Fernet.generate_key().decode()],
            "lookup_key": "x" * 32,
            "homeservers": [
                {"server_name": "test", "url": "http://127.0.0.1:1", "as_token": "a", "hs_token": "h"}
            ],
        }
    )
