"""The bench of who is next measures what it says: both ways find the same people, and nobody is claimed twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desk.bench import claims
from desk.bench.bare_store import bare_next, copy_bare
from desk.bench.selection import selection
from desk.bench.selection_store import CAMPAIGN, MORNING, SCENES, Scene, set_scene, write_people
from dialer.tables import AttemptRow, CallRow, EntryRow
from ledger.contact import Channel
from ledger.database import Database
from ledger.tables import ContactRow, ReceiptRow
from schedules.law_file import shipped_rules
from schedules.opening_store import next_candidates
from schedules.permission import may_contact
from schedules.standing_store import standings_of
from schedules.verdict import Allowed

DEBTORS = 1000


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_ours_and_the_bare_queue_find_the_same_people_in_the_same_order(database: Database, scene: Scene) -> None:
    write_people(database, 1, DEBTORS, lambda written: None)
    set_scene(database, scene, DEBTORS)
    copy_bare(database)
    with database.reading() as session:
        ours = [one.id for one in next_candidates(session, CAMPAIGN, scene.now, 50)]
        assert ours == [row[0] for row in bare_next(session, scene.now, 50)]
    assert len(ours) == 50


def test_its_debtors_may_be_called_in_the_morning_and_have_been_tried_before(database: Database) -> None:
    write_people(database, 1, 20, lambda written: None)
    with database.reading() as session:
        standings = standings_of(session, range(1, 21))
    verdicts = [
        may_contact(one, Channel.VOICE, MORNING.now, rules=shipped_rules())
        for one in standings.values()
        if one.zone in ("Europe/Brussels", "Europe/Paris")
    ]
    assert all(isinstance(one, Allowed) for one in verdicts)
    assert sum(len(one.contacts) for one in standings.values()) == 50


def test_the_bench_gives_its_rows_and_claims_nobody_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path))
    monkeypatch.setattr("desk.bench.claims.AT_ONCE", 5)
    monkeypatch.setattr("desk.bench.selection.CLAIMS", 20)
    monkeypatch.setattr("desk.bench.selection.JUDGING_SECONDS", 0.1)
    told: Counter[str] = Counter()
    rows = selection(lambda what: None, lambda written: told.update(written=written), DEBTORS)
    assert told["written"] == DEBTORS
    assert len(rows) == len(SCENES) + 6
    by_name = {row.name: row for row in rows}
    assert by_name["debtors claimed twice"].ours == 0
    assert (by_name[f"claims a second, {claims.PROCESSES} processes"].ours or 0) > 0
    assert (by_name["lines of why --batch a second"].ours or 0) > 0


def test_the_rows_of_a_claim_are_written_again_beside_it_and_all_of_them(database: Database) -> None:
    write_people(database, 1, DEBTORS, lambda written: None)
    set_scene(database, MORNING, DEBTORS)
    whole = database.url.render_as_string(hide_password=False)
    _, claimed = claims.briefed(whole, "bench", MORNING.now, 5)
    before = _counts(database)
    _, again = claims.again(whole, "bench", MORNING.now, len(claimed))
    assert sorted(again) == sorted(claimed)
    assert {after - count for after, count in zip(_counts(database), before, strict=True)} == {len(claimed)}


def _counts(database: Database) -> list[int]:
    with database.reading() as session:
        written = (ContactRow, ReceiptRow, AttemptRow, CallRow, EntryRow)
        return [session.scalar(select(func.count()).select_from(rows)) or 0 for rows in written]
