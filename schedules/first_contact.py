"""By which channel the ladder reaches a person: the band's order of first contact, and other ways after silence. Pure.

It orders and never refuses: what may be done now is permission's word (reading A5).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ledger.contact import Channel
from ledger.contact import Disposition as D
from ledger.phone import is_mobile
from schedules.band import Band
from schedules.case import Case
from schedules.number import can_be_used, in_order
from schedules.standing import Contact

#: Ends of a try that cannot have been noticed: no contact that somebody left without a reaction.
_UNNOTICED = frozenset({D.CANCELLED, D.CONGESTION, D.FAILED, D.UNALLOCATED, D.WRONG_NUMBER, D.ABANDONED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """When a channel is left, and when a person of ours looks."""

    contacts: int
    channels: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """By what a step reaches the person."""

    channel: Channel
    #: A sentence for receipts and lists.
    why: str
    #: So many channels were met with silence that one of our people looks first.
    look: bool = False


def possible_channels(case: Case) -> dict[Channel, str]:
    """By what the person can be reached at all, and where: opt-outs, wishes and numbers that can't take a text."""
    standing, found = case.standing, {}
    for channel in (Channel.VOICE, Channel.SMS):
        for phone in in_order(standing):
            asked = Case(standing, channel, case.now, case.rules, phone=phone, campaign=case.campaign)
            if channel not in found and (channel is Channel.VOICE or is_mobile(phone.e164)) and can_be_used(asked):
                found[channel] = phone.e164
    asked = Case(standing, Channel.EMAIL, case.now, case.rules, phone=case.phone, campaign=case.campaign)
    if standing.email and can_be_used(asked):
        found[Channel.EMAIL] = standing.email
    return found


def choose(
    band: Band, stage: int, possible: Collection[Channel], contacts: Sequence[Contact], silence: Silence
) -> Choice:
    """The channel of a step: by the table, without those that are impossible or were met with silence; else a letter.

    `contacts` oldest first. A reaction on any channel ends the silence on all.
    """
    reacted, quiet = _history(contacts)
    silent = {channel for channel, times in quiet.items() if times >= silence.contacts}
    look = len(silent) >= silence.channels
    order = band.first_contact if stage == 1 else band.later_contact
    if band.as_last_reacted and reacted is not None:
        order = (reacted, *order)
    for channel in order:
        if channel in possible and channel not in silent:
            return Choice(channel=channel, why=_why(band, channel, order, reacted, silent), look=look)
    why = f"no reaction by {_listed(silent)}" if silent else "no number or address for anything else"
    return Choice(channel=Channel.POST, why=f"by letter: {why}", look=look)


def _history(contacts: Sequence[Contact]) -> tuple[Channel | None, dict[Channel, int]]:
    """The channel of the last reaction, and the contacts since it by channel."""
    reacted: Channel | None = None
    quiet: dict[Channel, int] = {}
    for one in contacts:
        if one.talked:
            reacted, quiet = Channel(one.channel), {}
        elif one.ended_at is not None and one.disposition not in _UNNOTICED:
            quiet[Channel(one.channel)] = quiet.get(Channel(one.channel), 0) + 1
    return reacted, quiet


def _why(
    band: Band, channel: Channel, order: Sequence[Channel], reacted: Channel | None, silent: Collection[Channel]
) -> str:
    if silent:
        return f"{channel}: no reaction by {_listed(silent)}"
    if band.as_last_reacted and channel == reacted:
        return f"{channel}: as the person last reacted"
    return (
        f"{channel}: comes first for {band.title}" if channel == order[0] else f"{channel}: {order[0]} isn't possible"
    )


def _listed(channels: Collection[Channel]) -> str:
    return ", ".join(sorted(channels))
