"""What is said in French and German and not meant, what is taken back, and cries without their plain words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.intent import BINDING, Wants, understand
from ivr.testing import TODAY
from ivr.understanding.lexicon import lexicon
from ivr.understanding.twist import without_unsaid
from ivr.understanding.words import whole


def meant(text: str, language: str) -> str | None:
    found = understand(text, language, Wants(), TODAY)
    return found.intent if found else None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "mon portable va mourir"),
        ("fr", "je suis mort de fatigue"),
        ("fr", "je vais me jeter sur mon téléphone pour payer"),
        ("fr", "je ne veux plus vivre dans ce quartier"),
        ("de", "mein akku ist gleich tot"),
        ("de", "ich sterbe vor durst"),
        ("de", "ich mach schluss mit der rechnung"),
        ("de", "die mahnungen bringen mich noch um"),
    ],
)
def test_a_figure_of_speech_is_no_cry_and_no_death(language: str, text: str) -> None:
    assert meant(text, language) not in ("crisis", "deceased")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "mon portable va mourir et moi je veux mourir aussi"),
        ("fr", "je veux en finir avec cette facture et avec ma vie"),
        ("fr", "je vais me jeter sur les rails"),
        ("de", "mein akku ist gleich tot und ich will sterben"),
        ("de", "ich mach schluss mit der rechnung und mit meinem leben"),
    ],
)
def test_a_cry_beside_a_figure_of_speech_is_heard(language: str, text: str) -> None:
    assert meant(text, language) == "crisis"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "quand je serai plus là ils auront moins de soucis"),
        ("fr", "j'ai fait mes adieux à ma soeur"),
        ("fr", "je suis un fardeau pour mes enfants"),
        ("fr", "le revolver est dans le tiroir"),
        ("fr", "occupez-vous de mes enfants s'il vous plaît"),
        ("fr", "je sers plus à rien"),
        ("de", "der abschiedsbrief ist schon geschrieben"),
        ("de", "ich bin nur eine last für die anderen"),
        ("de", "die pistole liegt in der schublade"),
        ("de", "kümmern sie sich um meine kinder"),
        ("de", "wozu soll ich noch aufstehen"),
        ("de", "ich nehm die ganze packung"),
    ],
)
def test_a_farewell_a_means_at_hand_a_burden_or_a_life_for_nothing_is_a_cry(language: str, text: str) -> None:
    assert meant(text, language) == "crisis"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "rappelez avant midi après je serai plus là"),
        ("fr", "on va remettre ça sur les rails je paie demain"),
        ("fr", "la seule issue pour moi c'est en plusieurs fois"),
        ("de", "rufen sie vor drei an ab drei bin ich nicht mehr da"),
        ("de", "das geld ist für immer weg"),
        ("de", "mein letzter tag im büro ist morgen"),
    ],
)
def test_words_of_a_cry_in_the_business_of_a_day_are_none(language: str, text: str) -> None:
    assert meant(text, language) != "crisis"


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("fr", "mardi non attendez jeudi je paie jeudi", "promise"),
        ("fr", "je dis pas que c'est faux je dis que j'ai plus un sou", "hardship"),
        ("fr", "je conteste pas je voudrais payer en trois fois", "plan"),
        ("de", "ich sag nicht dass das falsch ist ich sag ich hab kein geld", "hardship"),
        ("de", "ich bestreite nichts ich möchte in raten zahlen", "plan"),
        ("de", "ich will mich nicht beschweren ich will bezahlen", "pay"),
    ],
)
def test_what_is_taken_back_is_not_meant_and_what_follows_is(language: str, text: str, intent: str) -> None:
    assert meant(text, language) == intent


@pytest.mark.parametrize(
    ("language", "text"), [("fr", "non attendez"), ("fr", "jeudi non attendez"), ("de", "nein warten sie")]
)
def test_a_restart_before_or_after_which_nothing_is_said_takes_nothing_back(language: str, text: str) -> None:
    own = lexicon(language)
    assert without_unsaid(text, own, TODAY) in (None, "sie")


@given(
    before=st.lists(st.sampled_from(["je", "paie", "vendredi", "pas", "non"]), min_size=1, max_size=6),
    after=st.lists(st.sampled_from(["je", "paie", "lundi", "pas"]), min_size=1, max_size=6),
)
def test_what_follows_the_restart_is_kept_whole(before: list[str], after: list[str]) -> None:
    own = lexicon("fr")
    rest = without_unsaid(" ".join((*before, "non attendez", *after)), own, TODAY)
    assert rest is not None
    assert whole(rest, own).words[-len(after) :] == tuple(after)


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("fr", "c'est pas que je veux pas c'est que je peux pas", "hardship"),
        ("fr", "c'est pas que je peux pas c'est que je veux pas", "refuse"),
        ("de", "nicht dass ich nicht will ich kann nicht zahlen", "hardship"),
        ("de", "nicht dass ich nicht zahlen könnte ich will nicht", "refuse"),
    ],
)
def test_of_cannot_and_will_not_the_one_that_is_affirmed_counts(language: str, text: str, intent: str) -> None:
    assert meant(text, language) == intent


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("fr", "si j'avais de quoi je vous paierais", "hardship"),
        ("fr", "vous croyez que j'ai de quoi payer", "hardship"),
        ("fr", "avec quoi vous voulez que je paie", "hardship"),
        ("de", "wenn ich nur könnte", "hardship"),
        ("de", "wovon soll ich das bezahlen", "hardship"),
        ("de", "wenn ich das geld hätte würde ich zahlen", "hardship"),
    ],
)
def test_who_only_wishes_to_pay_or_asks_with_what_cannot(language: str, text: str, intent: str) -> None:
    assert meant(text, language) == intent


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("fr", "j'aurais payé si le montant était juste", "dispute"),
        ("fr", "j'aurais payé si j'avais reçu la facture", "invoice_missing"),
        ("de", "ich hätte bezahlt wenn der betrag richtig wäre", "dispute"),
        ("de", "ich hätte bezahlt wenn ich die rechnung bekommen hätte", "invoice_missing"),
    ],
)
def test_who_would_have_paid_a_right_invoice_disputes_and_a_missing_one_asks_for_it(
    language: str, text: str, intent: str
) -> None:
    assert meant(text, language) == intent


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "comptez pas sur moi vendredi pour payer"),
        ("fr", "on verra bien si je peux payer vendredi"),
        ("fr", "je paie quand je gagne au loto"),
        ("fr", "j'ai failli payer hier"),
        ("fr", "celle de mars est payée celle-ci pas"),
        ("fr", "c'est pas moi qui ai commandé"),
        ("fr", "notre chien est mort"),
        ("de", "mal sehen ob ich am freitag zahle"),
        ("de", "wenn ich im lotto gewinne zahle ich"),
        ("de", "ich hätte fast bezahlt"),
        ("de", "unser hund ist gestorben"),
        ("de", "mich stört nicht dass sie anrufen"),
    ],
)
def test_what_is_open_nearly_done_or_of_another_binds_nobody(language: str, text: str) -> None:
    assert meant(text, language) not in BINDING - {"dispute"}


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "stop un instant on frappe à la porte"), ("de", "stopp moment das baby schreit")],
)
def test_stop_with_a_reason_to_wait_only_waits(language: str, text: str) -> None:
    assert meant(text, language) == "wait"
