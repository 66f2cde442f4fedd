"""What can go wrong with times and rules."""


class SchedulesError(Exception):
    """A rule or a time can't be used; the message names the field. Never raised directly."""


class UnknownLaw(SchedulesError):
    """There is no profile for this country, or its review is too old: nobody there is called."""


class BadRules(SchedulesError):
    """A file of rules can't be used; the message names file, row and field, and nothing of it is taken."""


class BadCampaign(SchedulesError):
    """A campaign can't be made or moved like this; the message says why and what to do."""


class UnknownDebtor(SchedulesError):
    """Nobody in the books has this id or name."""


class BadLetter(SchedulesError):
    """A letter can't be marked as sent like this; the message names the field, and nothing is marked."""
