"""What one rule says about one instant: it refuses, it may refuse (the texts leave it open), or it is silent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: The closed list of the readings, section D, in the order of B4.
_LIST = """
no_law no_profile_live no_zone
minor
deceased mediation crisis hardship dispute complaint plan_request plan already_paid manual paid part_paid not_due
invoice_hold agreement nothing_open
no_number bad_number opt_out wrong_number wish_channel wish_number
letter ladder stale first_contact
promise callback_waits rest rest_abandoned voicemail_cap not_home student_wait two_failures
cap_day cap_7 cap_30 cap_day_number cap_7_number cap_30_number
holiday sunday
wish
band
xmas_close
outer_hours default_hours
law_day law_hours
last_dial
"""
ORDER = tuple(_LIST.split())
RANK = {rule: n for n, rule in enumerate(ORDER)}


@dataclass(frozen=True)
class Finding:
    """A refusal that bears one of these names; the texts say which, or leave the name open."""

    rules: frozenset[str]
    #: False: whether it refuses at all is open.
    certain: bool = True


def no(*rules: str) -> Finding:
    """It refuses, under one of these names."""
    return Finding(frozenset(rules))


def perhaps(*rules: str) -> Finding:
    """By one reading it refuses, by another it does not."""
    return Finding(frozenset(rules), certain=False)


def either(readings: Iterable[bool], *rules: str) -> list[Finding]:
    """What follows from several readings of one rule: each says whether it refuses."""
    said = set(readings)
    if said == {True}:
        return [no(*rules)]
    return [perhaps(*rules)] if True in said else []


def refused(findings: Iterable[Finding]) -> bool:
    """By every reading."""
    return any(found.certain for found in findings)


def quarrel(findings: list[Finding], rule: str | None, every: Iterable[str] | None = None) -> str | None:
    """Why an answer does not follow from the findings by any reading; None: it does.

    `rule` is the first that refuses, None for an allowed contact; `every` all that refuse by themselves.
    """
    certain = [found for found in findings if found.certain]
    if rule is None:
        return f"allowed, but refused by {_names(certain)}" if certain else None
    possible = {name for found in findings for name in found.rules}
    if rule not in possible:
        return f"refused by {rule}, but only {sorted(possible, key=RANK.__getitem__)} may refuse"
    before = [found for found in certain if max(RANK[name] for name in found.rules) < RANK[rule]]
    if before:
        return f"named {rule}, but {_names(before)} comes first"
    if every is None:
        return None
    named = set(every)
    if named - possible:
        return f"all names {sorted(named - possible)}, which do not refuse"
    missing = [found for found in certain if not found.rules & named]
    return f"all lacks {_names(missing)}" if missing else None


def _names(findings: Iterable[Finding]) -> str:
    return ", ".join("|".join(sorted(found.rules)) for found in findings)
