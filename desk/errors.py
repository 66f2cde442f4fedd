"""What can go wrong at the front door."""


class DeskError(Exception):
    """A command can't do what was asked; the message says why in one line. Never raised directly."""


class BadSetting(DeskError):
    """A setting of the environment is wrong; the message names the variable."""


class NotFound(DeskError):
    """Nothing has this name."""


class SchemaWrong(DeskError):
    """The database's tables are older or newer than this program."""


class SchemaMissing(SchemaWrong):
    """The database is empty: nobody has migrated it yet."""


class CannotPlay(DeskError):
    """Our words can't be heard or kept as sound; the message says why and what helps."""


def unread(error: OSError | UnicodeDecodeError) -> str:
    """Why a file can't be read, in words; its name is told by whoever wanted it."""
    if isinstance(error, UnicodeDecodeError):
        return "it is no text in UTF-8"
    return (error.strerror or type(error).__name__).lower()
