"""`beltoon report`: of a campaign, where on the ladder people are reached, promise and pay, and where they stop."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from desk.cli import app
from desk.cli.output import AsJson, console, counted, plain_table, print_json
from desk.wiring import campaign_clock, open_database, rules_book
from schedules.campaign_store import campaign_named
from schedules.funnel import Step, funnel
from schedules.funnel_store import refusals_of, ways_of

_STAGES = ("not reminded yet", "first reminder", "second reminder", "last reminder")


class _ACampaignOrElse(TyperGroup):
    """`beltoon report NAME` is `beltoon report campaign NAME`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the word in where it was left out."""
        first = next((word for word in args if not word.startswith("-")), None)
        return super().parse_args(ctx, args if first is None or first in self.commands else ["campaign", *args])


report = typer.Typer(
    cls=_ACampaignOrElse, no_args_is_help=True, help="Of a campaign (by its name), or of our texts (prompts)."
)
app.add_typer(report, name="report")


@report.command("campaign")
def campaign_command(
    campaign: Annotated[str, typer.Argument(help="The campaign's name.")],
    as_json: AsJson = False,
) -> None:
    """How far people came on each step of the ladder, and which rules kept us from calling."""
    database = open_database()
    now = campaign_clock(database)()
    with database.reading() as session:
        found = campaign_named(session, campaign)
        steps = funnel(ways_of(session, found, now, rules_book().now(session)), now.date())
        refused = refusals_of(session, found.id)
    if as_json:
        stages = [asdict(one) for one in steps]
        print_json({"campaign": campaign, "at": now.isoformat(), "stages": stages, "refused": refused})
        return
    _show(steps, refused)


def _show(steps: tuple[Step, ...], refused: dict[str, int]) -> None:
    people = sum(one.people for one in steps)
    headings = ("at", "people", "contacted", "talked", "promised", "kept", "paid", "stopped", "silent")
    table = plain_table(*headings, wraps=("at",), caption=counted(people, "person", "people"))
    for one in steps:
        counts = (one.people, one.contacted, one.talked, one.promised, one.kept, one.paid, one.stopped, one.silent)
        table.add_row(_STAGES[one.stage], *map(str, counts))
    console.print(table)
    if refused:
        rules = plain_table("refused by", "times")
        for rule, times in refused.items():
            rules.add_row(rule, str(times))
        console.print(rules)
