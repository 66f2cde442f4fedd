"""What can go wrong with times and rules."""


class SchedulesError(Exception):
    """A rule or a time can't be used; the message names the field. Never raised directly."""


class UnknownLaw(SchedulesError):
    """There is no profile for this country, or its review is too old: nobody there is called."""
