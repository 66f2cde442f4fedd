"""The words of a list in four languages."""

from __future__ import annotations

import pytest

from ledger.intake.finding import BadCell
from ledger.intake.words import (
    Status,
    read_flag,
    read_language,
    read_letter_kind,
    read_number_kind,
    read_party,
    read_role,
    read_status,
)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", Status.OPEN),
        ("open", Status.OPEN),
        ("Openstaand", Status.OPEN),
        ("impayée", Status.OPEN),
        ("überfällig", Status.OPEN),
        ("PAID", Status.PAID),
        ("betaald", Status.PAID),
        ("Réglé", Status.PAID),
        ("bezahlt", Status.PAID),
        ("dispute", Status.DISPUTED),
        ("betwist", Status.DISPUTED),
        ("en litige", Status.DISPUTED),
        ("Widerspruch", Status.DISPUTED),
        ("opted_out", Status.OPTED_OUT),
        ("opt-out", Status.OPTED_OUT),
        ("Niet meer bellen", Status.OPTED_OUT),
        ("ne pas appeler", Status.OPTED_OUT),
        ("nicht anrufen", Status.OPTED_OUT),
        ("overleden", Status.DECEASED),
        ("Décédée", Status.DECEASED),
        ("verstorben", Status.DECEASED),
        ("deceased", Status.DECEASED),
        ("zahlungsunfähig", Status.HARDSHIP),
        ("difficultés de paiement", Status.HARDSHIP),
        ("médiation de dettes", Status.MEDIATION),
        ("collectieve schuldenregeling", Status.MEDIATION),
        ("WSNP", Status.MEDIATION),
        ("Privatinsolvenz", Status.MEDIATION),
        ("verkeerd nummer", Status.WRONG_NUMBER),
        ("mauvais numéro", Status.WRONG_NUMBER),
        ("minderjarig", Status.MINOR),
        ("Minderjährig", Status.MINOR),
    ],
)
def test_a_status_is_known_in_four_languages(text: str, status: Status) -> None:
    assert read_status(text) is status


@pytest.mark.parametrize("text", ["deceasd", "?", "0", "betaald?", "niet betaald"])
def test_a_status_that_is_not_known_is_refused_and_never_taken_for_open(text: str) -> None:
    with pytest.raises(BadCell) as refused:
        read_status(text)
    assert "deceased" in refused.value.fix


def test_every_status_is_known_by_its_own_name() -> None:
    assert [read_status(status.value) for status in Status] == list(Status)


def test_the_other_words() -> None:
    assert (read_flag("Ja"), read_flag("oui"), read_flag("nein"), read_flag("")) == (True, True, False, False)
    assert (read_language("Nederlands"), read_language("FR-be"), read_language("Deutsch")) == ("nl", "fr", "de")
    assert (read_party("zelfstandige"), read_party("Privatperson"), read_party("")) == ("business", "person", "person")
    assert (read_number_kind("werk"), read_number_kind("GSM"), read_number_kind("voisin")) == ("work", "own", "other")
    assert (read_role("schuldeiser"), read_role("Inkasso")) == ("creditor", "collector")
    assert (read_letter_kind("courriel"), read_letter_kind("aangetekend")) == ("email", "post")


@pytest.mark.parametrize(
    "reader", [read_flag, read_language, read_party, read_number_kind, read_role, read_letter_kind]
)
def test_a_word_of_another_column_is_refused(reader: object) -> None:
    with pytest.raises(BadCell):
        reader("zondag")  # type: ignore[operator]
