"""What can go wrong in a conversation."""


class IvrError(Exception):
    """The conversation can't go on like this. Never raised directly."""


class DebtBeforeProof(IvrError):
    """A sentence about the debt was about to be spoken to somebody who has not proved who they are."""


class UnknownMove(IvrError):
    """The script's table has no answer to this; a fault of ours."""


class IdentityBeforeYes(IvrError):
    """A sentence for the debtor was about to be spoken to somebody who has not said to be the debtor."""


class UnknownConversation(IvrError):
    """No conversation was begun for this call."""


class StoryDiffers(IvrError):
    """A rehearsed story went otherwise than it was written; the message shows the difference."""


class BadStory(IvrError):
    """A story can't be read; the message names the file and what is wrong in it."""


class BadLexicon(IvrError):
    """The words of a language can't be used; the message names the file, the entry and what is wrong in it."""


class BadHelpLine(IvrError):
    """A line for somebody in despair can't be used; the message names its country, language and field."""


class BadNote(IvrError):
    """What one of our people agreed can't be written down like this; the message names the field."""
