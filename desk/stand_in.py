"""A rehearsed clock, and the rule that it never meets a real telephone network.

`BELTOON_CLOCK` starts the campaign's clock at an instant; it becomes one offset, stored with the run. It holds only
where the trunk ends on this machine: the town, or a test's telephone.
"""

from __future__ import annotations

from desk.errors import BadSetting
from desk.settings import Settings
from dialer.asterisk_config import trunk_host
from dialer.calls_store import any_calls
from dialer.instance import noted_trunk
from ledger.clock import real_now
from ledger.database import Database
from ledger.run_store import clock_offset, set_clock_offset

#: Hosts that are this machine itself.
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


def start_clock(settings: Settings, database: Database) -> None:
    """Set the run's clock to what `BELTOON_CLOCK` says, once: from then on it runs at normal speed.

    Raises `BadSetting` with a real trunk, and for books in which calls of real time stand.
    """
    if settings.clock is None:
        return
    refuse_real_trunk(settings)
    with database.reading() as session:
        if clock_offset(session):
            return
    with database.unit_of_work() as session:
        if clock_offset(session):
            return  # another process was first
        if any_calls(session):
            raise BadSetting("BELTOON_CLOCK: this database holds calls of real time; use another BELTOON_HOME")
        set_clock_offset(session, settings.clock - real_now())


def refuse_rehearsed_clock(settings: Settings, database: Database) -> None:
    """Before anybody is called: raises `BadSetting` where the run's clock was moved and the trunk is a real one."""
    with database.reading() as session:
        moved = clock_offset(session) != 0
    if moved:
        refuse_real_trunk(settings)


def refuse_real_trunk(settings: Settings) -> None:
    """Raises `BadSetting` where calls would leave this machine, or where nobody knows whether they do."""
    trunks = [trunk for trunk in (settings.trunk.uri, noted_trunk(settings.home)) if trunk]
    if not trunks and settings.asterisk.ami_port:
        raise BadSetting(
            "The clock of this run was moved (BELTOON_CLOCK), and where your Asterisk's calls go is not known:"
            " set BELTOON_TRUNK__URI, or use another BELTOON_HOME"
        )
    for trunk in trunks:
        if trunk_host(trunk) not in _HERE:
            raise BadSetting(
                f"The clock of this run was moved (BELTOON_CLOCK), and {trunk} is a real trunk: people would be called"
                " at hours that are not theirs. Use another BELTOON_HOME"
            )
