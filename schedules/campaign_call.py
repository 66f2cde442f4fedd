"""How a campaign's calls are made: by which carrier, shown as which number, spoken by whom and by which script."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from ledger.phone import Verdict, judge
from schedules.errors import BadCampaign

#: Who can place calls today.
CARRIERS = ("asterisk",)


class Script(StrEnum):
    """What is said. Both are the same dialogue; they differ in how far its tone may go."""

    #: In the tone of each person's stage: friendly, friendly again, firm and last.
    BY_STAGE = "by_stage"
    #: Never firm, at whatever stage: the last reminder is not read.
    FRIENDLY = "friendly"


class ServedBy(StrEnum):
    """Who talks with those that are called."""

    IVR = "ivr"
    #: One call for one agent, who is free, speaks the person's language and is kept for it: never predictive.
    AGENTS = "agents"


class Talks(StrEnum):
    """Who will talk with one person."""

    AGENT = "agent"
    #: An agent where one is free, else the machine.
    AGENT_FIRST = "agent first"
    MACHINE = "machine"


#: The stage at which the dialogue is still friendly.
_LAST_FRIENDLY_STAGE = 2
#: What must never stand on somebody's display as ours, and how it is said.
_NEVER_SHOWN = {
    Verdict.EMERGENCY: "an emergency number",
    Verdict.SHORT: "a short code",
    Verdict.PREMIUM: "a premium or shared-cost number",
    Verdict.SATELLITE: "a satellite or global-network number",
    Verdict.NO_PERSON: "a number that reaches a service and no person",
}


def who_talks(served_by: str, person_first: bool) -> Talks:
    """Who talks with a person of a campaign that is served by these; `person_first`: as their band says."""
    if served_by == ServedBy.AGENTS:
        return Talks.AGENT
    return Talks.AGENT_FIRST if person_first else Talks.MACHINE


def told_stage(script: str, stage: int) -> int:
    """The stage in whose tone a call speaks: 1 friendly, 2 friendly again, 3 firm and last."""
    return min(stage, _LAST_FRIENDLY_STAGE) if script == Script.FRIENDLY else stage


def check_calls(script: str, carrier: str, served_by: str, caller_id: str | None) -> None:
    """Raises `BadCampaign`, naming the field, for what can't be used, or a number that may never be shown."""
    if script not in list(Script):
        raise BadCampaign(f"script: there is no {script!r}; write {' or '.join(Script)}")
    if carrier not in CARRIERS:
        raise BadCampaign(f"carrier: {carrier!r} can't place calls here; write {' or '.join(CARRIERS)}")
    if served_by not in list(ServedBy):
        raise BadCampaign(f"served_by: {served_by!r} is nobody who can talk; write {' or '.join(ServedBy)}")
    if caller_id is None:
        return
    verdict, e164 = judge(caller_id) if isinstance(caller_id, str) else (Verdict.INVALID, "")
    if verdict in _NEVER_SHOWN:
        raise BadCampaign(f"caller_id: {caller_id[:24]} is {_NEVER_SHOWN[verdict]}, which is never shown as ours")
    if verdict is not Verdict.GOOD or e164 != caller_id:
        raise BadCampaign(
            f"caller_id: {str(caller_id)[:24]!r} is no number; write it with + and its country: +3225550100"
        )


def check_ours(caller_id: str | None, ours: Iterable[str | None]) -> None:
    """Raises `BadCampaign` for a caller id that is none of our numbers: nobody may be rung in a stranger's name."""
    numbers = sorted({one for one in ours if one})
    if caller_id is not None and caller_id not in numbers:
        known = f"; ours: {', '.join(numbers)}" if numbers else ""
        raise BadCampaign(
            f"caller_id: {caller_id} is no number of ours; give that of BELTOON_TRUNK__CALLER_ID, or the call-back"
            f" number of the campaign's own creditor{known}"
        )
