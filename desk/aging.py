"""What the doctor says of data that grows old by itself: a country's rules, and the lines for people in despair."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from desk.finding import Finding, Health
from ivr.help_line import HelpLine, stale
from schedules.rules import Rules, Standstill


def judged_rules(rules: Rules, today: date) -> Finding:
    """Can the rules be called by today? A review that is too old and a missing table of holidays stop a country."""
    stands = {country: rules.standstill(country, today) for country in sorted(rules.profiles)}
    stopped = {country: why for country, why in stands.items() if why not in (None, Standstill.NOT_LIVE)}
    if stopped:
        told = "; ".join(f"nobody is called in {rules.profile(one).name}: {why}" for one, why in stopped.items())
        return Finding(what="rules", health=Health.WRONG, told=told)
    if late := rules.overdue(today):
        return Finding(what="rules", health=Health.NOTE, told="; ".join(late))
    kept = [country for country, why in stands.items() if why is Standstill.NOT_LIVE]
    told = ", ".join(country for country in stands if country not in kept)
    told += f"; not in use: {', '.join(kept)}" if kept else ""
    return Finding(what="rules", health=Health.GOOD, told=f"{told}; {rules.version}")


def judged_help_lines(lines: Sequence[HelpLine], countries: Collection[str], today: date) -> Finding:
    """Does everybody hear a number that was looked up within a year? `countries`: where people are called."""
    if missing := sorted(set(countries) - {one.country for one in lines}):
        told = f"people in a crisis are named no line in {', '.join(missing)}; add one to ivr/help_lines.toml"
        return Finding(what="help lines", health=Health.WRONG, told=told)
    if old := stale(lines, today):
        named = ", ".join(f"{one.country} {one.number} ({one.source}, {one.checked_on})" for one in old)
        told = f"not looked up for a year: {named}; look, then set checked_on in ivr/help_lines.toml"
        return Finding(what="help lines", health=Health.NOTE, told=told)
    oldest = min(one.checked_on for one in lines)
    return Finding(what="help lines", health=Health.GOOD, told=f"each looked up on {oldest} or later")
