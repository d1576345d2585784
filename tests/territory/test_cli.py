"""`linzhang territory` as somebody at a terminal meets it."""

import json
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from cli.main import app
from tests.territory.small import DIVISIONS, PROFILE, ROOT

EXAMPLE = ROOT / "data" / "examples" / "bozhou"


@pytest.fixture
def terminal(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A terminal with a configuration, in English."""
    (tmp_path / "linzhang.db").write_bytes(migrated.read_bytes())
    homeserver = {"server_name": "test", "url": "http://127.0.0.1:1", "as_token": "a", "hs_token": "h"}
    for key, value in {
        "LINZHANG_DATABASE_URL": f"sqlite://{tmp_path / 'linzhang.db'}",
        "LINZHANG_REDIS_URL": "redis://127.0.0.1:1/0",
        "LINZHANG_PUBLIC_URL": "http://127.0.0.1:1",
        "LINZHANG_PROFILE": str(PROFILE),
        "LINZHANG_SEAL_KEYS": json.dumps([Fernet.generate_key().decode()]),
        "LINZHANG_LOOKUP_KEY": "x" * 32,
        "LINZHANG_HOMESERVERS": json.dumps([homeserver]),
        "LC_ALL": "C.UTF-8",
    }.items():
        monkeypatch.setenv(key, value)
    return CliRunner()


def run(terminal: CliRunner, *words: str, locale: str = "C.UTF-8") -> tuple[int, str]:
    result = terminal.invoke(app, ["territory", *words], env={"LC_ALL": locale}, catch_exceptions=False)
    return result.exit_code, result.stderr if result.exit_code == 2 else result.stdout


def test_a_newcomer_loads_the_example_looks_it_over_and_breaks_it(
    terminal: CliRunner, tmp_path: Path
) -> None:
    code, said = run(terminal, "load", str(EXAMPLE), "--dry-run")
    assert (code, said.splitlines()[0]) == (0, "units.csv (a file of units): 9 rows")
    assert (
        "9 new here: 34 亳州市; 3401 谯城区; 340101 魏岗镇; 34010101 魏岗村委会; 3401010101 第一片 …" in said
    )
    assert said.splitlines()[-1] == "Nothing was changed: this was a dry run."
    assert run(terminal, "load", str(EXAMPLE), "--show-all")[0] == 0
    code, said = run(terminal, "load", str(EXAMPLE))
    assert [line.split() for line in said.splitlines()[1::2]] == [
        [count, "unchanged"] for count in ("9", "8", "4", "2")
    ]
    assert run(terminal, "check") == (0, "Every rule holds: 9 units, 12 people, 2 places.\n")

    path = tmp_path / "调整.csv"
    path.write_text("单元编码,职务,姓名,电话\n34010101010102,负责人,,\n", encoding="utf-8")
    code, said = run(terminal, "load", str(path), "--show-all", locale="zh_CN.UTF-8")
    assert "1 岗位空缺\n            第2行：34010101010102: 何明" in said
    code, said = run(terminal, "check", locale="zh_CN.UTF-8")
    assert code == 1
    assert "1 × 每一级单元都有负责人。不符合的有：34010101010102\n" in said
    path.write_text("单元编码,职务,姓名,电话\n34,组员,陈,1\n", encoding="utf-8")
    code, said = run(terminal, "load", str(path), locale="zh_CN.UTF-8")
    assert (code, "第2行：职务：不认识“组员”，请写leader、负责人" in said) == (2, True)


def test_help_says_what_there_is(terminal: CliRunner) -> None:
    said = run(terminal, "--help")[1]
    assert all(command in said for command in ("generate", "load", "check"))
    assert "merged_into" in run(terminal, "load", "--help")[1]


def test_a_territory_is_drawn_only_where_the_profile_says_how_large(
    terminal: CliRunner, tmp_path: Path
) -> None:
    other = str(ROOT / "profiles" / "rt-rw.toml")
    code, said = run(
        terminal, "generate", "--out", str(tmp_path), "--profile", other, "--divisions", str(DIVISIONS)
    )
    assert code == 2
    assert "is not a tier of the divisions" in said
    units = str(ROOT / "data" / "examples" / "rt-rw" / "units.csv")
    code, said = run(terminal, "generate", "--out", str(tmp_path), "--profile", other, "--divisions", units)
    assert code == 2
