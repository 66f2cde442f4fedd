"""Many questions in one go: lines of JSON in, one answer a line out, in their order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from desk.typed import instant
from dialer.campaign_guard_store import full_days, with_volume
from ledger.contact import Channel
from ledger.database import Database
from schedules.campaign import Campaign
from schedules.permission import may_contact
from schedules.rules import Rules
from schedules.rules_store import RulesBook
from schedules.standing import Standing
from schedules.standing_store import debtor_ids_of, standings_at
from schedules.verdict import Verdict
from schedules.why import why_document

#: Lines that are read before they are answered, whatever their moments: they share one look at the books.
TOGETHER = 200


@dataclass(frozen=True)
class Question:
    """One line: about whom, and at what time."""

    debtor: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the books tell for one question."""

    standing: Standing
    #: The rules that held then.
    rules: Rules
    #: The local days on which the campaign had begun as many calls as it may.
    full: frozenset[date]


def verdict_on(told: Told, channel: Channel, at: datetime, *, campaign: Campaign | None, known_at: datetime) -> Verdict:
    """Permission's answer; of a campaign as the dialer would act on it, whose day may be full."""
    said = campaign.rules if campaign is not None else None
    verdict = may_contact(told.standing, channel, at, rules=told.rules, campaign=said, known_at=known_at)
    if campaign is None or channel is not Channel.VOICE:
        return verdict
    return with_volume(verdict, told.full, told.standing, campaign, told.rules, at)


def question(line: str, now: datetime) -> Question | str:
    """What a line asks; a sentence where it can't be understood."""
    try:
        given = json.loads(line)
        json.dumps(given, ensure_ascii=False).encode()  # half a letter of a pair: no database takes it
    except (ValueError, RecursionError):
        return 'not JSON; write {"debtor": "4711", "at": "2026-12-23T18:30:00+01:00"}'
    if not isinstance(given, dict) or not isinstance(given.get("debtor"), str):
        return 'debtor: missing; write {"debtor": "4711", "at": "2026-12-23T18:30:00+01:00"}'
    if unknown := sorted(given.keys() - {"debtor", "at"}):
        return f"{unknown[0]}: is no part of a question; write debtor and at"
    at = given.get("at")
    if at is None:
        return Question(given["debtor"], now)
    moment = instant(at)
    return f"at: {moment}" if isinstance(moment, str) else Question(given["debtor"], moment)


def answers(
    database: Database,
    lines: Iterable[str],
    now: datetime,
    *,
    rules: RulesBook,
    campaign: Campaign | None = None,
    channel: Channel = Channel.VOICE,
    known_at: datetime | None = None,
) -> Iterator[dict[str, Any]]:
    """One document a line, as `why` gives it; `{"line", "error"}` for a line that can't be answered.

    `now`: the moment of a line that names none. `known_at`: the books' own time, where that is another one.
    """
    known_at = known_at or now
    waiting: list[tuple[int, Question | str]] = []
    for n, line in enumerate(lines, 1):
        if line.strip():
            waiting.append((n, question(line, now)))
        if len(waiting) == TOGETHER:
            yield from _answered(database, waiting, known_at, rules, campaign, channel)
            waiting = []
    yield from _answered(database, waiting, known_at, rules, campaign, channel)


def _answered(
    database: Database,
    asked: list[tuple[int, Question | str]],
    known_at: datetime,
    rules: RulesBook,
    campaign: Campaign | None,
    channel: Channel,
) -> Iterator[dict[str, Any]]:
    told = _gathered(database, [one for _, one in asked if isinstance(one, Question)], rules, campaign)
    for n, one in asked:
        if isinstance(one, str):
            yield {"line": n, "error": one}
        elif (found := told.get(one)) is None:
            yield {"line": n, "error": f"debtor: there is no {one.debtor}"}
        else:
            verdict = verdict_on(found, channel, one.at, campaign=campaign, known_at=min(one.at, known_at))
            yield why_document(found.standing, verdict, one.at)


def _gathered(
    database: Database, asked: Sequence[Question], rules: RulesBook, campaign: Campaign | None
) -> dict[Question, Told]:
    """How each person stood at the moment of the question, and the rules that held then."""
    with database.reading() as session:
        ids = debtor_ids_of(session, {one.debtor for one in asked})
        known = [one for one in asked if one.debtor in ids]
        moments = {one.at for one in known}
        standings = standings_at(session, [(ids[one.debtor], one.at) for one in known])
        held = rules.at_each(session, moments)
        full = {at: full_days(session, campaign, at, at) if campaign is not None else frozenset() for at in moments}
    return {
        one: Told(standing=standings[ids[one.debtor], one.at], rules=held[one.at], full=full[one.at]) for one in known
    }
