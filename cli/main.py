"""The `linzhang` command: what an operator does by hand.

Here the commands are put together and the small ones stand. It must never hold a rule of the
programme: a command reads, calls and prints.
"""

import getpass
import secrets

import typer
from cryptography.fernet import Fernet

from cli import running
from cli.addresses import address
from cli.audit import audit
from cli.backups import backup, restore
from cli.bridges import bridges
from cli.doctor import doctor
from cli.failed import failed
from cli.homeservers import homeservers
from cli.keys import keys
from cli.leaders import leaders
from cli.projections import projections
from cli.residents import residents
from cli.rooms import rooms
from cli.territory import territory
from cli.tokens import tokens
from cli.webhooks import webhooks
from cli.yearly import yearly
from issues.audit import begin
from linzhang.database import database, migrate

app = typer.Typer(
    help="Linzhang: neighbourhood government as a chatops service on Matrix.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(territory, name="territory")
app.add_typer(address, name="address")
app.add_typer(rooms, name="rooms")
app.add_typer(leaders, name="leaders")
app.add_typer(homeservers, name="homeserver")
app.add_typer(bridges, name="bridges")
app.add_typer(yearly, name="yearly")
app.add_typer(projections, name="projections")
app.add_typer(tokens, name="tokens")
app.add_typer(webhooks, name="webhooks")
app.add_typer(failed, name="failed")
app.add_typer(audit, name="audit")
app.add_typer(residents, name="residents")
app.add_typer(keys, name="keys")


app.command("doctor")(doctor)
app.command("backup")(backup)
app.command("restore")(restore)


@app.command("check-config")
def check_config() -> None:
    """Say which settings are missing or wrong."""
    settings = running.settings()
    tiers = " → ".join(tier.key for tier in settings.territory.tiers)
    typer.echo("The configuration can be used.")
    typer.echo(f"Profile: {settings.profile} ({tiers})")
    typer.echo(f"Homeservers: {', '.join(server.server_name for server in settings.homeservers)}")
    typer.echo(f"SMS: {settings.twilio.api_url if settings.twilio else 'none, LINZHANG_TWILIO is not set'}")
    if settings.wecom:
        typer.echo(f"WeCom: application {settings.wecom.agent_id} at {settings.wecom.api_url}")
    if settings.email:
        answers = "by IMAP" if settings.email.imap_host else "by the webhook"
        typer.echo(f"E-mail: {settings.email.address} through {settings.email.smtp_host}, answers {answers}")


@app.command("migrate")
def migrate_database() -> None:
    """Bring the database's schema up to date."""
    settings = running.settings()

    async def work() -> None:
        await migrate(settings.database_url)
        async with database(settings.database_url):
            await begin(settings, getpass.getuser())

    running.attempt(work)
    typer.echo("The schema is up to date.")


@app.command("new-key")
def new_key() -> None:
    """Print fresh keys, as settings. Keep them: without them no address can be read again."""
    typer.echo(f"LINZHANG_SEAL_KEYS='[\"{Fernet.generate_key().decode()}\"]'")
    typer.echo(f"LINZHANG_LOOKUP_KEY='{secrets.token_urlsafe(32)}'")


if __name__ == "__main__":
    app()
