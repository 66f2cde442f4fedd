"""Which invoices a note is about: those of one creditor, in one currency."""

from __future__ import annotations

from ivr.briefing import Briefing
from ivr.errors import BadNote
from ivr.notes.note import Note, Person, shown
from ivr.state import fresh
from ivr.talk import Talk

#: Of several invoices the dialogue asks which one it is.
_ONE_BY_ONE = frozenset({"dispute", "paid", "copy"})


def about(note: Note, person: Person) -> Talk:
    """The creditor's briefing with the invoices that were named; without a name with all that are due.

    Raises `BadNote` where it is not certain which are meant.
    """
    fits = [
        one
        for one in person.briefings
        if one.invoices
        and (note.creditor is None or one.creditor == note.creditor)
        and set(note.invoice) <= {invoice.number for invoice in one.invoices}
    ]
    if len(fits) != 1:
        raise BadNote(_not_one(note, person, fits))
    (briefing,) = fits
    chosen = tuple(invoice.id for invoice in briefing.invoices if invoice.number in note.invoice)
    if not chosen and len(briefing.invoices) > 1 and note.what in _ONE_BY_ONE:
        raise BadNote(f"invoice: {_due([briefing])} are due; name each that it is about with --invoice")
    return Talk(briefing, fresh(briefing)).with_(chosen=chosen)


def _not_one(note: Note, person: Person, fits: list[Briefing]) -> str:
    """Why we don't know which invoices are meant."""
    due = [one for one in person.briefings if one.invoices]
    if not due:
        return f"debtor: nothing is due now, so a {note.what} has nothing to be about"
    if len(fits) > 1:
        whose = ", ".join(dict.fromkeys(one.creditor for one in fits))
        more = len({one.creditor for one in fits}) > 1
        why = f"creditor: {whose} are owed; add --creditor, or" if more else "invoice: two currencies are owed;"
        return f"{why} name the invoices with --invoice ({_due(fits)})"
    if note.creditor is not None and note.creditor not in {one.creditor for one in due}:
        whose = ", ".join(dict.fromkeys(one.creditor for one in due))
        return f"creditor: nothing is due to {shown(note.creditor)}; write {whose}"
    unknown = [one for one in note.invoice if one not in {i.number for b in due for i in b.invoices}]
    if unknown:
        return f"invoice: {shown(unknown[0])} is not due; due now: {_due(due)}"
    return "invoice: these are not owed to one creditor in one currency; make a note of each"


def _due(briefings: list[Briefing]) -> str:
    return ", ".join(invoice.number for one in briefings for invoice in one.invoices)


def unplanned(talk: Talk) -> None:
    """No other agreement about what is paid by a plan: of a plan an instalment is moved. Raises `BadNote`."""
    if (part := talk.instalment) is not None:
        raise BadNote(
            f"invoice: plan {part.agreement_id} stands for it, and goes on; to move its next instalment write"
            f" `beltoon agreements move {part.agreement_id} --instalment {part.n} --to DATE`"
        )
