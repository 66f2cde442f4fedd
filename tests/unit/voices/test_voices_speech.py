"""A prompt put together from pieces and rests."""

from __future__ import annotations

from datetime import date, time
from itertools import pairwise
from pathlib import Path

import pytest

from ledger.money import Money
from voices import catalogue
from voices.audio import duration_ms
from voices.cache import PieceCache
from voices.casting import PACES, voice_for
from voices.errors import NotReady, UnknownPrompt
from voices.mastering import EDGE_MS
from voices.prompt import Choice, Count, Digits, Name, Ordinal, Phone, Sentences, Slot, Spoken
from voices.speech import LEAD_MS, Kind, Pause, Piece, ahead, lead_ms, names, pieces, sound
from voices.template import parse
from voices.testing import FakeSynthesiser

#: The longest silence inside a prompt: a listener takes more for the end of our turn.
LONGEST_REST_MS = 700

#: Something for every slot of the catalogue.
FILLINGS: dict[str, Slot] = {
    "sender": Name("Energie Noord"),
    "creditor": Name("Energie Noord"),
    "full_name": Name("Jan Peeters"),
    "address_form": Name("mevrouw Peeters"),
    "contact_person": Name("Lies Maes"),
    "about": Name("gas"),
    "domain": Name("betaal.example"),
    "next_party": Name("een kantoor"),
    "amount": Money(123456),
    "instalment": Money(3334),
    "first_instalment": Money(3335),
    "last_instalment": Money(3333),
    "costs": Money(4000),
    "callback_number": Phone("+3224012345"),
    "call_code": Digits("4711"),
    "iban": Digits("BE68 5390 0754 7034"),
    "reference": Digits("+++090/9337/55493+++"),
    "channel": Choice("channel.sms"),
    "department": Choice("department.billing"),
    "count": Count(3),
    "n": Count(2),
    "minutes": Count(4),
    "days": Count(14),
    "agreement": Sentences((Spoken("agreement.opted_out"),)),
}


def filling(slot: str, form: str) -> Slot:
    """A value of the right kind; the catalogue's own names say which."""
    if slot in FILLINGS:
        return FILLINGS[slot]
    if slot.startswith(("from", "to")):
        return time(17, 30)
    return Ordinal(5) if slot == "day" and not form else date(2026, 12, 4)


def whole(key: str) -> Spoken:
    template = parse(catalogue.text("nl-BE", key))
    return Spoken(key, {blank.slot: filling(blank.slot, blank.form) for blank in template.forms})


def every_prompt(language: str, pace: str) -> list[tuple[Piece | Pause, ...]]:
    spoken = (key for key in catalogue.prompts(language) if not key.endswith(".sms"))
    return [pieces(whole(key), language, pace) for key in spoken]


def heard(strip: tuple[Piece | Pause, ...]) -> str:
    return "".join(item.text + "|" if isinstance(item, Piece) else " " for item in strip).strip()


def test_a_sentence_is_one_piece_and_a_blank_is_spliced_in() -> None:
    hello = pieces(Spoken("open.hello", {"sender": Name("Energie Noord")}), "nl-BE")
    voice = voice_for("nl-BE")
    assert hello == (
        Piece("Goedendag.", voice, Kind.FIXED),
        Pause(240),
        Piece("U hoort een computerstem.", voice, Kind.FIXED),
        Pause(240),
        Piece("Ik bel voor,", voice, Kind.FIXED),
        Pause(20),
        Piece("Energie Noord", voice, Kind.NAME),
        Pause(240),
    )


def test_an_amount_is_spliced_from_number_words() -> None:
    check = pieces(whole("promise.check"), "nl-BE")
    assert heard(check) == (
        "U betaalt,| duizend|tweehonderd|vierendertig|euro|zesenvijftig| op,| vrijdag|vier|december| Klopt dat?| "
        "Ja:| druk op de één.| Nee:| druk op de twee.| Een deel betalen:| druk op de drie.|"
    )


def test_a_summary_speaks_the_sentences_of_what_was_agreed() -> None:
    assert heard(pieces(whole("sum.check"), "nl-BE")) == (
        "Ik vat samen.| Wij bellen dit nummer niet meer.| Klopt dit?| Ja:| druk op de één.| Nee:| druk op de twee.|"
    )


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_every_prompt_is_spoken_from_what_is_rendered_ahead_and_names(language: str) -> None:
    made = set(ahead(language))
    for pace in PACES:
        for strip in every_prompt(language, pace):
            shared = {item for item in strip if isinstance(item, Piece) and item.kind is not Kind.NAME}
            assert shared <= made


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
@pytest.mark.parametrize("pace", PACES)
def test_no_rest_inside_a_prompt_ends_our_turn(language: str, pace: str) -> None:
    for strip in every_prompt(language, pace):
        strip = strip[1:] if lead_ms(strip) else strip
        rests = [item.ms for item in strip if isinstance(item, Pause)]
        assert max(rests) + 2 * EDGE_MS < LONGEST_REST_MS
        assert isinstance(strip[0], Piece)
        assert isinstance(strip[-1], Pause)
        assert not any(isinstance(one, Pause) and isinstance(two, Pause) for one, two in pairwise(strip))


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
@pytest.mark.parametrize("pace", PACES)
def test_only_where_a_person_speaks_first_our_words_wait_a_second(language: str, pace: str) -> None:
    keys = [key for key in catalogue.prompts(language) if not key.endswith(".sms")]
    late = {key: lead_ms(pieces(whole(key), language, pace)) for key in keys}
    assert {key: ms for key, ms in late.items() if ms} == {"agent.first": LEAD_MS}


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_what_is_rendered_ahead_is_named_once_the_normal_pace_first(language: str) -> None:
    made = list(ahead(language))
    assert len(made) == len(set(made))
    rates = [piece.voice.rate_wpm for piece in made]
    assert rates == sorted(rates, reverse=True)
    assert {piece.kind for piece in made} == {Kind.FIXED, Kind.WORD}


def test_a_persons_names_are_rendered_for_both_paces_each_once() -> None:
    own = names(["Jan Peeters", "Bakker N.V.", "Jan Peeters"], "nl-BE")
    assert [piece.text for piece in own] == ["Jan Peeters", "Bakker N V"] * 2
    assert {piece.voice.rate_wpm for piece in own} == set(PACES.values())


def test_a_name_with_nothing_to_say_is_refused_before_a_call() -> None:
    with pytest.raises(UnknownPrompt):
        names(["🎉"], "nl-BE")


def test_an_unknown_pace_is_refused() -> None:
    with pytest.raises(UnknownPrompt):
        pieces(Spoken("bye"), "nl-BE", "hasty")


def test_sound_is_its_pieces_and_rests_in_order(tmp_path: Path) -> None:
    voice, cache = FakeSynthesiser(), PieceCache(tmp_path, "fake")
    strip = pieces(whole("promise.check"), "nl-BE")
    expected = 0
    for item in strip:
        if isinstance(item, Piece):
            cache.put(item, voice.render(item.text, item.voice))
            expected += len(voice.render(item.text, item.voice))
        else:
            expected += item.ms * 16
    assert len(sound(strip, cache)) == expected
    assert duration_ms(sound(strip, cache)) > 3000


def test_sound_names_every_piece_that_is_not_ready_once(tmp_path: Path) -> None:
    strip = pieces(Spoken("stop.undone"), "nl-BE")
    with pytest.raises(NotReady) as refused:
        sound(strip + strip, PieceCache(tmp_path, "fake"))
    assert [piece.text for piece in refused.value.missing] == ["Goed.", "Alles blijft zoals het was."]
