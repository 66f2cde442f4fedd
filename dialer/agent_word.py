"""What an agent says of a call after it, by a key in their wrap-up: whom they had on the line."""

from __future__ import annotations

from enum import StrEnum

from dialer.outcome import Ending, served_by_agent
from ivr import record as r
from ledger.contact import Disposition


class AgentWord(StrEnum):
    """Whom an agent had on the line."""

    TALKED = "talked"
    VOICEMAIL = "voicemail"
    #: Somebody else picked up; the person is out.
    NOT_AT_HOME = "not_at_home"
    WRONG_NUMBER = "wrong_number"
    #: They want no more calls.
    STOP = "stop"


#: The keys, as `staff.who_was_it` says them.
KEYS = {
    "1": AgentWord.TALKED,
    "2": AgentWord.VOICEMAIL,
    "3": AgentWord.NOT_AT_HOME,
    "4": AgentWord.WRONG_NUMBER,
    "5": AgentWord.STOP,
}
_DISPOSITIONS = {
    AgentWord.VOICEMAIL: Disposition.VOICEMAIL,
    AgentWord.NOT_AT_HOME: Disposition.NOT_AT_HOME,
    AgentWord.WRONG_NUMBER: Disposition.WRONG_NUMBER,
    AgentWord.STOP: Disposition.OPTED_OUT,
}
#: Words that say that the debtor was not on the line.
_NOT_THEM = frozenset({AgentWord.VOICEMAIL, AgentWord.NOT_AT_HOME, AgentWord.WRONG_NUMBER})


def believed(word: AgentWord | None, *, proved: bool) -> AgentWord:
    """Without a word it was a talk. Whoever had proved who they are was on the line, whatever key was pressed."""
    return AgentWord.TALKED if word is None or (proved and word in _NOT_THEM) else word


def them(word: AgentWord) -> bool:
    """The debtor was on the line."""
    return word not in _NOT_THEM


def said_of(end: Ending, word: AgentWord) -> Ending:
    """The end of a call on which one of our people was, as they say it was."""
    served = served_by_agent(end)
    if word is AgentWord.TALKED or served.disposition is not Disposition.AGENT:
        return served  # what was agreed with the machine before stays its name
    return Ending(disposition=_DISPOSITIONS[word], talked=word is not AgentWord.VOICEMAIL)


def record_of(word: AgentWord, e164: str | None) -> r.Record | None:
    """What it makes beside the call's end: the same as if the machine had been told. `e164`: the number on the line."""
    match word:
        case AgentWord.NOT_AT_HOME:
            return r.NotAtHome()
        case AgentWord.WRONG_NUMBER:
            return r.WrongNumber(e164=e164)
        case AgentWord.STOP:
            return r.OptedOut(e164=e164)
        case _:
            return None
