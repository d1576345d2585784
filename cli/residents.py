"""`linzhang residents`: what is kept about one person, for that person; and forgetting it.

Numbers are typed and shown here, and never logged. What is done is recorded, without name and number.
"""

import csv
import getpass
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Annotated

import typer

from cli import running
from issues import audit, dossier, erasing
from issues.erasing import Plan, StillLeads
from linzhang import phones
from linzhang.settings import Settings
from models import Address, Person

residents = typer.Typer(help="What is kept about one person: export it, erase it.", no_args_is_help=True)

Whom = Annotated[str, typer.Argument(metavar="NAME|NUMBER", help="Their whole name, or a number of theirs.")]
Id = Annotated[int | None, typer.Option("--id", help="Which of several who are called so.")]
Who = Annotated[str, typer.Option(help="Who does it, for the record.", default_factory=getpass.getuser)]

#: Only its owner may read what is written.
_MODE = 0o600


@residents.command()
def export(
    whom: Whom,
    who: Who,
    person_id: Id = None,
    out: Annotated[Path, typer.Option(help="The ZIP file to write.")] = Path("resident.zip"),
) -> None:
    """Write all that is kept about a person into a ZIP: data.json, readable.txt, media.csv."""

    async def work(settings: Settings) -> bytes:
        person = await _find(settings, whom, person_id)
        facts = await dossier.of(settings, person)
        await audit.record(settings, "person exported", f"person {person.id}", who)
        return _packed(facts)

    content = running.with_database(work)
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE), "wb") as file:
            file.write(content)
    except OSError as error:
        running.fail(f"{out} cannot be written: {error.strerror}")
    typer.echo(f"Everything is in {out}. It holds numbers and words: give it to that person, and delete it.")


@residents.command()
def erase(
    whom: Whom,
    who: Who,
    person_id: Id = None,
    do: Annotated[
        bool, typer.Option("--do", help="Do it. Without this it is only said what would be.")
    ] = False,
) -> None:
    """Say what erasing a person comes to, or with --do erase them: it cannot be taken back."""

    async def work(settings: Settings) -> Plan:
        planned = await erasing.plan(settings, await _find(settings, whom, person_id))
        if do:
            try:
                await erasing.person(settings, planned, who)
            except StillLeads as error:
                running.fail(f"{error} Give the post to somebody else first.")
        return planned

    planned = running.with_database(work)
    typer.echo(_said(planned, done=do))


def _said(planned: Plan, *, done: bool) -> str:
    numbers = ", ".join(str(issue.number) for issue in planned.open)
    lines = [
        f"Person {planned.person.id}: {planned.addresses} numbers and accounts, {planned.messages} messages, "
        f"{len(planned.open) + len(planned.closed)} issues."
    ]
    if planned.leads:
        lines.append("They lead a unit, or stand in for who does, and cannot be erased until others do.")
    if planned.open:
        lines.append(
            f"Still open: {numbers}. {'They were' if done else 'They will be'} withdrawn, since nobody could "
            "be answered any more; the leader who has one is told so in the room, without words or name."
        )
    if done:
        lines.append(
            "Erased. Workers clear the rooms within minutes. Issues' numbers, times and states stay."
        )
        lines.append("Take them out of the roster's file, too, or its next load brings them back.")
    else:
        lines.append("Nothing was changed: this was a dry run. With --do it is done, and never undone.")
    return "\n".join(lines)


async def _find(settings: Settings, whom: str, person_id: int | None) -> Person:
    """The one person who is meant; ends the command where there is none, or are several."""
    found = {person.id: person for person in await Person.filter(name=whom.strip()).order_by("id")}
    found = found if whom.strip() else {}
    try:
        number = phones.normalise(whom, settings.territory.region)
    except phones.NotANumber:
        number = whom.strip()
    bridges = await Address.all().distinct().values_list("bridge", flat=True)
    for bridge in bridges:
        lookup = settings.vault.lookup(str(bridge), number)
        address = await Address.get_or_none(bridge=bridge, lookup=lookup).select_related("person")
        if address is not None:
            found[address.person_id] = address.person
    if person_id is not None:
        found = {key: person for key, person in found.items() if key == person_id}
    if not found:
        running.fail("Nobody is called so, and nobody has that number.")
    if len(found) > 1:
        rows = [f"--id {person.id}: {person.name}, {await _home(person)}" for person in found.values()]
        running.fail("Several are called so; say which one:\n" + "\n".join(rows))
    return next(iter(found.values()))


async def _home(person: Person) -> str:
    await person.fetch_related("block")
    return person.block.name if person.block else "nobody knows where"


def _packed(facts: dossier.Facts) -> bytes:
    listed = io.StringIO()
    table = csv.writer(listed)
    table.writerow(["issue", "type", "kept at"])
    table.writerows(dossier.media_of(facts))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(facts, ensure_ascii=False, indent=2))
        archive.writestr("readable.txt", dossier.as_text(facts, running.language()))
        archive.writestr("media.csv", listed.getvalue())
    return packed.getvalue()
