"""The rules as they ship."""

from __future__ import annotations

import pytest

from schedules.law_file import shipped_rules
from schedules.rules import Rules


@pytest.fixture(scope="session")
def rules() -> Rules:
    return shipped_rules()
