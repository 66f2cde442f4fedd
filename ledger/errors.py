"""What can go wrong with the books, each with the sentence that a person reads."""


class LedgerError(Exception):
    """The books refuse this; the message says what happened and what to do. Never raised directly."""


class CurrencyMismatch(LedgerError):
    """Amounts of two currencies were put together."""


class BadPhoneNumber(LedgerError):
    """A telephone number can't be read, or may never be dialled."""


class DatabaseUnusable(LedgerError):
    """The database can't be opened, is locked, read-only, newer than this program, or is no database."""


class UnknownCalendar(LedgerError):
    """The public holidays of a country are not known."""


class ZonesUnusable(LedgerError):
    """The time zones are missing, can't be read, or are too old to call by."""


class ListUnreadable(LedgerError):
    """A file is no list that can be read; nothing of it was written."""


class ImportBusy(LedgerError):
    """Another import is at work on this database; one list is written at a time."""


class UnknownMessage(LedgerError):
    """A message was asked for that is not on the list of templates."""


class BadAnswer(LedgerError):
    """An agreement can't be moved or answered like this; the message names the field, and nothing was changed."""
