"""Are the time zones that we read here, and young enough? Countries move their clocks at short notice.

All our processes read one source, the package `tzdata`. Its releases bear no date; the list of leap seconds in each
does, and it is renewed twice a year, so a release is at most half a year younger than its list.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from ledger.errors import ZonesUnusable

#: Older than this nobody is called by them: a year, and the half by which the list of leap seconds is older.
OLDEST = timedelta(days=365 + 183)
_UPDATED = re.compile(r"^#updated\s+([0-9]+)", re.MULTILINE | re.ASCII)
_VERSION = re.compile(r"^# version (\S+)", re.ASCII)


@lru_cache(maxsize=1)
def zone_files() -> Traversable:
    """The folder of the package. Raises `ZonesUnusable` where it is missing."""
    try:
        return files("tzdata.zoneinfo")
    except ModuleNotFoundError as error:
        raise ZonesUnusable("The time zones are missing: install the package tzdata") from error


def check_zones(today: date, folder: Traversable | None = None) -> str:
    """The version of the time zones. Raises `ZonesUnusable` where they are missing or older than a year."""
    folder = folder or zone_files()
    try:
        listed = folder.joinpath("leapseconds").read_text(encoding="utf-8")
        named = _VERSION.match(folder.joinpath("tzdata.zi").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ZonesUnusable(f"The time zones (tzdata) can't be read: {error}; install tzdata anew") from error
    updated = _UPDATED.search(listed)
    if updated is None or named is None:
        raise ZonesUnusable("The time zones (tzdata) don't say of when they are; install tzdata anew")
    last = datetime.fromtimestamp(int(updated[1]), UTC).date()
    if today > last + OLDEST:
        raise ZonesUnusable(
            f"The time zones (tzdata {named[1]}) are older than a year, brought up to date in {last:%B %Y}:"
            " install a newer tzdata before anybody is called"
        )
    return named[1]
