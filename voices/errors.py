"""What can go wrong with what we say and hear."""


class VoicesError(Exception):
    """A prompt can't be made; the message says why. Never raised directly."""


class SynthesisFailed(VoicesError):
    """No whole sound came of a text, after all tries."""


class UnknownPrompt(VoicesError):
    """The catalogue has no such prompt in that language, or a slot is missing."""
