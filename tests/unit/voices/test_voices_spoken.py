"""What can stand in a slot, and what may not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words2 import num2words

from ledger.money import Money
from voices.catalogue import LANGUAGES
from voices.errors import UnknownPrompt
from voices.languages import tongue
from voices.prompt import Choice, Count, Digits, Name, Phone, Sentences, Slot, Spoken
from voices.spoken import closed_words, in_writing, said

languages = st.sampled_from(LANGUAGES)


def bare(words: str) -> str:
    """Without what is spelled one way or the other: spaces, hyphens, commas."""
    return "".join(sign for sign in words.lower() if sign.isalpha())


@given(n=st.integers(0, 999_999), language=st.sampled_from(["nl-BE", "de", "en", "fr-FR"]))
def test_numbers_have_the_words_of_num2words(n: int, language: str) -> None:
    # Its German says "hunderteinstausend"; people say and write "hunderteintausend".
    theirs = num2words(n, lang=language[:2]).replace("einstausend", "eintausend")
    assert bare("".join(tongue(language).number(n))) == bare(theirs)


@given(n=st.integers(0, 999_999))
def test_belgian_french_differs_from_french_in_seventy_and_ninety_only(n: int) -> None:
    # Where French has quatre-vingt-dix or soixante-dix, with what follows, Belgian has nonante or septante.
    belgian, french = (" ".join(tongue(language).number(n)) for language in ("fr-BE", "fr-FR"))
    seventies = any(n // scale % 100 // 10 in (7, 9) for scale in (1, 1000))
    assert (belgian == french) is not seventies
    assert "soixante-dix" not in belgian and "quatre-vingt-dix" not in belgian


@given(minor=st.integers(0, 99_999_999), language=languages)
def test_every_amount_below_a_million_is_made_of_words_that_are_rendered_ahead(minor: int, language: str) -> None:
    assert set(said(Money(minor), language)) <= set(closed_words(language))


@given(day=st.dates(date(2010, 1, 1), date(2049, 12, 31)), form=st.sampled_from(["", "weekday", "year"]))
def test_every_date_is_made_of_words_that_are_rendered_ahead(day: date, form: str) -> None:
    for language in LANGUAGES:
        assert set(said(day, language, form)) <= set(closed_words(language))


@given(at=st.times(), n=st.integers(0, 999_999))
def test_every_time_and_number_is_made_of_words_that_are_rendered_ahead(at: time, n: int) -> None:
    for language in LANGUAGES:
        words = set(closed_words(language))
        assert set(said(at, language)) <= words
        assert set(said(Count(n), language)) <= words


@given(text=st.from_regex(r"[A-Z]{2}[0-9]{2}( [0-9A-Z]{4}){1,5}", fullmatch=True))
def test_every_reference_is_made_of_words_that_are_rendered_ahead(text: str) -> None:
    for language in LANGUAGES:
        words = [word for word in said(Digits(text), language) if isinstance(word, str)]
        assert set(words) <= set(closed_words(language))
        assert len(words) == len(text.replace(" ", ""))


@pytest.mark.parametrize("e164", ["+3224012345", "+32470123456", "+33612345678", "+493012345678", "+31612345678"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_telephone_number_is_made_of_words_that_are_rendered_ahead(language: str, e164: str) -> None:
    words = {word for word in said(Phone(e164), language) if isinstance(word, str)}
    assert words <= set(closed_words(language))


@given(minor=st.integers(1, 99_999_999), language=languages)
def test_no_amount_says_zero_cents(minor: int, language: str) -> None:
    zero = tongue(language).small(0)
    assert zero not in " ".join(str(word) for word in said(Money(minor), language)).split()


@given(a=st.integers(0, 99_999_999), b=st.integers(0, 99_999_999), language=languages)
def test_two_amounts_are_never_said_alike(a: int, b: int, language: str) -> None:
    first, second = (" ".join(str(word) for word in said(Money(amount), language)) for amount in (a, b))
    assert (a == b) is (first == second)


@pytest.mark.parametrize(
    ("slot", "form"),
    [
        ("85 euro", ""),
        (8550, ""),
        (datetime(2026, 11, 24, 10, 30, tzinfo=UTC), ""),
        (Money(-1), ""),
        (Money(100, "XTS"), ""),
        (Money(100), "weekday"),
        (Name("  🎉 "), ""),
        (Choice("channel.pigeon"), ""),
        (Phone("0470"), ""),
        (Sentences(()), ""),
    ],
)
def test_what_can_not_be_said_right_is_refused(slot: Slot, form: str) -> None:
    with pytest.raises(UnknownPrompt):
        said(slot, "nl-BE", form)


def test_a_prompt_is_readable_in_writing() -> None:
    friendly = Spoken(
        "due.friendly",
        {
            "creditor": Name("Bakker N.V."),
            "amount": Money(8550),
            "issue_date": date(2026, 11, 5),
            "due_date": date(2026, 12, 1),
            "about": Name("gas"),
        },
    )
    assert in_writing(friendly, "nl-BE") == (
        "Er staat een factuur open bij Bakker N.V. Het bedrag is € 85,50. De factuur is van 5 november 2026, voor gas. "
        "De betaaldatum is 1 december 2026. Vergeten kan iedereen overkomen."
    )
    assert "85,50 €" in in_writing(friendly, "fr-FR")
    assert "1er décembre 2026" in in_writing(friendly, "fr-BE")
    assert "am 1. Dezember 2026" in in_writing(friendly, "de")
    assert "the 1st of December 2026" in in_writing(friendly, "en")


def test_a_summary_reads_as_sentences_with_one_full_stop_each() -> None:
    promise = Spoken("agreement.promise", {"amount": Money(8550), "date": date(2026, 12, 4)})
    stop = Spoken("agreement.opted_out")
    summary = Spoken("sum.check", {"agreement": Sentences((promise, stop))})
    assert in_writing(summary, "nl-BE") == (
        "Ik vat samen. U betaalt € 85,50 op vrijdag 4 december. Wij bellen dit nummer niet meer. "
        "Klopt dit? Ja: druk op de 1. Nee: druk op de 2."
    )


def test_an_optional_part_is_told_only_with_what_it_needs() -> None:
    assert in_writing(Spoken("id.failed"), "nl-BE").endswith("Druk op de 0.")
    with_number = Spoken("id.failed", {"callback_number": Phone("+3224012345")})
    assert in_writing(with_number, "nl-BE").endswith("Of bel ons zelf op 02 401 23 45.")


def test_a_missing_or_unknown_slot_is_refused_by_name() -> None:
    with pytest.raises(UnknownPrompt, match=r"misses \{sender\}"):
        in_writing(Spoken("open.hello"), "nl-BE")
    with pytest.raises(UnknownPrompt, match=r"has no \{amount\}"):
        in_writing(Spoken("bye", {"amount": Money(1)}), "nl-BE")
    with pytest.raises(UnknownPrompt, match="no prompt"):
        in_writing(Spoken("open.goodbye"), "nl-BE")
    with pytest.raises(UnknownPrompt, match="don't speak"):
        in_writing(Spoken("bye"), "it")
