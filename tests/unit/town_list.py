"""The town's list, its people and what is expected of them, as the tests of the town read them."""

from __future__ import annotations

import csv
import json
import sys
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from dialer.files import docker_folder
from ledger.intake.telephone import read_number

sys.path.insert(0, str(docker_folder("town")))

from persona import Persona, read_personas

TOWN = docker_folder("town")
BRUSSELS = ZoneInfo("Europe/Brussels")
#: When the rehearsal calls.
WAVES = (datetime(2026, 11, 24, 10, 30, tzinfo=BRUSSELS), datetime(2026, 11, 24, 17, 30, tzinfo=BRUSSELS))


@cache
def rows() -> dict[str, list[dict[str, str]]]:
    """The rows of each debtor: one for each invoice."""
    with (TOWN / "debtors.csv").open(newline="", encoding="utf-8") as file:
        found: dict[str, list[dict[str, str]]] = {}
        for row in csv.DictReader(file):
            found.setdefault(row["debtor"], []).append(row)
    return found


@cache
def expected() -> dict[str, dict[str, Any]]:
    """What must have come of each debtor after both waves."""
    found: dict[str, dict[str, Any]] = json.loads((TOWN / "expected.json").read_text(encoding="utf-8"))
    return found


@cache
def personas() -> dict[str, Persona]:
    """Who answers at each number."""
    return {persona.number: persona for persona in read_personas(TOWN / "personas.toml")}


def telephones(ref: str) -> list[tuple[str, str]]:
    """Verdict and E.164 of each number of a debtor, in order."""
    row = rows()[ref][0]
    texts = [row[column] for column in ("phone_1", "phone_2") if row[column]]
    read = (read_number(text, row["country"] or None) for text in texts)
    return [(str(verdict), e164) for verdict, e164, _ in read]


def persona_of(ref: str) -> Persona:
    """Who answers at the first number of a debtor that may be dialled."""
    return personas()[next(e164 for verdict, e164 in telephones(ref) if verdict == "good")]
