"""Days and amounts as people say them where they promise: what is denied, counted, or only looks like a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.intent import Wants, understand
from ivr.testing import TODAY
from ivr.understanding.month import coming_feast

ASK, CHECK = Wants(date=True), Wants(yes_no=True, date=True, amount=True)
WHEN = Wants(date=True, kind="paid")


def told(text: str, language: str, wants: Wants) -> tuple[str, dict[str, str]] | None:
    found = understand(text, language, wants, TODAY)
    return (found.intent, dict(found.slots)) if found else None


@pytest.mark.parametrize(
    ("language", "text"),
    [("nl", "niet vrijdag"), ("nl", "vrijdag niet"), ("fr", "pas vendredi"), ("en", "not on friday")],
)
def test_a_day_that_is_denied_is_a_no(language: str, text: str) -> None:
    assert told(text, language, CHECK) == ("no", {})


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_a_day_that_is_denied_is_never_taken(language: str) -> None:
    text = {"nl": "niet op vrijdag", "fr": "pas le vendredi", "de": "nicht am Freitag", "en": "not friday"}[language]
    for wants in (ASK, CHECK):
        found = told(text, language, wants)
        assert found is None or "date" not in found[1]


def test_a_not_between_two_days_could_be_of_either() -> None:
    for text in ("vrijdag niet de vrijdag daarna", "maandag niet vrijdag wel"):
        found = told(text, "nl", ASK)
        assert found is None or "date" not in found[1]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        # TODAY is a Tuesday.
        ("nl", "komende vrijdag niet maar de vrijdag erna", "2026-12-04"),
        ("fr", "le vendredi d'après", "2026-12-04"),
        ("de", "Freitag darauf", "2026-12-04"),
        ("en", "the friday after next", "2026-12-04"),
        ("nl", "geef mij twee weken", "2026-12-08"),
        ("fr", "donnez-moi deux semaines", "2026-12-08"),
        ("de", "geben Sie mir noch zehn Tage", "2026-12-04"),
        ("en", "give me another two weeks", "2026-12-08"),
        ("nl", "na het weekend", "2026-11-30"),
        ("fr", "après le week-end", "2026-11-30"),
        ("de", "nach dem Wochenende", "2026-11-30"),
        ("en", "after the weekend", "2026-11-30"),
        ("nl", "eind van de week", "2026-11-27"),
        ("fr", "fin de semaine prochaine", "2026-12-04"),
        ("de", "Anfang nächster Woche", "2026-11-30"),
        ("en", "by the end of the week", "2026-11-27"),
        ("nl", "midden volgende week", "2026-12-02"),
        ("en", "early december", "2026-12-01"),
        ("en", "late december", "2026-12-31"),
        ("nl", "niet vrijdag maar maandag", "2026-11-30"),
        ("nl", "nee, dinsdag", "2026-12-01"),
        ("en", "no, tuesday", "2026-12-01"),
        ("nl", "vijf twaalf", "2026-12-05"),
        ("en", "a week on friday", "2026-12-04"),
        ("nl", "over een week op vrijdag", "2026-12-04"),
        ("nl", "de vijfde", "2026-12-05"),
        ("fr", "le quinze", "2026-12-15"),
        ("fr", "le premier du mois", "2026-12-01"),
        ("de", "am fünfzehnten des Monats", "2026-12-15"),
        ("de", "am Monatsende", "2026-11-30"),
        ("fr", "à noël", "2026-12-25"),
        ("nl", "tweede kerstdag", "2026-12-26"),
        ("de", "am ersten Weihnachtstag", "2026-12-25"),
        ("de", "am zweiten Weihnachtstag", "2026-12-26"),
        ("en", "boxing day", "2026-12-26"),
        ("fr", "le jour de l'an", "2027-01-01"),
        ("de", "am dreiundzwanzigsten November", "2026-11-23"),
    ],
)
def test_a_day_is_the_one_that_was_meant(language: str, text: str, day: str) -> None:
    assert told(text, language, ASK) == ("date", {"date": day})


@pytest.mark.parametrize(("language", "text"), [("fr", "une partie"), ("nl", "een deel"), ("de", "einen Teil")])
def test_an_article_is_no_first_of_the_month(language: str, text: str) -> None:
    found = told(text, language, ASK)
    assert found is None or "date" not in found[1]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik kan vrijdag vijftig euro betalen"),
        ("fr", "je peux payer cinquante euros vendredi"),
        ("de", "ich kann am Freitag fünfzig Euro zahlen"),
        ("en", "I can pay fifty euros on friday"),
    ],
)
def test_how_much_on_which_day_is_heard_at_the_menu_and_at_the_question(language: str, text: str) -> None:
    part = {"date": "2026-11-27", "minor": "5000"}
    assert told(text, language, Wants()) == ("promise", part)
    assert told(text, language, ASK) == ("date", part)
    assert told(text, language, CHECK) == ("date", part)


def test_a_twenty_fifth_is_not_twenty() -> None:
    income = Wants(digits=2, date=True)
    assert told("the twenty fifth", "en", income) == ("date", {"date": "2026-11-25"})
    assert told("le vingt-cinq", "fr", income) == ("date", {"date": "2026-11-25"})


@pytest.mark.parametrize(
    ("language", "text", "when"),
    [
        ("nl", "gisteren", "today_or_yesterday"),
        ("nl", "vorige week", "longer_ago"),
        ("fr", "hier", "today_or_yesterday"),
        ("fr", "la semaine dernière", "longer_ago"),
        ("de", "gestern", "today_or_yesterday"),
        ("de", "letzte Woche", "longer_ago"),
        ("en", "yesterday", "today_or_yesterday"),
        ("en", "two weeks ago", "longer_ago"),
    ],
)
def test_when_it_was_paid_may_be_said_alone(language: str, text: str, when: str) -> None:
    assert told(text, language, WHEN) == ("paid", {"when": when})
    assert told(f"[unk] {text}", language, WHEN) != ("paid", {"when": when})


@pytest.mark.parametrize(
    ("language", "text", "minor"),
    [
        ("nl", "honderd en een euro", "10100"),
        ("nl", "twintig vijftig", "2050"),
        ("fr", "vingt et un", "2100"),
        ("en", "a hundred", "10000"),
        ("de", "ein Euro", "100"),
    ],
)
def test_an_amount_is_no_row_of_digits(language: str, text: str, minor: str) -> None:
    assert told(text, language, Wants(digits=4, amount=True)) == ("amount", {"minor": minor})


def test_digits_said_one_by_one_are_an_amount_as_typed() -> None:
    assert told("nul nul vijf nul", "nl", Wants(digits=4, amount=True)) == ("digits", {"digits": "0050"})


@pytest.mark.parametrize(("language", "text"), [("nl", "een honderdje"), ("fr", "une centaine"), ("de", "einen Teil")])
def test_an_article_is_no_euro(language: str, text: str) -> None:
    found = told(text, language, Wants(digits=4, amount=True))
    assert found is None or "minor" not in found[1]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "yesterday", "2026-11-23"),
        ("en", "last friday", "2026-11-20"),
        ("en", "on friday last week", "2026-11-20"),
        ("nl", "eergisteren", "2026-11-22"),
        ("nl", "vorige week vrijdag", "2026-11-20"),
        ("fr", "hier", "2026-11-23"),
        ("fr", "vendredi dernier", "2026-11-20"),
        ("de", "vorgestern", "2026-11-22"),
        ("de", "am letzten Freitag", "2026-11-20"),
        ("de", "letzten Dienstag", "2026-11-17"),
    ],
)
def test_a_day_that_is_over_is_heard_as_one_so_that_we_can_say_so(language: str, text: str, day: str) -> None:
    assert told(text, language, ASK) == ("date", {"date": day})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik heb gisteren betaald"),
        ("fr", "j'ai payé hier"),
        ("de", "ich habe gestern bezahlt"),
        ("en", "i paid yesterday"),
    ],
)
def test_who_paid_yesterday_names_no_day_to_pay(language: str, text: str) -> None:
    assert told(text, language, ASK) == ("paid", {"when": "today_or_yesterday"})


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "on easter monday", "2027-03-29"),
        ("nl", "op paasmaandag", "2027-03-29"),
        ("fr", "le lundi de pâques", "2027-03-29"),
        ("de", "am Ostermontag", "2027-03-29"),
        ("nl", "met pinkstermaandag", "2027-05-17"),
        ("fr", "le jeudi de l'ascension", "2027-05-06"),
        ("de", "Karfreitag", "2027-03-26"),
        ("en", "the last friday of the month", "2026-11-27"),
        ("nl", "de laatste vrijdag van december", "2026-12-25"),
        ("fr", "le dernier lundi du mois prochain", "2026-12-28"),
        ("de", "am letzten Freitag im Dezember", "2026-12-25"),
        ("nl", "op koningsdag", "2027-04-27"),
        ("fr", "à la toussaint", "2027-11-01"),
        ("de", "am Tag der Deutschen Einheit", "2027-10-03"),
    ],
)
def test_feasts_that_move_and_last_weekdays_are_days(language: str, text: str, day: str) -> None:
    assert told(text, language, ASK) == ("date", {"date": day})


@given(st.dates(date(1990, 1, 1), date(2150, 1, 1)), st.integers(-60, 60))
def test_a_feast_that_moves_is_never_over_and_comes_within_thirteen_months(today: date, after_easter: int) -> None:
    feast = coming_feast(today, after_easter)
    assert today <= feast <= today + timedelta(days=395)


@pytest.mark.parametrize(
    ("language", "text"),
    [("nl", "vorige week vrijdag"), ("en", "friday last week"), ("de", "letzte Woche Freitag")],
)
def test_a_day_of_last_week_lies_in_last_week_also_on_a_saturday(language: str, text: str) -> None:
    found = understand(text, language, ASK, date(2026, 11, 28))
    assert found is not None
    assert dict(found.slots) == {"date": "2026-11-20"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "if i had money i would have paid already"),
        ("de", "ich hätte schon längst bezahlt, wenn die Ware da wäre"),
        ("fr", "j'aurais payé si j'avais reçu la marchandise"),
        ("nl", "had ik geld dan had ik al betaald"),
    ],
)
def test_who_would_have_paid_has_not(language: str, text: str) -> None:
    found = told(text, language, Wants())
    assert found is None or found[0] != "paid"


def test_the_end_of_a_week_that_is_over_is_the_end_of_the_next() -> None:
    saturday = date(2026, 11, 28)
    found = understand("end of the week", "en", ASK, saturday)
    assert found is not None
    assert dict(found.slots) == {"date": "2026-12-04"}
