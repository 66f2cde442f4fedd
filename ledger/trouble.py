"""What a database's own words mean, in a sentence that a person can act on."""

from __future__ import annotations

#: What PostgreSQL's codes (SQLSTATE) say, as what happened and what to do.
_STATES = {
    "25006": "is read-only; name a server that may be written",
    "28000": "refuses our user; mend BELTOON_DATABASE_URL",
    "28P01": "refuses our password; mend BELTOON_DATABASE_URL or the password file",
    "3D000": "does not exist; make it first, or mend BELTOON_DATABASE_URL",
    "40P01": "undid one of two changes that waited for each other; try again",
    "3F000": "does not let our user make tables; grant the rights",
    "42501": "does not let our user do this; grant the rights",
    "42P01": "has no tables yet; run: beltoon migrate",
    "53300": "has no connection free for us; allow more (max_connections)",
    "55P03": "is locked by another program; stop that one or try again",
    "57P01": "was shut down; start its server again",
    "57P03": "is starting up; try again in a moment",
}
#: Fragments of what is said where there is no code: by SQLite always.
_WORDS = (
    ("locked", "is locked by another program; stop that one or try again"),
    ("readonly", "is read-only; make the file and its folder writable"),
    ("unable to open", "can't be opened; check the path and its rights"),
    ("no such table", "has no tables yet; run: beltoon migrate"),
    ("not a database", "is not a database; name another file"),
    ("malformed", "is damaged; restore a copy"),
    ("is full", "can't grow: the disk is full; make room"),
    # What a connection that fails says carries no code.
    ("password authentication failed", "refuses our password; mend BELTOON_DATABASE_URL or the password file"),
    ('" does not exist', "does not exist; make it first, or mend BELTOON_DATABASE_URL"),
    ("too many clients", "has no connection free for us; allow more (max_connections)"),
    ("connection", "can't be reached; start its server or mend BELTOON_DATABASE_URL"),
)


def sentence(error: BaseException | None, name: str) -> str | None:
    """One line for what a driver raised: what happened and what to do; None where it is no trouble that we know."""
    what = _STATES.get(getattr(error, "sqlstate", None) or "")
    said = str(error)
    if what is None:
        what = next((told for word, told in _WORDS if word in said), None)
    return None if what is None else f"The database {name} {what}"


def first_line(error: BaseException | None, name: str) -> str:
    """The same for what we know no better of."""
    lines = str(error).strip().splitlines()
    return f"The database {name} can't be used: {lines[0] if lines else 'no reason was given'}"
