"""A claim as values: what was promised to a dialer before a byte goes to the carrier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialer.agent import PersonFirst
from schedules.campaign import CampaignRules
from schedules.rules import Rules


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """Somebody who may be called now, and what must be rendered first."""

    candidate_id: int
    campaign_id: int
    campaign_version_id: int
    creditor_id: int | None
    debtor_id: int
    #: What the campaign says: whose invoices, how long it rings.
    rules: CampaignRules
    #: 1 friendly, 2 friendly again, 3 firm and last.
    stage: int
    #: Who speaks first.
    person_first: PersonFirst = PersonFirst.NEVER
    #: Names that this call needs as sound, in its language.
    language: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Claimer:
    """Who claims: the dialer's name and fence, its carrier, and the rules that hold at this moment."""

    owner: str
    fence: int
    carrier: str
    rules: Rules
    ring: timedelta
    #: The version of a language's texts.
    text_version: Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """An attempt that is ours, committed as `dialing`: it counts as made, whatever becomes of it.

    Nobody can be connected yet: its ticket is issued with its briefing, right before the order leaves.
    """

    attempt: str
    #: The ticket into the line.
    entry: str
    prospect: Prospect
    e164: str
    claimed_at: datetime

    @property
    def debtor_id(self) -> int:
        """Whom we call."""
        return self.prospect.debtor_id

    @property
    def language(self) -> str:
        """The language in which what it needs was rendered."""
        return self.prospect.language

    @property
    def rules(self) -> CampaignRules:
        """What the campaign says."""
        return self.prospect.rules


def budget_keys(debtor_id: int, address: str) -> tuple[str, ...]:
    """The budget rows that a claim locks, in the order in which every claim locks them."""
    return tuple(sorted((f"d:{debtor_id}", f"a:{address}")))


def with_agents(
    prospects: Sequence[Prospect], free: Sequence[tuple[str, ...]], most: int
) -> tuple[list[Prospect], tuple[tuple[str, ...], ...]]:
    """The first so many who may be called now, and which agents are left: who needs one of our people is called only
    while one who speaks the language is free, one call an agent."""
    ready: list[Prospect] = []
    left = list(free)
    for one in prospects:
        if len(ready) == most:
            break
        fits = next((spoken for spoken in left if one.language[:2] in spoken), None)
        if one.person_first is not PersonFirst.NEVER and fits is not None:
            left.remove(fits)
        elif one.person_first is PersonFirst.ONLY:
            continue
        ready.append(one)
    return ready, tuple(left)
