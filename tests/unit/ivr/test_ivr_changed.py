"""A value with some fields changed is what the library's own way gives."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.changed import changed
from ivr.state import State, fresh
from ivr.testing import a_briefing

BEFORE = fresh(a_briefing())


@given(st.fixed_dictionaries({}, optional={"place": st.text(), "misses": st.integers(), "facts": st.just(("heard",))}))
def test_it_is_the_same_as_the_librarys_and_leaves_the_old_one_alone(fields: dict[str, object]) -> None:
    before = replace(BEFORE)
    assert changed(before, **fields) == replace(BEFORE, **fields)  # type: ignore[arg-type]
    assert before == BEFORE


def test_a_field_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="State has no misss"):
        changed(State(pace="normal"), misss=1)
