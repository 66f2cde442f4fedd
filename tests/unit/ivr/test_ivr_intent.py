"""From words to what a caller wants."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words2 import num2words

from ivr.errors import BadLexicon
from ivr.intent import BINDING, Understood, Wants, evidence_of, phrases, understand
from ivr.understanding.belief import HEDGES
from ivr.understanding.lexicon import lexicon, read_lexicon
from ivr.understanding.number import number_of
from ivr.understanding.words import clauses
from phrase_sets import HERE, LANGUAGES, TODAY, phrases_of, score, understood

WANTS = st.builds(
    Wants,
    yes_no=st.booleans(),
    date=st.booleans(),
    amount=st.booleans(),
    digits=st.integers(0, 8),
    options=st.lists(st.sampled_from(["now", "later", "goods"]), max_size=3).map(tuple),
)


def said(text: str, language: str, **wants: object) -> tuple[str, dict[str, str]] | None:
    found = understand(text, language, Wants(**wants), TODAY)  # type: ignore[arg-type]
    return (found.intent, dict(found.slots)) if found else None


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        # They pay when we have done our part: something is wrong, and it is no promise.
        ("ik betaal pas als dat ding gemaakt is", "nl", "dispute"),
        ("eerst leveren en dan betalen", "nl", "dispute"),
        ("je paierai quand ce sera réparé", "fr", "dispute"),
        ("ich zahle erst wenn das repariert ist", "de", "dispute"),
        ("deliver it first and then I'll pay", "en", "dispute"),
        ("I'm not going to pay someone who can't even send a correct bill", "en", "dispute"),
        ("ik heb maar de helft gekregen", "nl", "dispute"),
        # What they would do with money they don't have.
        ("als ik geld had dan had ik al lang betaald", "nl", "hardship"),
        ("si j'avais de l'argent j'aurais déjà payé", "fr", "hardship"),
        ("wenn ich geld hätte hätte ich längst bezahlt", "de", "hardship"),
        ("if I had the money I would have paid it already", "en", "hardship"),
        # The line is bad: nobody asked us to stop.
        ("ik kan u niet meer horen", "nl", "repeat"),
    ],
)
def test_what_a_rule_leaves_no_doubt_of_is_not_taken_for_what_it_resembles(
    text: str, language: str, intent: str
) -> None:
    assert said(text, language) == (intent, {}) or said(text, language) == (intent, {"kind": "not_delivered"})


def test_a_cry_and_a_stop_go_before_what_leaves_no_doubt() -> None:
    assert said("ik betaal pas als het gemaakt is en bel mij niet meer", "nl") == ("stop", {})
    assert said("eerst leveren en dan betalen ik wil niet meer leven", "nl") == ("crisis", {})


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("wat als ik niet betaal", "nl"),
        ("que se passe-t-il si je ne paie pas", "fr"),
        ("was passiert wenn ich nicht zahle", "de"),
        ("what happens if I don't pay", "en"),
    ],
)
def test_a_question_of_theirs_is_no_yes_and_no_no(text: str, language: str) -> None:
    assert said(text, language, yes_no=True) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_phrases_of_the_trade_are_understood_and_none_binds_wrongly(language: str) -> None:
    found = score(HERE / f"{language}.toml")
    assert found.share >= 0.97
    assert found.wrong_binding <= 0.005


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("ik kan niet betalen", "nl-BE", "hardship"),
        ("ik wil niet betalen", "nl-NL", "refuse"),
        ("ik heb al betaald", "nl", "paid"),
        ("stop wacht even", "nl", "stop"),
        ("stop", "nl", "stop"),
        ("je ne peux pas payer", "fr-BE", "hardship"),
        ("j'ai déjà payé", "fr-FR", "paid"),
        ("ich will nicht zahlen", "de", "refuse"),
        ("I've already paid", "en", "paid"),
        ("I want to kill myself", "nl", "crisis"),
        ("arrêtez de m'appeler", "de", "stop"),
    ],
)
def test_what_is_said_is_what_is_meant(text: str, language: str, intent: str) -> None:
    found = understand(text, language, Wants(), TODAY)
    assert found is not None
    assert found.intent == intent


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ik heb niet betaald", "nl"),
        ("je n'ai pas payé", "fr"),
        ("ich habe nicht bezahlt", "de"),
        ("I haven't paid", "en"),
    ],
)
def test_a_negation_turns_paid_into_nothing(text: str, language: str) -> None:
    assert understood(text, "none", language) != "paid"


@pytest.mark.parametrize("text", ["ja maar", "oui mais", "ja aber", "yes but"])
def test_yes_but_is_not_yes(text: str) -> None:
    language = {"ja maar": "nl", "oui mais": "fr", "ja aber": "de", "yes but": "en"}[text]
    assert understand(text, language, Wants(yes_no=True), TODAY) is None


def test_no_to_are_you_is_a_no_and_never_a_stop_or_a_wrong_number() -> None:
    assert said("nee dat ben ik niet", "nl", yes_no=True) == ("no", {})
    assert said("no", "en", yes_no=True) == ("no", {})


def test_an_unknown_word_that_could_be_the_not_undoes_what_binds() -> None:
    assert said("ik heb al betaald", "nl") is not None
    assert said("ik heb al [unk] betaald", "nl") != ("paid", {})


@pytest.mark.parametrize(
    ("text", "language", "slots"),
    [
        ("ik betaal vrijdag", "nl", ("promise", {"date": "2026-12-04"})),
        ("fifty euros a month", "en", ("plan", {"minor": "5000"})),
        ("in drie keer", "nl", ("plan", {"count": "3"})),
        ("dat is gisteren betaald", "nl", ("paid", {"when": "today_or_yesterday"})),
        ("het pakket is kapot", "nl", ("dispute", {"kind": "damaged"})),
        ("bel mij na vier uur", "nl", ("later", {"from": "16:00"})),
        ("spreekt u frans", "nl", ("language", {"language": "fr"})),
    ],
)
def test_the_words_fill_the_slots(text: str, language: str, slots: tuple[str, dict[str, str]]) -> None:
    assert said(text, language) == slots


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("volgende vrijdag", "nl", "2026-12-04"),
        ("next friday", "en", "2026-12-04"),
        ("de vijfde", "nl", "2026-12-05"),
        ("le quinze", "fr", "2026-12-15"),
        ("am fünfzehnten", "de", "2026-12-15"),
        ("am fünften zwölften", "de", "2026-12-05"),
        ("einde van de maand", "nl", "2026-11-30"),
        ("am Monatsende", "de", "2026-11-30"),
        ("in ten days", "en", "2026-12-07"),
        ("over een week", "nl", "2026-12-04"),
        ("binnen twee weken", "nl", "2026-12-11"),
        ("the first of next month", "en", "2026-12-01"),
        ("lundi en huit", "fr", "2026-12-07"),
        ("5/12", "nl", "2026-12-05"),
        ("twintig november", "nl", "2026-11-20"),
    ],
)
def test_a_day_said_in_words_is_that_day(text: str, language: str, day: str) -> None:
    assert said(text, language, date=True) == ("date", {"date": day})


def test_after_my_pension_is_no_day() -> None:
    assert said("na mijn pensioen", "nl", date=True) == ("promise", {})


@pytest.mark.parametrize(
    ("text", "language", "minor"),
    [
        ("vijfendertig euro vijftig", "nl", "3550"),
        ("anderhalf", "nl", "150"),
        ("a hundred and twenty", "en", "12000"),
        ("fifty fifty", "en", "5050"),
        ("septante euros", "fr", "7000"),
        ("huitante euros", "fr", "8000"),
        ("soixante-dix", "fr", "7000"),
        ("85,50", "nl", "8550"),
    ],
)
def test_an_amount_said_in_words_is_that_amount(text: str, language: str, minor: str) -> None:
    assert said(text, language, amount=True) == ("amount", {"minor": minor})


@pytest.mark.parametrize(
    ("text", "language", "digits"),
    [
        ("vierenveertig zeventien", "nl", "4417"),
        ("negen dubbel nul nul", "nl", "9000"),
        ("9000", "nl", "9000"),
        ("euh vier vier een zeven", "nl", "4417"),
        ("nine triple oh", "en", "9000"),
        ("zwo zwo eins drei", "de", "2213"),
        ("quarante-quatre dix-sept", "fr", "4417"),
    ],
)
def test_digits_are_heard_one_by_one_and_in_pairs(text: str, language: str, digits: str) -> None:
    assert said(text, language, digits=4) == ("digits", {"digits": digits})


def test_a_choice_is_named_by_its_place_or_its_word() -> None:
    options = ("now", "later")
    assert said("de tweede", "nl", options=options) == ("option", {"n": "2"})
    assert said("le premier", "fr", options=options) == ("option", {"n": "1"})


@pytest.mark.parametrize("language", LANGUAGES)
@given(n=st.integers(0, 9999))
def test_a_number_in_the_words_of_num2words_is_that_number(language: str, n: int) -> None:
    own = lexicon(language)
    words = tuple(w for c in clauses(num2words(n, lang=language), own) for w in c.words)
    assert number_of(words, own.numbers) == n


@pytest.mark.parametrize("language", LANGUAGES)
@given(ahead=st.integers(1, 60))
def test_a_day_within_two_months_comes_back(language: str, ahead: int) -> None:
    day = TODAY + timedelta(days=ahead)
    own = lexicon(language)
    month = next(name for name, n in own.calendar.months.items() if n == day.month)
    in_days = {"nl": "over {} dagen", "fr": "dans {} jours", "de": "in {} Tagen", "en": "in {} days"}[language]
    spoken = num2words(day.day, lang=language)
    patterns = [f"{spoken} {month}", f"{day.day}/{day.month}", f"{day.day} {month} {day.year}"]
    if ahead > 1:
        patterns.append(in_days.format(num2words(ahead, lang=language)))
    for text in patterns:
        assert said(text, language, date=True) == ("date", {"date": day.isoformat()}), text


@settings(max_examples=100)
@given(text=st.text(max_size=200), wants=WANTS, language=st.sampled_from(LANGUAGES))
def test_any_text_is_taken(text: str, wants: Wants, language: str) -> None:
    assert isinstance(understand(text, language, wants, TODAY), Understood | None)


def test_a_megabyte_is_cut_to_its_first_words() -> None:
    own = lexicon("nl")
    assert sum(len(c.words) for c in clauses("ja " * 400_000, own)) <= 60
    assert understand("\x00\x1b😀" * 300_000, "nl", Wants(), TODAY) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_grammar_is_closed_plain_and_without_doubles(language: str) -> None:
    found = phrases(language, Wants(digits=4))
    assert len(found) == len(set(found))
    assert all(phrase == phrase.lower() and not set(phrase) & set(".,;*_[]") for phrase in found)
    assert found == phrases(language, Wants(digits=4))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_binds_is_still_understood_through_the_words_of_the_grammar(language: str) -> None:
    own = lexicon(language)
    known = {w for phrase in phrases(language, Wants(yes_no=False)) for c in clauses(phrase, own) for w in c.words}
    lost = []
    for phrase, meant in phrases_of(HERE / f"{language}.toml"):
        if meant not in BINDING or understood(phrase, meant, language) != meant:
            continue
        heard = " ".join(w if w in known else "" for c in clauses(phrase, own) for w in c.words)
        if understood(heard, meant, language) != meant:
            lost.append(phrase)
    assert len(lost) <= 2, lost


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I never said that I would pay", "en"),
        ("I thought it was paid", "en"),
        ("I don't need instalments", "en"),
        ("he isn't dead", "en"),
        ("ik heb nooit gezegd dat ik ging betalen", "nl"),
        ("ik dacht dat het betaald was", "nl"),
        ("ik heb geen afbetalingsplan nodig", "nl"),
        ("hij is niet dood", "nl"),
        ("je n'ai jamais dit que j'allais payer", "fr"),
        ("je pensais que c'était payé", "fr"),
        ("je n'ai pas besoin d'un plan de paiement", "fr"),
        ("il n'est pas mort", "fr"),
        ("ich habe nie gesagt, dass ich zahle", "de"),
        ("ich dachte, das wäre bezahlt", "de"),
        ("ich brauche keine Raten", "de"),
        ("er ist nicht tot", "de"),
    ],
)
def test_what_is_denied_or_only_thought_binds_nobody(text: str, language: str) -> None:
    assert understood(text, "none", language) not in BINDING


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("stop, I'll pay now", "en", "pay"),
        ("I'm not paying twice, I paid it last week", "en", "paid"),
        ("stop, ik betaal het nu", "nl", "pay"),
        ("ik betaal geen twee keer, het is vorige week betaald", "nl", "paid"),
        ("stop, je paie maintenant", "fr", "pay"),
        ("je ne paie pas deux fois, je l'ai payé la semaine passée", "fr", "paid"),
        ("stopp, ich zahle jetzt", "de", "pay"),
        ("ich zahle nicht zweimal, ich habe letzte Woche bezahlt", "de", "paid"),
    ],
)
def test_people_come_to_the_point_last(text: str, language: str, intent: str) -> None:
    assert understood(text, intent, language) == intent


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_knows_what_makes_a_claim_less(language: str) -> None:
    assert set(HEDGES) - {"NOT"} <= set(lexicon(language).concepts)


def test_words_of_one_concept_are_alike() -> None:
    one, other = (evidence_of(f"I never said I would {word}", "en", TODAY) for word in ("pay", "settle"))
    assert one != other
    assert one[-1] == other[-1]


def test_a_broken_file_names_its_entry() -> None:
    with pytest.raises(BadLexicon, match=r"nl\.toml: 'words'"):
        read_lexicon("nl", "accents = false")
    with pytest.raises(BadLexicon, match="only for nl, fr, de, en"):
        understand("ja", "it", Wants(), date(2026, 1, 1))


@pytest.mark.parametrize(
    "text", ["die Hälfte am Freitag", "die Sache ist mir egal", "die Rechnung kenne ich nicht, die ist falsch"]
)
def test_the_german_article_is_no_english_cry(text: str) -> None:
    found = understand(text, "de", Wants(), TODAY)
    assert found is None or found.intent != "crisis"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "i want to die"),
        ("en", "ik wil niet meer leven"),
        ("nl", "je veux mourir"),
        ("nl", "mann ich will einfach nicht mehr leben"),
    ],
)
def test_a_cry_in_another_language_of_ours_is_heard(language: str, text: str) -> None:
    assert understand(text, language, Wants(), TODAY) == Understood("crisis")


@pytest.mark.parametrize(
    ("language", "text"), [("nl", "alles"), ("en", "everything"), ("en", "twelve days"), ("fr", "hier")]
)
def test_a_word_or_two_that_no_rule_knows_record_nothing(language: str, text: str) -> None:
    assert understand(text, language, Wants(), TODAY) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "nee ja"),
        ("nl", "ja hoop ik"),
        ("fr", "oui enfin non"),
        ("fr", "normalement oui"),
        ("en", "yes no"),
        ("en", "I hope so"),
        ("en", "that will be hard"),
        ("de", "das wird schwer"),
    ],
)
def test_half_a_yes_binds_nobody(language: str, text: str) -> None:
    found = said(text, language, yes_no=True, binds=True)
    assert found is None or found[0] not in ("yes", "no")


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("en", "this is her husband", "no"),
        ("en", "you're speaking to her son", "no"),
        ("en", "this is Ada's husband", "no"),
        ("en", "this is she", "yes"),
        ("nl", "ja met haar man", "no"),
        ("nl", "u spreekt met de dochter", "no"),
        ("nl", "ja daar spreekt u mee", "yes"),
        ("fr", "oui je suis son mari", "no"),
        ("fr", "oui c'est moi", "yes"),
        ("de", "ja ich bin die tochter", "no"),
        ("de", "am apparat", "yes"),
    ],
)
def test_somebody_of_the_house_is_not_the_debtor(language: str, text: str, answer: str) -> None:
    assert said(text, language, yes_no=True) == (answer, {})


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("nl", "bel me op mijn gsm", "later"),
        ("nl", "bel me niet meer op mijn gsm", "stop"),
        ("nl", "hoeveel is het", "repeat"),
        ("en", "how much is it", "repeat"),
        ("en", "how much is it I'll pay it now", "pay"),
        ("nl", "die van oktober", None),
    ],
)
def test_another_number_is_no_stop_a_sum_is_told_again_and_a_month_is_no_death(
    language: str, text: str, intent: str | None
) -> None:
    found = said(text, language)
    assert (found and found[0]) == intent
