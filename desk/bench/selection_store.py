"""A million made-up debtors in ten zones, written by a few statements; and the states of a day in which they wait."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, MetaData, String, Table, bindparam, insert, text
from sqlalchemy.orm import Session

from ledger.database import Database, UtcDateTime
from ledger.money import Money
from ledger.tables import CreditorRow
from schedules.campaign import CampaignRules
from schedules.campaign_store import create_campaign, move_campaign
from schedules.opening_store import Opening
from schedules.rank import Stakes, standing_place
from schedules.reach import PRIOR_CHANCE

#: Eight zones that are open together by day, and two that are open while those sleep.
ZONES = (
    "Europe/Brussels", "Europe/Amsterdam", "Europe/Paris", "Europe/Berlin", "Europe/London", "Europe/Lisbon",
    "Europe/Madrid", "Europe/Athens", "Asia/Tokyo", "Australia/Sydney",
)  # fmt: skip
#: The hours in which the made-up people are waited for, by their own clock.
OPENS, CLOSES = time(9), time(18)
TODAY = date(2026, 11, 24)
CAMPAIGN = 1
#: Days before today on which everybody was tried, and everybody with an odd number: 2.5 tries each.
_TRIED, _TRIED_ODD = (24, 12), 17
#: Rows of one statement.
SLICE = 50_000
#: So many amounts there are, a step apart (cents); and a prime, so that neighbours differ.
_AMOUNTS, _STEP_MINOR, _STRIDE = 400, 100, 7919


_helpers = MetaData()
_zone = Table(
    "bench_zone", _helpers, Column("n", Integer), Column("name", String(64)), Column("begun_at", UtcDateTime()),
    Column("until_at", UtcDateTime()), Column("next_at", UtcDateTime()), Column("next_until", UtcDateTime()),
    Column("is_over", Boolean), prefixes=["TEMPORARY"],
)  # fmt: skip
_try = Table(
    "bench_try", _helpers, Column("odd", Integer), Column("day", Date), Column("at", UtcDateTime()),
    prefixes=["TEMPORARY"],
)  # fmt: skip
_debt = Table(
    "bench_debt", _helpers, Column("n", Integer), Column("minor", BigInteger), Column("place", Integer),
    prefixes=["TEMPORARY"],
)  # fmt: skip

_NUMBERS = "WITH RECURSIVE numbers(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM numbers WHERE i < {last}) "
_MINE = f"i % {_AMOUNTS} * {_STRIDE} % {_AMOUNTS}"
_PEOPLE = (
    """INSERT INTO debtor (id, ref, name, kind, student, birth_date, language, postcode, country, zone, listening)
    SELECT i, 'D-' || CAST(i AS VARCHAR), 'Ada Peeters', 'person', :no, :born, 'nl', '9000', 'BE', z.name, 'normal'
    FROM numbers JOIN bench_zone z ON z.n = i % 10""",
    """INSERT INTO account (id, creditor_id, debtor_id, customer_no, call_code, secret_code)
    SELECT i, 1, i, CAST(i AS VARCHAR), '4821', '730951' FROM numbers""",
    """INSERT INTO phone (debtor_id, e164, written, rank, kind, verdict, from_at)
    SELECT i, '+800' || CAST(20000000 + i AS VARCHAR), '', 1, 'own', 'good', :long_ago FROM numbers""",
    f"""INSERT INTO invoice (creditor_id, account_id, number, amount_minor, open_minor, currency, issued_on, due_on)
    SELECT 1, i, CAST(i AS VARCHAR), d.minor, d.minor, 'EUR', :issued, :due
    FROM numbers JOIN bench_debt d ON d.n = {_MINE}""",  # noqa: S608 - our own figures
    """INSERT INTO contact (debtor_id, address, channel, solicited, zone, local_date, debtor_slot, address_slot,
                            begun_at, ended_at, disposition, talked, right_party)
    SELECT i, '+800' || CAST(20000000 + i AS VARCHAR), 'voice', :no, z.name, t.day, 1, 1, t.at, t.at, 'no_answer',
           :no, :no
    FROM numbers JOIN bench_zone z ON z.n = i % 10 JOIN bench_try t ON t.odd <= i % 2""",
    f"""INSERT INTO candidate (campaign_id, debtor_id, next_eligible_at, open_until, rank, stage, waits_since)
    SELECT 1, i, z.begun_at, z.until_at, d.place, 1, :long_ago
    FROM numbers JOIN bench_zone z ON z.n = i % 10 JOIN bench_debt d ON d.n = {_MINE}""",  # noqa: S608 - our own figures
)  # fmt: skip
_WAIT = f"""UPDATE candidate SET
    next_eligible_at = CASE WHEN z.is_over AND debtor_id / 10 % 2 = 0 THEN z.next_at ELSE z.begun_at END,
    open_until = CASE WHEN z.is_over AND debtor_id / 10 % 2 = 0 THEN z.next_until ELSE z.until_at END,
    rank = d.place + debtor_id % 200, waits_since = :last_try
    FROM bench_zone z, bench_debt d
    WHERE z.n = debtor_id % 10 AND d.n = debtor_id % {_AMOUNTS} * {_STRIDE} % {_AMOUNTS}
    AND debtor_id BETWEEN :first AND :last"""  # noqa: S608 - our own figures
_TRY = """UPDATE candidate SET next_eligible_at = z.next_at, open_until = z.next_until, rank = rank + :later,
    waits_since = :now
    FROM bench_zone z
    WHERE z.n = debtor_id % 10 AND NOT z.is_over AND rank <= :place AND debtor_id BETWEEN :first AND :last"""


@dataclass(frozen=True)
class Scene:
    """A moment of the day, and how the candidates then wait."""

    name: str
    now: datetime
    #: Share of all who were tried today: those with the best ranks.
    tried: float = 0.0


def clock(hours: int, minutes: int = 0) -> datetime:
    """A moment of the day by the clock of the first zone, told in UTC as the dialer's clock tells it."""
    return datetime.combine(TODAY, time(hours, minutes), ZoneInfo(ZONES[0])).astimezone(UTC)


