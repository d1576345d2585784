"""A new key for what is encrypted: all is sealed with it while the service runs, and nothing is lost."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from issues import audit, inbox, numbers, resealing
from linzhang.settings import Settings
from models import AdminAction, FormerAccount, Import, ImportPiece, Inbox, Issue, Knock, Outbox, WebhookTarget
from tests.factories import MORNING, make_settings, plant, resident
from tests.issues.diary import Phone
from tests.security.conftest import Terminal, terminal_of

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def with_keys(terminal: Terminal, tmp_path: Path, patch: pytest.MonkeyPatch, *keys: str) -> Terminal:
    """The same service, started anew with other keys."""
    url = terminal.settings.database_url
    return terminal_of(make_settings(tmp_path, database_url=url, seal_keys=list(keys)), patch)


async def live(settings: Settings) -> None:
    """Something in every place in which something is sealed."""
    await audit.begin(settings, "root")
    territory = await plant()
    vault = settings.vault
    for number in range(5):
        await resident(settings, territory.block, name=f"居民{number}", number=f"+861380013800{number}")
    phone = Phone(settings, "+8613800138000")
    await phone.text("路灯坏了")
    person = territory.leaders["block"]
    await FormerAccount.create(
        person=person, bridge="matrix", lookup="f", sealed=vault.seal("@old:test"), until=MORNING
    )
    await Knock.create(
        room_id="!k:test", homeserver="test", lookup="k", sealed=vault.seal("@stranger:test"), at=MORNING
    )
    await WebhookTarget.create(
        url="https://x.test", secret=vault.seal("s"), unit=territory.block, person=person, made_at=MORNING
    )
    row = await Inbox.get(external_id__startswith="SM")
    row.body = row.body | {"detail": {inbox.PHONE: vault.seal("+8613800138000")}}
    await row.save()
    effect = await Outbox.filter(bridge="sms").order_by("id").first()
    assert effect is not None
    effect.payload = effect.payload | {"secret": vault.seal("12345678")}
    await effect.save()
    made = await Import.create(person=person, made_at=MORNING, moved_at=MORNING)
    await ImportPiece.create(of=made, place=0, seq=0, sealed=vault.seal_bytes(b"piece"))


async def test_nothing_sealed_is_forgotten(tmp_path: Path) -> None:
    """Whatever of the code seals something must stand in the table of places."""
    root = Path(__file__).parent.parent.parent
    sealing = {
        str(path.relative_to(root))
        for folder in ("issues", "rooms", "escalator", "web", "territory", "bridges", "projections", "cli")
        for path in (root / folder).rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in (".seal(", ".seal_bytes("))
    }
    assert sealing == {
        "escalator/retention.py",  # an empty sender in Inbox
        "escalator/webhooks/targets.py",  # WebhookTarget
        "issues/erasing.py",  # Address and Inbox
        "issues/filing.py",  # Address
        "issues/inbox.py",  # Inbox
        "issues/linking.py",  # Address, FormerAccount, Outbox
        "issues/numbers.py",  # Address
        "issues/senders.py",  # Address
        "rooms/commands/desking.py",  # Outbox
        "rooms/knocking.py",  # Knock
        "territory/addresses.py",  # Address
        "territory/imports.py",  # ImportPiece
        "territory/newcomers.py",  # Address
    }, "say here where it is kept, and in resealing.PLACES"


def test_all_is_sealed_with_the_new_key_although_it_was_stopped_half_way(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = with_keys(terminal, tmp_path, monkeypatch, OLD)
    before.live(live)
    code, said = before.run("keys", "status")
    assert (code, "Key 1 of 1: 12 values" in said) == (0, True), said

    between = with_keys(terminal, tmp_path, monkeypatch, NEW, OLD)
    code, said = between.run("keys", "status")
    assert code == 1
    assert "Key 2 of 2: 12 values" in said
    assert "Old keys are still needed" in said
    code, said = between.run("keys", "rotate", "--at-most", "3", "--who", "root")
    assert (code, "3 values were sealed anew" in said) == (0, True)
    assert "Key 1 of 2: 3 values" in between.run("keys", "status")[1]

    async def go_on(settings: Settings) -> None:
        """The service runs meanwhile: somebody known and somebody new write."""
        for number in ("+8613800138000", "+8613800138004", "+8613800138077"):
            assert await Phone(settings, number).text("楼道灯也坏了")
        known = await numbers.find(settings, "sms", "+8613800138004")
        assert known is not None
        assert known.person.name == "居民4"

    between.live(go_on)
    assert "values were sealed anew" in between.run("keys", "rotate")[1]
    code, said = between.run("keys", "status")
    assert code == 0
    assert "Key 2 of 2: 0 values" in said
    assert "the others may be removed" in said
    assert between.run("keys", "rotate")[1].count("0 values were sealed anew") == 1, (
        "a second time does nothing"
    )
    assert not any(key in said for key in (OLD, NEW))

    after = with_keys(terminal, tmp_path, monkeypatch, NEW)
    assert after.run("keys", "status")[0] == 0

    async def still_there(settings: Settings) -> None:
        vault = settings.vault
        found = await resealing.standing(settings, lambda *_: None)
        assert (found.lost, found.old) == (0, 0)
        known = await numbers.find(settings, "sms", "+8613800138004")
        assert known is not None
        assert vault.open(known.sealed) == "+8613800138004"
        assert vault.open_bytes((await ImportPiece.get()).sealed) == b"piece"
        assert vault.open((await WebhookTarget.get()).secret) == "s"
        secret = [row.payload["secret"] for row in await Outbox.all() if "secret" in row.payload]
        assert [vault.open(each) for each in secret] == ["12345678"]
        assert await Phone(settings, "+8613800138001").text("水管坏了")
        assert await Issue.all().count() >= 4
        deeds = await AdminAction.filter(action="sealed anew").order_by("seq")
        assert deeds[0].detail == "3 values"

    after.live(still_there)


def test_a_key_that_was_taken_away_too_early_is_missed(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_keys(terminal, tmp_path, monkeypatch, OLD).live(live)
    code, said = with_keys(terminal, tmp_path, monkeypatch, NEW).run("keys", "status")
    assert (code, "None of the keys opens 12 values" in said) == (1, True)
