"""Builders for tests of this room and of its users: a debtor who may be called, and what to change about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ledger.contact import Channel
from ledger.money import Money
from schedules.band import Band, Bands
from schedules.rules import Rules
from schedules.standing import Agreement, Contact, Hold, Invoice, Phone, Standing
from schedules.verdict import Refused, Verdict

#: A number of each country that a test may name; nobody has them.
NUMBERS = {
    "BE": "+32470123456",
    "NL": "+31612345678",
    "FR": "+33612345678",
    "DE": "+4915112345678",
    "GB": "+447911123456",
    "US": "+15185550123",
}
ZONES = {
    "BE": "Europe/Brussels",
    "NL": "Europe/Amsterdam",
    "FR": "Europe/Paris",
    "DE": "Europe/Berlin",
    "GB": "Europe/London",
    "US": "America/New_York",
}
_POSTCODES = {"BE": "2000", "NL": "1012 AB", "FR": "75001", "DE": "10115", "GB": "SW1A 1AA", "US": "12207"}
#: Long enough ago for every rule.
LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)


def local(text: str, zone: str = "Europe/Brussels") -> datetime:
    """An instant by the clock of a zone: `local("2026-11-24 10:30")`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def with_open_bands(rules: Rules) -> Rules:
    """The same rules with one band for everybody, open at every hour: to look at the other rules alone."""
    all_day = (((0, 24 * 60),),) * 7
    calls = (Channel.VOICE,)
    band = Band(
        key="all", title="everybody", unknown_age=True, turns=(all_day,), first_contact=calls, later_contact=calls
    )
    return _changed(rules, bands=Bands(bands=(band,), source="test", version="test"))


def with_live(rules: Rules, country: str, *, without: str | None = None) -> Rules:
    """The same rules with a country's profile in use, and without the rows of one of its parts."""
    rows = tuple(row for row in rules.profiles[country].rows if without is None or without not in row.regions)
    return with_profile(rules, country, live=True, rows=rows)


def with_profile(rules: Rules, country: str, **over: Any) -> Rules:
    """The same rules with something changed about one country's profile."""
    return _changed(rules, profiles={**rules.profiles, country: replace(rules.profiles[country], **over)})


def _changed(rules: Rules, **over: Any) -> Rules:
    """A copy in which nothing is compiled yet."""
    kept: dict[str, Any] = {
        "profiles": rules.profiles, "defaults": rules.defaults, "bands": rules.bands, "version": rules.version
    }  # fmt: skip
    return Rules(**{**kept, **over})


def a_standing(country: str | None = "BE", **over: Any) -> Standing:
    """Ada, of full age, with one number and one invoice that is long due: inside the hours she may be called."""
    standing = Standing(
        debtor_id=1,
        ref="4711",
        birth_date=date(1980, 6, 1),
        country=country,
        region="BE" if country == "DE" else None,
        postcode=_POSTCODES.get(country or ""),
        phones=(Phone(e164=NUMBERS.get(country or "", NUMBERS["BE"])),),
        invoices=(an_invoice(),),
    )
    return replace(standing, **over)


def an_invoice(**over: Any) -> Invoice:
    """120.00 EUR to a creditor that calls for itself, due since January 2024."""
    invoice = Invoice(
        id=1,
        creditor_id=1,
        creditor="Stroomdal",
        role="creditor",
        due_on=date(2024, 1, 15),
        issued_on=date(2024, 1, 1),
        open=Money(12000),
    )
    return replace(invoice, **over)


def a_contact(begun_at: datetime, **over: Any) -> Contact:
    """A call that nobody answered."""
    zone = over.get("zone", "Europe/Brussels")
    contact = Contact(
        channel="voice",
        address=NUMBERS["BE"],
        begun_at=begun_at,
        ended_at=begun_at,
        zone=zone,
        local_date=begun_at.astimezone(ZoneInfo(zone)).date(),
        disposition="no_answer",
    )
    return replace(contact, **over)


def a_talk(begun_at: datetime, **over: Any) -> Contact:
    """A call on which the debtor, proved, heard the amount."""
    talked: dict[str, Any] = {"disposition": "heard", "talked": True, "right_party": True}
    return a_contact(begun_at, **{**talked, **over})


def a_hold(kind: str, **over: Any) -> Hold:
    """A hold of the person on every channel, until somebody lifts it."""
    return replace(Hold(kind=kind, from_at=LONG_AGO, via="list"), **over)


def an_agreement(kind: str, made_at: datetime, **over: Any) -> Agreement:
    """An open agreement."""
    return replace(Agreement(id=1, kind=kind, made_at=made_at), **over)


def rule_of(verdict: Verdict) -> str | None:
    """The rule that refuses; None: it is allowed."""
    return verdict.rule if isinstance(verdict, Refused) else None
