"""The end of a call: one unit of work writes its disposition, what comes next, and closes every row of it.

Whoever learns of the end (the dialer by the carrier, the line by its socket, the reconciler) calls `settle_all`; the
second finds it done. A call that was answered is settled when both have ended: the carrier's part and the talk.
"""

from __future__ import annotations

from dataclasses import dataclass

from dialer.call import unanswered
from ledger.contact import Disposition

#: What somebody said; with these the debtor or somebody else was talked to.
_NO_TALK = frozenset({Disposition.NO_CONVERSATION, Disposition.VOICEMAIL, Disposition.ABANDONED})


#: What an agent's talk says more about than the machine's did: nothing was agreed, or a person was asked for.
_LESS = frozenset(
    {
        Disposition.PERSON, Disposition.HEARD, Disposition.NO_CONVERSATION, Disposition.VOICEMAIL,
        Disposition.ABANDONED, Disposition.UNKNOWN, Disposition.FAILED,
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CarriersEnd:
    """What the carrier told of the end."""

    #: Q.850; 0: it told none.
    cause: int
    dial_status: str | None
    answered: bool
    line_lost: bool = False
    #: We ended it ourselves while it rang.
    by_us: bool = False
    #: It was lost from sight: nobody can tell.
    lost: bool = False


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a call ended, for its rows."""

    disposition: Disposition
    #: Somebody answered and a talk came of it.
    talked: bool


#: Normal call clearing (Q.850).
_NORMAL = 16


def known_cause(cause: int, *, answered: bool, lost: bool = False) -> int | None:
    """The Q.850 cause for the books; None: nobody told one.

    Asterisk tells 0 of an answered call which the other side hung up, as a SIP BYE carries no cause of its own: that is
    normal clearing (RFC 3398, release initiated from SIP).
    """
    if lost:
        return None
    return cause or (_NORMAL if answered else None)


def ending(end: CarriersEnd, talk: Disposition | None) -> Ending:
    """From the carrier's end and the conversation's disposition (None: there was none)."""
    if talk is not None:
        silent = talk in _NO_TALK
        if talk is Disposition.NO_CONVERSATION and end.line_lost:
            return Ending(disposition=Disposition.ABANDONED, talked=False)
        return Ending(disposition=talk, talked=not silent)
    if end.lost:
        return Ending(disposition=Disposition.UNKNOWN, talked=False)
    if end.answered:
        gone = Disposition.ABANDONED if end.line_lost else Disposition.NO_CONVERSATION
        return Ending(disposition=gone, talked=False)
    return Ending(disposition=unanswered(end.cause, end.dial_status, by_us=end.by_us), talked=False)


def served_by_agent(end: Ending) -> Ending:
    """The end of a call on which one of our people talked: what was agreed with the machine before stays its name."""
    return Ending(disposition=Disposition.AGENT if end.disposition in _LESS else end.disposition, talked=True)
