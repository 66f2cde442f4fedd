"""Alembic's way in: the connection of the one unit of work that `desk.migrate` hands over."""

from __future__ import annotations

from alembic import context

import dialer.tables  # noqa: F401
import ivr.tables  # noqa: F401
import ledger.tables  # noqa: F401
import schedules.tables  # noqa: F401
from ledger.database import Base

target_metadata = Base.metadata


def run() -> None:
    """Apply the changes; the unit commits all of them or none."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=target_metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run()
