"""One try to reach a human, and how it ended."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """By what a person is reached."""

    VOICE = "voice"
    SMS = "sms"
    EMAIL = "email"
    POST = "post"


class Disposition(StrEnum):
    """How one try ended: every ended call has exactly one."""

    #: Agreements and requests that the debtor made after proof.
    PAY = "pay"
    PROMISE = "promise"
    PLAN = "plan"
    PLAN_REQUEST = "plan_request"
    DISPUTE = "dispute"
    COPY_REQUESTED = "copy_requested"
    ALREADY_PAID = "already_paid"
    HARDSHIP = "hardship"
    #: The amount was heard, nothing was agreed.
    HEARD = "heard"
    #: Nothing is open; the person heard thanks.
    NOTHING_OPEN = "nothing_open"
    #: Talked with one of our people; what was agreed is written down by them.
    AGENT = "agent"
    #: What anybody may ask, without proof.
    CALLBACK = "callback"
    PERSON = "person"
    OPTED_OUT = "opted_out"
    WRONG_NUMBER = "wrong_number"
    NOT_AT_HOME = "not_at_home"
    DECEASED = "deceased"
    REPRESENTATIVE = "representative"
    COMPLAINT = "complaint"
    CRISIS = "crisis"
    IDENTITY_FAILED = "identity_failed"
    #: Somebody or something answered, but no conversation came of it.
    NO_CONVERSATION = "no_conversation"
    VOICEMAIL = "voicemail"
    #: The line: nobody was reached.
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNALLOCATED = "unallocated"
    CONGESTION = "congestion"
    #: The network or the other side failed in another way; the cause stands in the attempt.
    FAILED = "failed"
    #: We ended it ourselves before an answer (stopped, or permission was withdrawn).
    CANCELLED = "cancelled"
    #: We answered for nobody: our side broke, a neutral sentence from a file was heard.
    ABANDONED = "abandoned"
    #: We lost sight of it; it counts as called.
    UNKNOWN = "unknown"
