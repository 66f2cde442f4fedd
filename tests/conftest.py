"""What tests of every kind stand on."""

from __future__ import annotations

from asterisk_fixture import our_asterisk
from postgres_fixture import books_url, database, empty_url, given_postgres, postgres, postgres_books, sqlite_books

__all__ = [
    "books_url",
    "database",
    "empty_url",
    "given_postgres",
    "our_asterisk",
    "postgres",
    "postgres_books",
    "sqlite_books",
]
