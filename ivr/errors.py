"""What can go wrong in a conversation."""


class IvrError(Exception):
    """The conversation can't go on like this. Never raised directly."""


class DebtBeforeProof(IvrError):
    """A sentence about the debt was about to be spoken to somebody who has not proved who they are."""


class UnknownMove(IvrError):
    """The script's table has no answer to this; a fault of ours."""
