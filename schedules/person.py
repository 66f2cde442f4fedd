"""Who the person is: nobody under eighteen is contacted, on any channel."""

from __future__ import annotations

from ledger.age import birthday
from schedules.case import Case
from schedules.verdict import Refusal

#: Full age in every country that we know.
FULL_AGE = 18


def of_age(case: Case) -> list[Refusal]:
    """`minor`: in every zone the eighteenth birthday must have come; a hold of kind `minor` says it without a date."""
    found = []
    born = case.standing.birth_date
    if born is not None and case.earliest_date < (full := birthday(born, FULL_AGE)):
        reason = "The person is under 18: nobody under age is contacted by a machine"
        found.append(
            Refusal(
                rule="minor",
                reason=reason,
                value=f"18 on {full}",
                source="project default",
                confidence="D",
                until=case.from_day(full),
                zone=case.locals[0].name,
            )
        )
    for hold in case.standing.holds:
        if hold.kind == "minor" and hold.stops(case.channel, case.now):
            reason = "The person is reported to be under 18: nobody under age is contacted by a machine"
            found.append(Refusal(rule="minor", reason=reason, source=hold.via or None, until=hold.until_at))
    return found
