"""What the doctor tells while our Asterisk runs, and when it was stopped."""

from __future__ import annotations

import pytest
from house import House

pytestmark = [pytest.mark.asterisk, pytest.mark.speech]


def link(house: House) -> tuple[str, str]:
    findings = house.document("doctor")["findings"]
    (found,) = [(one["health"], one["told"]) for one in findings if one["what"] == "link"]
    return found


def test_the_doctor_knows_that_our_asterisk_was_stopped(tmp_path_factory: pytest.TempPathFactory) -> None:
    house = House.build(tmp_path_factory.mktemp("house"))
    house.beltoon("migrate")
    with house.asterisk():
        assert link(house) == ("good", "signed in to Asterisk's manager interface")
    assert link(house) == ("note", "our Asterisk does not run; start: beltoon asterisk start")
