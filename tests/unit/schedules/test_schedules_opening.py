"""Laws that hold for every person, history and instant: openings are exact, and nothing is allowed outside the law."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.contact import Channel, Disposition
from ledger.interval import around
from ledger.money import Money
from ledger.region import Region, region_of
from schedules.cap import COUNTED
from schedules.law_file import shipped_rules
from schedules.permission import may_contact, next_opening
from schedules.row import KINDS_OF_DAY
from schedules.standing import Agreement, Contact, Hold, Phone, Standing
from schedules.testing import NUMBERS, ZONES, a_contact, a_standing, an_invoice, local, with_live, with_open_bands
from schedules.verdict import ORDER, Allowed, Refused
from schedules.wish import HoursWish, NotBefore

#: The rules of the United States as if they were in use: the laws below hold for them too.
RULES = with_live(with_open_bands(shipped_rules()), "US")
MINUTE = timedelta(minutes=1)
#: The weeks around Christmas 2026 hold every kind of day.
_FIRST = datetime(2026, 12, 7, tzinfo=UTC)
_MOMENTS = st.integers(0, 28 * 24 * 60 * 60).map(lambda seconds: _FIRST + timedelta(seconds=seconds))
_PAST = st.integers(1, 34 * 24 * 60).map(lambda minutes: _FIRST - timedelta(minutes=minutes))


@st.composite
def _standings(draw: st.DrawFn) -> Standing:
    country = draw(st.sampled_from(["BE", "NL", "FR", "DE", "GB", "US"]))
    numbers = st.sampled_from([NUMBERS[country], NUMBERS["NL"], "+12125551234", "+262692123456"])
    phones = draw(st.lists(numbers, min_size=1, max_size=2, unique=True))
    contacts = st.lists(
        st.builds(
            lambda at, address, disposition, right, asked: a_contact(
                at, address=address, disposition=disposition, right_party=right, talked=right, solicited=asked
            ),
            _PAST,
            st.sampled_from(phones),
            st.sampled_from(list(Disposition)),
            st.booleans(),
            st.booleans(),
        ),
        max_size=5,
    )
    holds = st.lists(
        st.builds(
            lambda kind, at, days, channel: Hold(
                kind=kind, from_at=at, until_at=at + timedelta(days=days), channel=channel
            ),
            st.sampled_from(["manual", "hardship", "crisis", "opt_out"]),
            _MOMENTS,
            st.integers(1, 9),
            st.sampled_from([None, "voice", "sms"]),
        ),
        max_size=2,
    )
    promise = st.builds(
        lambda at, days: Agreement(id=1, kind="promise", made_at=at, due_on=(at + timedelta(days=days)).date()),
        _PAST,
        st.integers(1, 40),
    )
    callback = st.builds(
        lambda at, start, minutes: Agreement(
            id=2, kind="callback", made_at=at, from_at=start, until_at=start + timedelta(minutes=minutes)
        ),
        _PAST,
        _MOMENTS,
        st.integers(5, 600),
    )
    wish = st.one_of(
        st.builds(
            lambda days, start, length, said: HoursWish(days, (start, min(start + length, 1440)), said),
            st.one_of(st.none(), st.frozensets(st.integers(0, 6), min_size=1)),
            st.integers(0, 1380),
            st.integers(30, 600),
            st.booleans(),
        ),
        st.builds(NotBefore, st.dates(date(2026, 12, 1), date(2026, 12, 30)), st.none()),
    )
    return a_standing(
        country,
        region=draw(st.sampled_from([None, "BE", "BY", "57", "SCT", "MA", "NYC"])),
        birth_date=draw(st.one_of(st.none(), st.dates(date(2008, 11, 1), date(2009, 1, 31)))),
        phones=tuple(Phone(e164=e164, rank=n) for n, e164 in enumerate(phones)),
        contacts=tuple(sorted(draw(contacts), key=lambda one: one.begun_at)),
        holds=tuple(draw(holds)),
        agreements=tuple(draw(st.lists(st.one_of(promise, callback), max_size=2))),
        wishes=tuple(draw(st.lists(wish, max_size=2))),
        invoices=(an_invoice(due_on=draw(st.dates(date(2026, 11, 1), date(2026, 12, 20))), open=Money(9000)),),
    )


def _region(standing: Standing) -> Region:
    found = region_of(standing.country, standing.region, standing.postcode)
    assert found is not None
    return found


def _allowed(standing: Standing, at: datetime) -> bool:
    return isinstance(may_contact(standing, Channel.VOICE, at, rules=RULES), Allowed)


@settings(max_examples=25, deadline=None)
@given(_standings(), _MOMENTS)
def test_the_next_opening_is_the_first_minute_that_is_allowed(standing: Standing, after: datetime) -> None:
    opening = next_opening(standing, Channel.VOICE, after, rules=RULES)
    whole = after if not (after.second or after.microsecond) else after.replace(second=0, microsecond=0) + MINUTE
    end = whole + timedelta(days=3) if opening is None else min(opening, whole + timedelta(days=3))
    if opening is not None:
        assert opening >= after
        assert (opening.second, opening.microsecond) == (0, 0)
        assert _allowed(standing, opening)
        # The last hour before it, minute by minute, and then every seventh minute back to the start.
        grid = [opening - MINUTE * n for n in range(1, 61)] + [whole + MINUTE * n for n in range(0, 4320, 7)]
    else:
        grid = [whole + MINUTE * n for n in range(0, 4320, 7)]
    assert not [at for at in grid if whole <= at < end and _allowed(standing, at)]


@settings(max_examples=80, deadline=None)
@given(_standings(), _MOMENTS)
def test_nothing_is_ever_allowed_outside_the_law(standing: Standing, at: datetime) -> None:
    verdict = may_contact(standing, Channel.VOICE, at, rules=RULES)
    if not isinstance(verdict, Allowed):
        return
    for name in verdict.zones:
        clock = at.astimezone(ZoneInfo(name))
        day = RULES.day(_region(standing), clock.date())
        minute = clock.hour * 60 + clock.minute
        if day.law is not None:
            assert around(day.law, minute) is not None
        # Where the law says nothing: our outermost hours, and never a Sunday.
        assert 8 * 60 <= minute < 20 * 60 or day.law is not None
        assert clock.weekday() != KINDS_OF_DAY.index("sun")
    assert at < verdict.closes_at
    assert at + timedelta(seconds=325) <= verdict.closes_at


@settings(max_examples=80, deadline=None)
@given(_standings(), _MOMENTS)
def test_no_answer_ever_passes_a_cap(standing: Standing, at: datetime) -> None:
    verdict = may_contact(standing, Channel.VOICE, at, rules=RULES)
    if not isinstance(verdict, Allowed) or verdict.callback_id is not None:
        return
    terms = RULES.terms(_region(standing), at.date())
    for name in verdict.zones:
        today = at.astimezone(ZoneInfo(name)).date()
        ages = [
            (today - one.begun_at.astimezone(ZoneInfo(name)).date()).days
            for one in standing.contacts
            if one.channel in COUNTED and not one.solicited
        ]
        for cap in terms.caps:
            assert sum(age < cap.days for age in ages) < cap.limit


@settings(max_examples=80, deadline=None)
@given(_standings(), _MOMENTS)
def test_the_named_rule_is_the_first_of_all(standing: Standing, at: datetime) -> None:
    verdict = may_contact(standing, Channel.VOICE, at, rules=RULES)
    if isinstance(verdict, Refused):
        assert verdict.all[0] == verdict.rule
        assert list(verdict.all) == sorted(set(verdict.all), key=ORDER.__getitem__)
        assert verdict.reason


@settings(max_examples=80, deadline=None)
@given(_standings(), _MOMENTS, st.integers(0, 600))
def test_an_answer_holds_until_the_moment_that_it_names(standing: Standing, at: datetime, minutes: int) -> None:
    verdict = may_contact(standing, Channel.VOICE, at, rules=RULES)
    later = at + timedelta(minutes=minutes)
    holds = [hold.from_at for hold in standing.holds]
    windows = [one.from_at for one in standing.agreements if one.from_at is not None]
    if isinstance(verdict, Allowed) and later <= verdict.dial_by and not any(at < x <= later for x in holds + windows):
        assert _allowed(standing, later)


def test_an_opening_is_looked_for_sixty_days_ahead_and_no_further() -> None:
    now = local("2026-11-24 10:30")
    far = a_standing(holds=(Hold(kind="manual", from_at=_FIRST - timedelta(days=99), until_at=now + timedelta(60)),))
    assert next_opening(far, Channel.VOICE, now, rules=RULES) == now + timedelta(days=60)
    further = a_standing(
        holds=(Hold(kind="manual", from_at=_FIRST - timedelta(days=99), until_at=now + timedelta(70)),)
    )
    assert next_opening(further, Channel.VOICE, now, rules=RULES) is None


def test_an_opening_is_rounded_up_to_the_whole_minute() -> None:
    now = local("2026-11-24 10:30") + timedelta(seconds=20)
    assert next_opening(a_standing(), Channel.VOICE, now, rules=RULES) == local("2026-11-24 10:31")


def test_every_country_has_a_zone_to_be_tested_in() -> None:
    assert set(ZONES) == set(RULES.profiles)


def test_a_contact_of_another_country_keeps_its_own_day() -> None:
    contact = Contact(
        channel="voice",
        address=NUMBERS["BE"],
        begun_at=datetime(2026, 11, 23, 23, 30, tzinfo=UTC),
        zone="Europe/London",
        local_date=date(2026, 11, 23),
    )
    verdict = may_contact(a_standing(contacts=(contact,)), Channel.VOICE, local("2026-11-24 10:30"), rules=RULES)
    assert isinstance(verdict, Refused)
    assert verdict.rule == "cap_day"