SCENES = (
    Scene("midday", clock(12, 30)),
    Scene("night, two zones open", clock(3)),
    Scene("end of a day on which 60 % were tried", clock(17, 30), tried=0.6),
)
#: When claims are measured: old people may be called then.
MORNING = Scene("morning", clock(10, 30))
_LAST_TRY = datetime.combine(TODAY - timedelta(days=min(_TRIED)), time(10), UTC)


def write_people(database: Database, first: int, last: int, told: Callable[[int], None]) -> None:
    """Debtors `first` to `last` with an invoice, a number, 2.5 tries each, and a campaign that holds them all."""
    long_ago = datetime.combine(TODAY - timedelta(days=200), time(12), UTC)
    values: dict[str, Any] = {
        "no": False, "born": date(1956, 3, 2), "long_ago": long_ago, "issued": TODAY - timedelta(days=100),
        "due": TODAY - timedelta(days=60),
    }  # fmt: skip
    for start in range(first, last + 1, SLICE):
        end = min(start + SLICE - 1, last)
        with database.unit_of_work() as session:
            if start == 1:
                _creditor_and_campaign(session, long_ago)
            with _helping(session, MORNING.now):
                for statement in _PEOPLE:
                    _run(session, _NUMBERS.format(first=start, last=end) + statement, values)
        told(end - start + 1)
    _known_to_the_server(database)


def set_scene(database: Database, scene: Scene, debtors: int) -> None:
    """Let everybody wait as they do at that moment; the server then knows its tables."""
    for first in range(1, debtors + 1, SLICE):
        with database.unit_of_work() as session, _helping(session, scene.now):
            _run(session, _WAIT, {"last_try": _LAST_TRY, "first": first, "last": first + SLICE - 1})
    if scene.tried:
        with database.reading() as session:
            of_all = text("SELECT rank FROM candidate ORDER BY rank LIMIT 1 OFFSET :n")
            place = session.scalar(of_all, {"n": int(debtors * scene.tried)})
        later = round((scene.now - _LAST_TRY) / timedelta(days=1) * 1000)
        values = {"later": later, "now": scene.now, "place": place}
        for first in range(1, debtors + 1, SLICE):
            with database.unit_of_work() as session, _helping(session, scene.now):
                _run(session, _TRY, {**values, "first": first, "last": first + SLICE - 1})
    _known_to_the_server(database, "candidate")


def _known_to_the_server(database: Database, table: str = "") -> None:
    """What a server does by itself after a while, done now: else it would do so while we measure."""
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM ANALYZE {table}")


def openings_at(zone: str, now: datetime) -> tuple[Opening, Opening]:
    """The last opening of a zone that has begun by then, and the one after it."""
    today = now.astimezone(ZoneInfo(zone)).date()
    days = [
        tuple(datetime.combine(today + timedelta(days=n), at, ZoneInfo(zone)).astimezone(UTC) for at in (OPENS, CLOSES))
        for n in (-1, 0, 1)
    ]
    last = 1 if days[1][0] <= now else 0
    return (days[last][0], days[last][1]), (days[last + 1][0], days[last + 1][1])


@contextlib.contextmanager
def _helping(session: Session, now: datetime) -> Iterator[None]:
    """Small tables that the statements join: zones with their openings at `now`, tries, and debts with their places."""
    connection = session.connection()
    _helpers.create_all(connection)
    zones = []
    for n, name in enumerate(ZONES):
        (begun_at, until_at), (next_at, next_until) = openings_at(name, now)
        zones.append(
            {
                "n": n, "name": name, "begun_at": begun_at, "until_at": until_at, "next_at": next_at,
                "next_until": next_until, "is_over": until_at <= now,
            }
        )  # fmt: skip
    connection.execute(insert(_zone), zones)
    days = [(0, ago) for ago in _TRIED] + [(1, _TRIED_ODD)]
    tries = [(odd, TODAY - timedelta(days=ago)) for odd, ago in days]
    connection.execute(
        insert(_try), [{"odd": odd, "day": day, "at": datetime.combine(day, time(10), UTC)} for odd, day in tries]
    )
    connection.execute(insert(_debt), [_debt_row(n) for n in range(_AMOUNTS)])
    yield
    _helpers.drop_all(connection)


def _debt_row(n: int) -> dict[str, int]:
    minor = 2000 + n * _STEP_MINOR
    stakes = Stakes(owed=Money(minor), days_late=60, waits_since=_LAST_TRY)
    return {"n": n, "minor": minor, "place": standing_place(stakes, PRIOR_CHANCE)}


def _creditor_and_campaign(session: Session, at: datetime) -> None:
    session.add(CreditorRow(id=1, name="Lichtveld", sender="Lichtveld", policy={}, callback_number="+3225550100"))
    session.flush()
    create_campaign(session, "bench", CampaignRules(lines=1000, calls_per_second=1000.0), at, "bench")
    move_campaign(session, "bench", "start", at, "bench")


def _run(session: Session, statement: str, values: dict[str, Any]) -> None:
    kinds: dict[type, Any] = {bool: Boolean(), datetime: UtcDateTime(), date: Date(), int: BigInteger()}
    named = [name for name in values if f":{name}" in statement]
    typed = text(statement).bindparams(*(bindparam(name, type_=kinds[type(values[name])]) for name in named))
    session.execute(typed, {name: values[name] for name in named})
