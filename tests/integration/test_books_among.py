"""`among` on each engine: it finds what `IN` finds, in one statement for any number of values."""

from __future__ import annotations

import pytest
from sqlalchemy import event, or_, select

from ledger.among import among
from ledger.database import Database
from ledger.tables import BudgetRow, PhoneRow

WRITTEN = ["", "a:+3225550101", "d:'1'", 'd:"2"', "d:é\\n", "a:%"]


@pytest.fixture
def budget(database: Database) -> Database:
    """Books with keys that want quoting."""
    with database.unit_of_work() as session:
        session.add_all(BudgetRow(key=key) for key in WRITTEN)
    return database


@pytest.mark.parametrize("values", [[], ["nobody"], WRITTEN[:1], WRITTEN[2:5], WRITTEN, WRITTEN * 400])
def test_it_finds_what_in_finds(budget: Database, values: list[str]) -> None:
    with budget.reading() as session:
        found = set(session.scalars(select(BudgetRow.key).where(among(BudgetRow.key, values))))
        handed_in = set(session.scalars(select(BudgetRow.key).where(among(BudgetRow.key, "keys")), {"keys": values}))
    assert found == handed_in == set(values) & set(WRITTEN)


def test_two_may_stand_side_by_side_and_either_be_denied(budget: Database) -> None:
    with budget.reading() as session:
        either = or_(among(BudgetRow.key, WRITTEN[:1]), among(BudgetRow.key, WRITTEN[1:2]))
        assert set(session.scalars(select(BudgetRow.key).where(either))) == set(WRITTEN[:2])
        assert set(session.scalars(select(BudgetRow.key).where(~among(BudgetRow.key, WRITTEN[:4])))) == set(WRITTEN[4:])


def test_the_statement_is_the_same_for_one_and_for_a_thousand(database: Database) -> None:
    sent: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *one: sent.append(one[2]))
    with database.reading() as session:
        for many in (1, 2, 1000):
            session.execute(select(PhoneRow.e164).where(among(PhoneRow.debtor_id, range(many)))).all()
    asked = [one for one in sent if "phone" in one]
    assert len(asked) == 3
    assert len(set(asked)) == 1
