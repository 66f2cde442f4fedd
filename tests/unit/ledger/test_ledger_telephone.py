"""The numbers of a row: read, judged, never a reason to refuse it."""

from __future__ import annotations

import random

import pytest

from ledger.intake.finding import BadCell
from ledger.intake.telephone import check_phones, read_callback, read_number, stated_country
from ledger.phone import Verdict, judge


@pytest.mark.parametrize(
    ("text", "country", "e164"),
    [
        ("0470 12 34 56", "BE", "+32470123456"),
        ("+32 470 12 34 56", None, "+32470123456"),
        ("0032470123456", "BE", "+32470123456"),
        ("0032470123456", None, "+32470123456"),
        ("0470/12.34.56", "BE", "+32470123456"),
        ("+44 (0)7911 123456", None, "+447911123456"),
        ("06-10000108", "NL", "+31610000108"),
        ("(02) 555 01 23", "BE", "+3225550123"),
    ],
)
def test_it_reads_numbers_as_people_write_them(text: str, country: str | None, e164: str) -> None:
    assert read_number(text, country) == (Verdict.GOOD, e164, None)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("112", Verdict.EMERGENCY),
        ("911", Verdict.EMERGENCY),
        ("999", Verdict.EMERGENCY),
        ("1307", Verdict.SHORT),
        ("0903 12 345", Verdict.PREMIUM),
        ("+881612345678", Verdict.SATELLITE),
        ("+870773123456", Verdict.SATELLITE),
        ("1-800-PAY-NOW", Verdict.INVALID),
        ("+32470123456 x12", Verdict.INVALID),
        ("+32470123456&PJSIP/666", Verdict.INVALID),
        ("+32470123456;bye", Verdict.INVALID),
        ("user@example.org", Verdict.INVALID),
        ("+32470,123456", Verdict.INVALID),
        ("٠٤٧٠١٢٣٤٥٦", Verdict.INVALID),
        ("０４７０１２３４５６", Verdict.INVALID),
        ("\u202e0470123456", Verdict.INVALID),
        ("0470\u200b123456", Verdict.INVALID),
        ("zie dossier", Verdict.INVALID),
        ("0470", Verdict.SHORT),
        ("+3247012345678901234567890", Verdict.INVALID),
        ("4.47911E+11", Verdict.INVALID),
        ("4,47911E+11", Verdict.INVALID),
    ],
)
def test_what_may_not_be_dialled_is_stored_with_its_verdict_and_a_warning(text: str, verdict: Verdict) -> None:
    phones, findings = check_phones((text, "", "", "", "", ""), "BE")
    assert [phone.verdict for phone in phones] == [verdict]
    assert phones[0].written.isprintable()
    assert len(phones[0].written) <= 40
    assert [column for column, _ in findings.warnings] == ["phone_1"]
    assert not findings.errors


def test_a_number_rounded_by_a_spreadsheet_says_so() -> None:
    assert "spreadsheet" in (read_number("4.47911E+11", "GB")[2] or "")


def test_a_number_that_lost_its_zero_is_read_with_a_warning() -> None:
    verdict, e164, warning = read_number("470123456", "BE")
    assert (verdict, e164) == (Verdict.GOOD, "+32470123456")
    assert "first 0" in (warning or "")


def test_a_number_twice_in_a_row_counts_once() -> None:
    phones, findings = check_phones(("0470123456", "", "+32470123456", "work", "", ""), "BE")
    assert [(phone.e164, phone.kind) for phone in phones] == [("+32470123456", "own")]
    assert "twice" in findings.warnings[0][1]


def test_a_kind_that_is_not_known_is_an_error() -> None:
    _, findings = check_phones(("0470123456", "boat", "", "", "", ""), "BE")
    assert [column for column, *_ in findings.errors] == ["phone_1_kind"]


def test_numbers_state_a_country_only_together() -> None:
    assert stated_country(("+32470123456", "", "+3225550123")) == "BE"
    assert stated_country(("+32470123456", "+31610000108", "")) is None
    assert stated_country(("0470123456", "", "")) is None


def test_our_own_number_must_be_right() -> None:
    assert read_callback("+3225550100", None) == "+3225550100"
    assert read_callback("02 555 01 00", "BE") == "+3225550100"
    for text in ("02 555 01 00", "112", "0900 12 345", "+999"):
        with pytest.raises(BadCell):
            read_callback(text, None)


COUNTRIES = {"BE": "32", "NL": "31", "FR": "33", "DE": "49", "GB": "44"}


def test_reading_at_a_glance_gives_what_the_whole_machinery_gives() -> None:
    chance = random.Random(4)
    for country, code in COUNTRIES.items():
        for _ in range(3000):
            digits = str(chance.randrange(1, 10)) + "".join(chance.choices("0123456789", k=chance.randrange(4, 12)))
            start = chance.choice(["0", f"+{code}", f"00{code}"])
            text = f"{start}{chance.choice(' -./')}{digits[:3]}{chance.choice(' -./')}{digits[3:]}"
            verdict, e164, _ = read_number(text, country)
            assert (verdict, e164) == judge(f"+{text[2:]}" if text.startswith("00") else text, country), text
