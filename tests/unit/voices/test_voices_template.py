"""A text taken apart."""

from __future__ import annotations

import pytest

from voices.errors import UnknownPrompt
from voices.template import Blank, Fixed, parse


def test_a_text_is_fixed_words_and_blanks() -> None:
    template = parse("Het bedrag is {amount}, op {date:weekday}.")
    assert template.filled_by({"amount", "date"}) == (
        Fixed("Het bedrag is "),
        Blank("amount"),
        Fixed(", op "),
        Blank("date", "weekday"),
        Fixed("."),
    )


def test_a_part_in_brackets_is_said_only_with_all_its_slots() -> None:
    template = parse("Dag.[ Bel {number} tot {to}.]")
    assert template.needed == frozenset()
    assert template.optional == {"number", "to"}
    assert template.filled_by({"number"}) == (Fixed("Dag."),)
    assert len(template.filled_by({"number", "to"})) == 6


def test_a_slot_that_is_needed_elsewhere_is_not_optional() -> None:
    template = parse("{name}. [Nog eens: {name}.]")
    assert template.needed == {"name"}
    assert template.optional == frozenset()


def test_every_combination_of_options_is_a_variant() -> None:
    assert len(parse("A[ {b}][ {c}]").variants()) == 4


@pytest.mark.parametrize("text", ["{name", "name}", "[open {x}", "a {b:month}", "[nested [{x}]]"])
def test_a_brace_without_its_partner_is_refused(text: str) -> None:
    with pytest.raises(UnknownPrompt):
        parse(text)
