"""Names that anybody may hear."""

from __future__ import annotations

import pytest

from ledger.intake.sender import reveals


@pytest.mark.parametrize(
    "name",
    [
        "Incassobureau Jansen",
        "INCASSO NL",
        "Inkasso Süd",
        "Cabinet de Recouvrement",
        "Best Collection Services",
        "Debt Helpers",
        "Deurwaarders De Smet",
        "Huissiers Associés",
        "Vivaldi Kliniek",
        "City Clinic",
        "Clinique Sainte-Anne",
        "Advocatenkantoor Maes",
        "Avocat Dupont",
        "Rechtsanwälte Huber",
        "Tandartsenpraktijk De Molen",
        "Ziekenhuis Oost",
        "Hôpital du Nord",
        "Psychologenpraktijk",
        "Casino Royal",
        "Schuldhulp Vlaanderen",
        "Gerichtsvollzieher Braun",
    ],
)
def test_a_name_that_tells_of_collection_or_a_sensitive_trade_is_found_out(name: str) -> None:
    assert reveals(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        "Stroomdal",
        "Lichtveld Energie",
        "Jardin Vert",
        "Molenhof Administratie",
        "Sussex Water",
        "Lawson & Co",
        "Telecom Plus",
        "Bakkerij Van Kerkhove",
        "Mahnkopf Gartenbau",
        "Essex Energy",
    ],
)
def test_a_neutral_name_may_be_heard(name: str) -> None:
    assert reveals(name) is None
