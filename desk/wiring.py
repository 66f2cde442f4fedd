"""The one place that wires: settings become databases, voices, carriers and loops."""

from __future__ import annotations

from datetime import timedelta

from desk.migrate import check_schema
from desk.settings import Settings, read_settings
from ledger.clock import CampaignClock
from ledger.database import Database
from ledger.run_store import clock_offset


def open_database(settings: Settings | None = None, *, check: bool = True) -> Database:
    """The database that the settings name, its folder made. With `check`, its schema must be this program's."""
    settings = settings or read_settings()
    if not settings.database_url:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.database)
    if check:
        check_schema(database)
    return database


def campaign_clock(database: Database) -> CampaignClock:
    """The campaign's time as this run has it."""
    with database.reading() as session:
        return CampaignClock(timedelta(milliseconds=clock_offset(session)))
