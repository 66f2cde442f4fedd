"""What may be typed about a campaign: one list of options, for every command that makes or changes one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Annotated, Any, get_type_hints

import typer

from desk.campaign_options import given


@dataclass(frozen=True, kw_only=True)
class TypedRules:
    """A campaign's rules as they were typed. None: that option was not named."""

    creditor: Annotated[str | None, typer.Option(help="Only this creditor's invoices; none: everybody's.")] = None
    lines: Annotated[int | None, typer.Option(help="Calls at one time at most.")] = None
    cps: Annotated[float | None, typer.Option(help="New calls a second at most.")] = None
    hand_over_to: Annotated[
        str | None, typer.Option(help="Who really gets the invoices in the end; else no last reminder is read.")
    ] = None
    window: Annotated[
        list[str] | None,
        typer.Option(help="Hours narrower than ours, as mon-fri=17:00-18:00; once for each; none: ours."),
    ] = None
    start_on: Annotated[str | None, typer.Option(help="The first day, as 2026-12-01; none: at once.")] = None
    end_on: Annotated[str | None, typer.Option(help="The last day; none: without end.")] = None
    daily_volume: Annotated[str | None, typer.Option(help="Calls in one local day at most; none: no such limit.")] = (
        None
    )
    audience: Annotated[
        list[str] | None,
        typer.Option(
            help="Whom it is about, as min_open=50.00, max_days_late=60, countries=BE,NL, languages=nl, bands=adult or"
            " stages=1,2; once for each; none: whoever owes."
        ),
    ] = None
    script: Annotated[
        str | None, typer.Option(help="by_stage: in the tone of each person's stage; friendly: never firm.")
    ] = None
    served_by: Annotated[
        str | None,
        typer.Option(help="Who talks: ivr, the machine; agents, our people, called only while one is free."),
    ] = None
    carrier: Annotated[str | None, typer.Option(help="Who places the calls: asterisk.")] = None
    caller_id: Annotated[
        str | None,
        typer.Option(help="Our number as the called see it: the settings' or the creditor's; none: the settings'."),
    ] = None

    def changes(self) -> dict[str, Any]:
        """What of the rules they change. Raises `BadCampaign`."""
        texts = {
            "creditor": self.creditor,
            "hand_over_to": self.hand_over_to,
            "start_on": self.start_on,
            "end_on": self.end_on,
            "script": self.script,
            "served_by": self.served_by,
            "carrier": self.carrier,
            "caller_id": self.caller_id,
        }
        numbers = {"lines": self.lines, "calls_per_second": self.cps}
        return given(texts, numbers, self.window, self.daily_volume, self.audience)


def takes_rules(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the parameter `typed: TypedRules` takes each of its fields as an option."""
    hints = get_type_hints(TypedRules, include_extras=True)
    options = [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
        )
        for field in fields(TypedRules)
    ]
    signature = inspect.signature(command, eval_str=True)
    others = [one.replace(kind=one.KEYWORD_ONLY) for one in signature.parameters.values() if one.name != "typed"]

    @functools.wraps(command)
    def spread(**given: Any) -> None:
        command(typed=TypedRules(**{one.name: given.pop(one.name) for one in options}), **given)

    # the program reads a command's options from its signature; flags like --json come last
    spread.__signature__ = signature.replace(parameters=[others[0], *options, *others[1:]])  # type: ignore[attr-defined]
    return spread
