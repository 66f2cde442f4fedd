"""The rules as they ship, with and without hours by age."""

from __future__ import annotations

import pytest

from schedules.law_file import shipped_rules
from schedules.rules import Rules
from schedules.testing import with_open_bands


@pytest.fixture(scope="session")
def rules() -> Rules:
    """Every rule but the bands, which have tests of their own: to look at the others by day and evening."""
    return with_open_bands(shipped_rules())


@pytest.fixture(scope="session")
def shipped() -> Rules:
    """All of them."""
    return shipped_rules()
