"""`beltoon agreements end` and `lift`: what one of our people ends by hand, and whether a machine may call then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from desk import wiring
from desk.cli.agreement_deeds import Id
from desk.cli.agreements import agreements_app
from desk.cli.output import AsJson, console, print_json, who
from desk.cli.why import opening_told
from dialer.by_hand_store import Ended, calls_now, end, lift
from ledger.deed import deed
from ledger.ending import Asked, name_of
from ledger.hold_lift_store import Lifted
from ledger.lifting import Said
from schedules.why import why_document

_HOLD = typer.Argument(metavar="HOLD", help="The hold's id, as `beltoon agreements` shows it.")
_WHY = typer.Option("--why", metavar="TEXT", help="The reason, kept with it.")
_AS = typer.Option("--as", metavar="STATE", help="kept, withdrawn or broken, where its kind may; none: the usual one.")
_BY = typer.Option("--by", metavar="NAME", help="Who ends it; none: whoever gives this command.")
_TRIED = typer.Option("--not-reached", help="A call by one of us that reached nobody: it stays open, the try is noted.")
_ASKED = typer.Option("--asked-by-them", help="opt_out: the person asked for calls again.")
_NUMBER = typer.Option("--number-of", metavar="DEBTOR", help="wrong_number: whose number it is after all.")


@agreements_app.command("end")
def end_command(
    agreement: Id,
    why: Annotated[str, _WHY],
    state: Annotated[str | None, _AS] = None,
    by: Annotated[str | None, _BY] = None,
    talked: Annotated[bool, typer.Option("--talked", help="You talked with the person: the rest begins.")] = False,
    not_reached: Annotated[bool, _TRIED] = False,
    as_json: AsJson = False,
) -> None:
    """End what was agreed or asked: its own holds go with it, and the person is looked at anew from now on."""
    database = wiring.open_database()
    now, rules = wiring.campaign_clock(database)(), wiring.rules(database)
    done = deed(now, who() if by is None else by, why)
    with database.unit_of_work() as session:
        ended = end(session, agreement, Asked(state=state, talked=talked, not_reached=not_reached), done)
        known = () if ended.debtor_id is None else (ended.debtor_id,)
        then = [why_document(one, verdict, now) for one, verdict in calls_now(session, known, now, rules)]
    if as_json:
        print_json(
            {
                "agreement": ended.id,
                "kind": ended.kind,
                "state": ended.state,
                "talked": ended.talked,
                "lifted": list(ended.lifted),
                "then": then,
            }
        )
    else:
        _show(_ended(ended), then)


@agreements_app.command("lift")
def lift_command(
    hold: Annotated[int, _HOLD],
    why: Annotated[str, _WHY],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who lifts it.")],
    asked_by_them: Annotated[bool, _ASKED] = False,
    number_of: Annotated[str | None, _NUMBER] = None,
    as_json: AsJson = False,
) -> None:
    """Lift a hold that stands by itself: of a list, an opt-out, a wrong number. Who lifted it and why is kept."""
    database = wiring.open_database()
    now, rules = wiring.campaign_clock(database)(), wiring.rules(database)
    done, said = deed(now, by, why), Said(asked_by_them=asked_by_them, number_of=number_of)
    with database.unit_of_work() as session:
        lifted = lift(session, hold, said, done)
        then = [why_document(one, verdict, now) for one, verdict in calls_now(session, lifted.debtors, now, rules)]
    if as_json:
        told = {"kind": lifted.kind, "lifted_at": now.isoformat(), "reopened": lifted.reopened}
        print_json({"hold": lifted.id, **told, "then": then})
    else:
        _show(_lifted(lifted), then)


def _ended(one: Ended) -> Iterator[str]:
    name = name_of(one.kind)
    if one.state == "open":
        yield f"Noted: nobody was reached. The {name} {one.id} stays open."
        return
    rest = "; the rest after a talk begins" if one.talked else ""
    yield f"The {name} {one.id} is over ({one.state}){rest}."
    if one.lifted:
        yield f"Lifted with it: hold {', '.join(map(str, one.lifted))}."


def _lifted(one: Lifted) -> Iterator[str]:
    number = " The number is in use again." if one.reopened else ""
    yield f"Hold {one.id} ({one.kind.replace('_', ' ')}) is lifted.{number}"


def _show(lines: Iterator[str], then: Sequence[dict[str, Any]]) -> None:
    for line in (*lines, *map(_then, then)):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _then(one: dict[str, Any]) -> str:
    if one["verdict"] == "allowed":
        return f"{one['debtor']} may be called now."
    return f"{one['debtor']} may not be called now: {one['reason']} ({one['rule']}); next opening: {opening_told(one)}"
