"""What a change of rules opens: never later than the first moment that is really new."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.contact import Channel
from ledger.region import Region
from schedules.permission import next_opening
from schedules.rules import Rules
from schedules.rules_change import Hours, Opened, is_laxer
from schedules.rules_document import read_document, rules_of
from schedules.rules_text import band_table
from schedules.standing import Phone
from schedules.testing import NUMBERS, a_contact, a_standing, local


def laid(shipped: Rules, *rows: dict[str, Any], **weeks: Any) -> Rules:
    """The shipped rules with rows, and bands with other hours."""
    bands = [band_table(band) for band in shipped.bands.bands]
    for band in bands:
        band["hours"] = weeks.get(band["key"], band["hours"])
    return rules_of(shipped, read_document({"row": list(rows), "band": bands}, shipped.profiles), 1)


def test_nothing_opens_where_nothing_changed_or_hours_became_fewer(shipped: Rules) -> None:
    fewer = laid(shipped, adult={"weekdays": ["17:30-18:45"]})
    for after in (shipped, laid(shipped), fewer):
        opened = Opened(Hours(rules=shipped), Hours(rules=after), local("2026-11-24 10:00"))
        assert opened.at(a_standing()) is None
        assert opened.at(a_standing(birth_date=None)) is None


def test_more_hours_open_from_their_first_new_minute_for_their_band_alone(shipped: Rules) -> None:
    after = laid(shipped, adult={"weekdays": ["12:00-13:00", "17:00-18:45"]})
    opened = Opened(Hours(rules=shipped), Hours(rules=after), local("2026-11-24 10:00"))
    assert opened.at(a_standing()) == local("2026-11-24 12:00")
    assert opened.at(a_standing(birth_date=date(1950, 1, 1))) is None
    assert Opened(Hours(rules=shipped), Hours(rules=after), local("2026-11-24 13:00")).at(a_standing()) == local(
        "2026-11-25 12:00"
    )


def test_a_looser_count_opens_every_hour_of_the_band(shipped: Rules) -> None:
    after = laid(shipped, {"name": "ladder_call_days", "value": 5})
    assert is_laxer(shipped.terms(Region("BE"), date(2026, 11, 24)), after.terms(Region("BE"), date(2026, 11, 24)))
    assert not is_laxer(after.terms(Region("BE"), date(2026, 11, 24)), shipped.terms(Region("BE"), date(2026, 11, 24)))
    opened = Opened(Hours(rules=shipped), Hours(rules=after), local("2026-11-24 10:00"))
    assert opened.at(a_standing()) == local("2026-11-24 17:00")


def test_a_campaigns_wider_windows_open_like_a_bands(shipped: Rules) -> None:
    narrow, wide = (((1020, 1080),),) * 7, (((1020, 1120),),) * 7
    opened = Opened(
        Hours(rules=shipped, windows=narrow), Hours(rules=shipped, windows=wide), local("2026-11-24 10:00")
    )  # fmt: skip
    assert opened.at(a_standing()) == local("2026-11-24 18:00")


QUARTERS = st.integers(32, 80).map(lambda n: n * 15)
PAIRS = st.tuples(QUARTERS, QUARTERS).filter(lambda pair: pair[0] < pair[1])
WEEKS = st.dictionaries(
    st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat"]),
    PAIRS.map(lambda p: [f"{p[0] // 60:02}:{p[0] % 60:02}-{p[1] // 60:02}:{p[1] % 60:02}"]),
    min_size=1,
)


@settings(max_examples=150)
@given(
    weeks=st.dictionaries(st.sampled_from(["adult", "senior", "unknown", "student"]), WEEKS, max_size=3),
    born=st.one_of(st.none(), st.dates(date(1930, 1, 1), date(2008, 1, 1)), st.just(date(1961, 11, 28))),
    country=st.sampled_from(["BE", "NL", "FR", "DE"]),
    hours=st.integers(0, 24 * 30),
    tries=st.integers(0, 2),
    days=st.sampled_from([5, 15, 40]),
    due=st.integers(0, 40),
)
def test_whoever_gains_is_looked_at_in_time(
    shipped: Rules, weeks: Any, born: date | None, country: str, hours: int, tries: int, days: int, due: int
) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hours)
    tried = tuple(a_contact(now - timedelta(days=10, hours=n)) for n in range(tries))
    person = a_standing(country, birth_date=born, phones=(Phone(e164=NUMBERS[country]),), contacts=tried)
    invoice = person.invoices[0]
    person = a_standing(
        country, birth_date=born, phones=person.phones, contacts=tried,
        invoices=(type(invoice)(id=1, creditor_id=1, creditor="A", role="creditor", issued_on=invoice.issued_on,
                                due_on=now.date() - timedelta(days=due), open=invoice.open),),
    )  # fmt: skip
    after = laid(shipped, {"name": "ladder_call_days", "value": days}, **weeks)
    was = next_opening(person, Channel.VOICE, now, rules=shipped)
    will = next_opening(person, Channel.VOICE, now, rules=after)
    if will is not None and (was is None or will < was):
        bound = Opened(Hours(rules=shipped), Hours(rules=after), now).at(person)
        assert bound is not None
        assert bound <= will
