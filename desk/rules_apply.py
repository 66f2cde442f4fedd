"""A change of a house's rules on its way into the books: read, checked, weighed, saved, and those woken who gain."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from desk.errors import DeskError, unread
from desk.rules_effect import Effect, effect
from ledger.database import Database
from schedules.campaign import Campaign
from schedules.campaign_store import all_campaigns
from schedules.errors import BadRules
from schedules.rules import Rules
from schedules.rules_check import check_document
from schedules.rules_document import read_document, rules_of
from schedules.rules_store import RulesBook, RulesVersion, newest_version, save_version
from schedules.wake_store import wake_after_rules

Tell = Callable[[int, int], None]
_LONGEST_NOTE = 200


@dataclass(frozen=True, kw_only=True)
class Change:
    """A document that may be saved, and what it would do."""

    document: Mapping[str, Any]
    #: The number of the version that it replaces; 0: the shipped rules alone.
    replaces: int
    after: Rules
    warnings: tuple[str, ...]
    effect: Effect


def read_file(name: str) -> dict[str, Any]:
    """A document from a file, or from standard input (`-`). Raises `DeskError`, `BadRules`."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DeskError(f"{name} can't be read: {unread(error)}") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRules(f"{name} is not readable TOML: {error}") from error


def plain(value: Any) -> Any:
    """A document as the books hold it: days as texts."""
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def weigh(database: Database, book: RulesBook, given: Mapping[str, Any], now: datetime, tell: Tell) -> Change:
    """Check a document and ask what it would do. Raises `BadRules`; nothing is saved here."""
    read = read_document(given, book.shipped.profiles)
    warnings = check_document(book.shipped, read, now.date())
    with database.reading() as session:
        version, before = newest_version(session), book.now(session)
        campaigns = all_campaigns(session)
    replaces = version.n if version is not None else 0
    after = rules_of(book.shipped, read, replaces + 1)
    document = {name: plain(given[name]) for name in ("source", "band", "row") if name in given}
    if read.bands is not None and read.bands.bands == book.shipped.bands.bands:
        del document["band"]  # what is as shipped is no choice
    warnings = (*warnings, *_left_without_a_band(campaigns, after))
    found = effect(database, before, after, now, tell)
    return Change(document=document, replaces=replaces, after=after, warnings=warnings, effect=found)


def _left_without_a_band(campaigns: Sequence[Campaign], after: Rules) -> Iterator[str]:
    """Campaigns whose audience names a band that would not be there any more."""
    keys = {band.key for band in after.bands.bands}
    for one in campaigns:
        named = one.rules.audience.bands if one.rules.audience is not None else ()
        for key in named:
            if key not in keys:
                yield f"the campaign {one.name} is for the band {key}, which is not there any more"


def save(
    database: Database, book: RulesBook, change: Change, now: datetime, by: str, note: str | None, tell: Tell
) -> tuple[RulesVersion, int]:
    """Save it: the next originate goes by it. Then wake whoever gains; gives how many. Raises `BadRules`."""
    if note is not None and len(note) > _LONGEST_NOTE:
        raise BadRules(f"note: at most {_LONGEST_NOTE} letters")
    with database.unit_of_work() as session:
        version = save_version(session, change.document, now, by, note, change.replaces)
    return version, wake_after_rules(database, book, now, tell)
