"""One question: this debtor, this channel and number, now. Local clocks are read once and shared by all rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ledger.contact import Channel
from ledger.phone import country_of
from ledger.region import Region, region_of
from ledger.zone import candidate_zones, instant, tz, zones_of_address, zones_of_number
from schedules.callback import Callback
from schedules.campaign import CampaignRules
from schedules.day import Day, Terms
from schedules.row import Minutes
from schedules.rules import Banded, Rules, Standstill
from schedules.standing import Contact, Invoice, Phone, Standing

_UTC = ZoneInfo("UTC")


#: People who are remembered: somebody is asked about three times within seconds, and then not for a day.
_REMEMBERED = 4096


@lru_cache(_REMEMBERED)
def _home(
    country: str | None, region: str | None, postcode: str | None, zone: str | None
) -> tuple[Region | None, tuple[str, ...]]:
    """Law and zones of an address."""
    return (
        region_of(country, region=region, postcode=postcode),
        zones_of_address(country, region=region, postcode=postcode, zone=zone),
    )


@lru_cache(_REMEMBERED)
def _place(
    country: str | None, region: str | None, postcode: str | None, zone: str | None, e164: str
) -> tuple[Region | None, tuple[str, ...], tuple[ZoneInfo, ...]]:
    """Law, the zones that must all be open, and their clocks as far as those are known, of an address and a number.

    Law and holidays follow the address; only without a country the number (empty: none).
    """
    law, home = _home(country, region, postcode, zone)
    if law is None and e164:
        law = region_of(country_of(e164))
    zones = candidate_zones(home, zones_of_number(e164) if e164 else ())
    return law, zones, tuple(found for name in zones if (found := tz(name)) is not None)


def _clock(zone: ZoneInfo, now: datetime) -> tuple[date, int]:
    """What the clocks of a zone show, as local date and whole minutes since its beginning."""
    # as UTC, since the two instants of an hour that a zone's own clock shows twice count as equal
    return _clock_at(zone, now if now.tzinfo is UTC else now.astimezone(UTC))


@lru_cache(maxsize=4096)
def _clock_at(zone: ZoneInfo, now: datetime) -> tuple[date, int]:
    """The same, remembered: everybody of a batch is asked about at one moment."""
    clock = now.astimezone(zone)
    return clock.date(), clock.hour * 60 + clock.minute


class Local:
    """The clock of one zone that must be open."""

    __slots__ = ("banded", "date", "day", "minute", "name", "tz")

    def __init__(self, name: str, zone: ZoneInfo, now: datetime) -> None:
        self.name = name
        self.tz = zone
        self.date: date
        #: Whole minutes since local midnight.
        self.minute: int
        self.date, self.minute = _clock(zone, now)
        #: What the rules say of this day; None where no law is known.
        self.day: Day | None = None
        #: The band's hours on this day, once somebody has looked.
        self.banded: Banded | None = None

    def opens(self, minutes: Minutes) -> datetime:
        """When the next of these intervals of this day begins; after the last: the beginning of the next day."""
        for start, _ in minutes:
            if start > self.minute:
                return self.at(self.date, start)
        return self.at(self.date, 24 * 60)

    def at(self, day: date, minute: int = 0) -> datetime:
        """The instant of a local minute; where the clock is put back, the earlier one."""
        return instant(self.tz, day, minute)


class Case:
    """The question, with what is derived from it. Decisions read it and change nothing."""

    __slots__ = (
        "callback",
        "campaign",
        "channel",
        "earliest_date",
        "known_at",
        "locals",
        "now",
        "phone",
        "region",
        "rules",
        "standing",
        "standstill",
        "terms",
        "to_tell",
        "zone_known",
        "zones",
    )

    def __init__(
        self,
        standing: Standing,
        channel: Channel,
        now: datetime,
        rules: Rules,
        *,
        phone: Phone | None,
        callback: Callback | None = None,
        campaign: CampaignRules | None = None,
        known_at: datetime | None = None,
    ) -> None:
        self.standing = standing
        #: The moment at which the books were read; None: how old a creditor's payments are is not asked.
        self.known_at = known_at
        self.channel = channel
        self.now = now
        self.rules = rules
        self.phone = phone
        #: Set: asked as the call-back that the person wants; then only the law and the facts hold.
        self.callback = callback
        self.campaign = campaign
        e164 = phone.e164 if phone is not None else ""
        #: Whose law and holidays; and every zone that must be open, empty: none is known.
        self.region, self.zones, clocks = _place(
            standing.country, standing.region, standing.postcode, standing.zone, e164
        )
        self.zone_known: bool = bool(clocks) and len(clocks) == len(self.zones)
        #: Never empty: without any zone, UTC's calendar serves the rules that read only dates.
        self.locals = [Local(clock.key, clock, now) for clock in clocks or (_UTC,)]
        self.standstill: Standstill | None = Standstill.NO_PROFILE
        if self.region is not None:
            for local in self.locals:
                day = rules.look(self.region, local.date)
                if isinstance(day, Standstill):
                    self.standstill = day
                    break
                local.day = day
            else:
                self.standstill = None
        first = self.locals[0]
        #: The local date where it is earliest.
        self.earliest_date: date = first.date if len(self.locals) == 1 else min(one.date for one in self.locals)
        #: The invoices that may be told of as far as due dates, amounts and holds go, once somebody has looked.
        self.to_tell: list[Invoice] | None = None
        self.terms: Terms = first.day.terms if first.day is not None else rules.terms(self.region, first.date)

    def from_day(self, day: date) -> datetime:
        """The instant from which it is this day in every zone."""
        return max(local.at(day) for local in self.locals)

    def days_after(self, moment: datetime, days: int) -> datetime:
        """The instant from which, in every zone, so many local days have begun since that of `moment` (itself 0)."""
        return max(local.at(moment.astimezone(local.tz).date() + timedelta(days=days)) for local in self.locals)

    def date_of(self, contact: Contact, local: Local) -> date:
        """The local date of a contact in one of the zones."""
        return contact.local_date if contact.zone == local.name else contact.begun_at.astimezone(local.tz).date()
