"""`beltoon agreements move`, `answer`, `called` and `tasks`: what one of our people does about an agreement."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer
from rich.text import Text

from desk import wiring
from desk.cli.agreements import agreements_app
from desk.cli.output import ALARMING, AsJson, console, plain_table, print_json, who
from desk.typed import day as typed_day
from ledger.agreement_answer_store import Answered
from ledger.errors import BadAnswer
from schedules.agreement_task_store import AgreementTask, accept, agreement_tasks, move, refuse
from schedules.crisis_store import called

Id = Annotated[int, typer.Argument(metavar="ID", help="The agreement's id, as `beltoon agreements --json` tells it.")]
_ANSWERS = ("accept", "refuse")


@agreements_app.command("move")
def move_command(
    agreement: Id,
    instalment: Annotated[int, typer.Option("--instalment", help="Which part of the plan, from 1.")],
    to: Annotated[str, typer.Option("--to", help="Its new day, such as 2026-12-11.")],
    as_json: AsJson = False,
) -> None:
    """Give an open instalment a later day: once a plan, at most two weeks, on a day on which banks work."""
    day = _day("to", to)
    database = wiring.open_database()
    now, rules = wiring.campaign_clock(database)(), wiring.rules(database)
    with database.unit_of_work() as session:
        moved = move(session, agreement, instalment, day, now, who(), rules)
    if as_json:
        told = {"n": moved.n, "was_on": moved.was_on.isoformat(), "due_on": moved.due_on.isoformat()}
        print_json({"agreement": agreement, "moved": told})
    else:
        console.print(f"Instalment {moved.n} of plan {agreement} is due on {moved.due_on} (it was {moved.was_on}).")


@agreements_app.command("answer")
def answer_command(
    agreement: Id,
    answer: Annotated[str, typer.Argument(help="accept (the plan as the person asked for it) or refuse.")],
    first: Annotated[str | None, typer.Option("--first", help="Day of the first part; none: two weeks ahead.")] = None,
    as_json: AsJson = False,
) -> None:
    """Answer a plan request: a plan with the person's own figure, or a kind no and a call by one of us."""
    if answer not in _ANSWERS:
        raise BadAnswer(f"answer: {answer[:32]} is no answer; write accept or refuse")
    if first is not None and answer == "refuse":
        raise BadAnswer("first: a refusal has no first day; leave --first out")
    first_on = None if first is None else _day("first", first)
    database = wiring.open_database()
    now, rules = wiring.campaign_clock(database)(), wiring.rules(database)
    with database.unit_of_work() as session:
        if answer == "accept":
            made = accept(session, agreement, first_on, now, who(), rules)
        else:
            made = refuse(session, agreement, now, who(), rules)
    if as_json:
        print_json(_answered(agreement, answer, made))
    elif made.parts:
        each = ", ".join(f"{day} {part}" for day, part in made.parts)
        console.print(f"Plan {made.agreement_id} stands: {each}")
    else:
        console.print(f"Refused kindly; one of us calls (agreement {made.agreement_id}).")


@agreements_app.command("called")
def called_command(agreement: Id, as_json: AsJson = False) -> None:
    """Say that one of us has called the person of a crisis: its alarm is over, the quiet days stay."""
    database = wiring.open_database()
    now = wiring.campaign_clock(database)()
    with database.unit_of_work() as session:
        called(session, agreement, now, who())
    if as_json:
        print_json({"agreement": agreement, "called_at": now.isoformat()})
    else:
        console.print(f"The alarm of agreement {agreement} is over; no machine contacts this person in the quiet days.")


@agreements_app.command("tasks")
def tasks_command(as_json: AsJson = False) -> None:
    """What our people have to look at about agreements: a crisis first, what is late, then all that waits for them."""
    database = wiring.open_database()
    now = wiring.campaign_clock(database)()
    with database.reading() as session:
        tasks = agreement_tasks(session, now)
    if as_json:
        print_json({"tasks": [_task(one) for one in tasks]})
        return
    headings = ("", "kind", "debtor", "agreement", "answer by", "since (UTC)", "why")
    told = f"{len(tasks)} to look at"
    table = plain_table(*headings, wraps=("debtor", "why"), title="For our people", caption=told)
    for one in tasks:
        answer_by = one.answer_by.isoformat() if one.answer_by else ""
        whom = Text(f"{one.debtor} {one.name}" if one.debtor else "unknown caller")
        since = f"{one.made_at:%d %b %H:%M}"
        crisis = one.kind == "crisis"
        mark = "!!" if crisis else "!" if one.urgent else ""
        cells = (mark, one.kind, whom, str(one.agreement_id), answer_by, since, Text(one.why))
        table.add_row(*cells, style=ALARMING if crisis else None)
    console.print(table)


def _day(field: str, text: str) -> date:
    found = typed_day(text)
    if isinstance(found, str):
        raise BadAnswer(f"{field}: {found}")
    return found


def _answered(agreement: int, answer: str, made: Answered) -> dict[str, Any]:
    parts = [
        {"n": n, "due_on": day.isoformat(), "amount": str(part.decimal)} for n, (day, part) in enumerate(made.parts, 1)
    ]
    return {"agreement": agreement, "answer": answer, "made": made.agreement_id, "instalments": parts}


def _task(one: AgreementTask) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "urgent": one.urgent,
        "debtor": one.debtor,
        "name": one.name,
        "agreement": one.agreement_id,
        "answer_by": one.answer_by.isoformat() if one.answer_by else None,
        "why": one.why,
        "since": one.made_at.isoformat(),
    }
