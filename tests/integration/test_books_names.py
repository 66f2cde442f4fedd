"""What is rendered before the first call: the languages of those who are next, on either engine."""

from __future__ import annotations

from books import NOW, add_campaign, add_debtor
from dialer.names_store import languages_ahead
from ledger.database import Database


def test_the_languages_of_the_next_people_and_of_a_caller_whom_nobody_knows(database: Database) -> None:
    with database.unit_of_work() as session:
        add_debtor(session, 1, language="fr")
        add_debtor(session, 2, language="nl", country="NL", postcode="1012AB")
        add_debtor(session, 3, language="de", open_minor=0)
    add_campaign(database)
    with database.reading() as session:
        assert languages_ahead(session, NOW, 500) == ("fr-BE", "nl-BE", "nl-NL")


def test_where_nobody_is_to_be_called_only_that_callers(database: Database) -> None:
    with database.reading() as session:
        assert languages_ahead(session, NOW, 500) == ("nl-BE",)
