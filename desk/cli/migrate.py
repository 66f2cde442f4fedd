"""`beltoon migrate`: bring the database to this program's schema."""

from __future__ import annotations

from desk.cli import app
from desk.cli.output import AsJson, console, print_json
from desk.migrate import migrate
from desk.wiring import look_again, open_database
from ledger.hold_store import hash_numbers
from ledger.intake.importing import finish_imports


@app.command("migrate")
def migrate_command(as_json: AsJson = False) -> None:
    """Make the database's tables, or bring them up to date."""
    database = open_database(check=False)
    revision = migrate(database)
    finish_imports(database, look_again(database))
    hash_numbers(database)
    if as_json:
        print_json({"revision": revision})
    else:
        console.print(f"The database is ready (revision {revision}).")
