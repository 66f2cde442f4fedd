"""How a conversation reads on a page: what we say, what is asked, what was heard, and what would be in the books."""

from __future__ import annotations

from dataclasses import fields
from datetime import time

from ivr.act import Act, Ask, Expect, HangUp, Say
from ivr.briefing import Briefing, Opening
from ivr.heard import Heard, Noise, Words
from ivr.intent import Wants
from ivr.outcome import OUTCOME_OF, HoldAsked, holds_for
from ivr.record import Record
from ledger.money import Money
from voices.spoken import in_writing


def act_in_print(act: Act, language: str) -> str:
    """One act, as a line of a play."""
    match act:
        case Say(spoken=spoken, pace=pace):
            slowly = " (slowly)" if pace == "slow" else ""
            return f"WE{slowly}: {in_writing(spoken, act.language or language)}"
        case Ask(expect=Expect.DIGITS, digits=digits, fewer=fewer):
            most = "up to " if fewer else ""
            return f"… {most}{digits} digits, or * again, or #{_words(act.wants)}"
        case Ask(expect=Expect.STATEMENT):
            return "… in their own words, recorded"
        case Ask(choices=choices):
            digits_first = sorted(choices, key=lambda key: (not key.isdecimal(), key))
            return f"… one of {' '.join(digits_first)}{_words(act.wants)}"
        case HangUp():
            return "The line is closed."


def _words(wants: Wants | None) -> str:
    """What may be said instead."""
    if wants is None:
        return ""
    named = [name for name in ("yes_no", "date", "amount") if getattr(wants, name)] + ["digits"] * bool(wants.digits)
    names = {"yes_no": "yes or no", "date": "a day", "amount": "an amount", "digits": "the digits"}
    also = ", ".join(names[name] for name in named)
    return f"; or in words: {also}, or anything else" if also else "; or anything in words"


def heard_in_print(heard: Heard | None) -> str:
    """What a sentence was taken for."""
    match heard:
        case Words(intent, slots):
            return " ".join((intent, *(f"{name}={value}" for name, value in slots)))
        case Noise():
            return "not understood"
        case None:
            return "not heard: only keys are"
        case _:
            return type(heard).__name__


def record_in_print(record: Record, briefing: Briefing) -> str:
    """A fact that would be committed, with what it makes: the agreement, what stops and until when, the message."""
    told = ", ".join(f"{f.name} {_value(getattr(record, f.name))}" for f in fields(record))
    outcome = OUTCOME_OF.get(type(record))
    makes: list[str] = []
    if outcome is not None:
        makes += [f"agreement {outcome.agreement}"] if outcome.agreement else []
        makes += [_hold(hold) for hold in holds_for(record, briefing)]
        makes += [f"message {outcome.template} by {outcome.channel or briefing.confirm_by}"] if outcome.template else []
    said = ": ".join(part for part in (type(record).__name__, told) if part)
    return " -> ".join(part for part in (said, "; ".join(makes)) if part)


def _hold(hold: HoldAsked) -> str:
    what = "the person" if hold.debtor_id is not None else "the number" if hold.e164 else f"invoice {hold.invoice_id}"
    where = "every channel" if hold.channel is None else hold.channel
    until = "until a person lifts it" if hold.until_at is None else f"until {hold.until_at.date()}"
    return f"hold {hold.kind} on {what} ({where}, {until})"


def _value(value: object) -> str:
    match value:
        case None:
            return "none"
        case Money():
            return str(value)
        case Opening(day=day, start=start, end=end):
            return f"{day} {start:%H:%M}-{end:%H:%M}"
        case time():
            return f"{value:%H:%M}"
        case tuple():
            return " and ".join(map(_value, value)) or "none"
        case _:
            return str(value)
