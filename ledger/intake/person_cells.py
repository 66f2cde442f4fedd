"""The cells about a human: name, age, address and numbers."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from ledger.email import looks_like_email
from ledger.intake.checked import Person
from ledger.intake.creditor_cells import read_name
from ledger.intake.day import read_birth
from ledger.intake.finding import Findings
from ledger.intake.text import read_texts
from ledger.intake.words import read_flag, read_party, read_tone

_TEXTS = ("address_form", "street", "house_number", "city", "email")
PERSON_COLUMNS = (*_TEXTS, "name", "kind", "student", "birth_date", "tone")


@lru_cache(maxsize=256)
def check_person(cells: tuple[str, ...], today: date) -> tuple[Person | None, Findings]:
    """The person of `PERSON_COLUMNS`; None where an error was found."""
    findings = Findings()
    address_form, street, house_number, city, email = read_texts(findings, cells[:5], _TEXTS)
    name_text, kind_text, student_text, birth_text, tone_text = cells[5:]
    name = findings.read("name", read_name, name_text, "name")
    birth = findings.read("birth_date", read_birth, birth_text, today) if birth_text else None
    if birth and birth[1]:
        findings.warn("birth_date", birth[1])
    kind = findings.read("kind", read_party, kind_text) if kind_text else None
    student = findings.read("student", read_flag, student_text) if student_text else None
    tone = findings.read("tone", read_tone, tone_text) if tone_text else None
    if email and not looks_like_email(email):
        findings.warn("email", "is no e-mail address; it is left out")
        email = None
    if findings.errors or name is None:
        return None, findings
    return Person(
        name=name,
        address_form=address_form,
        kind=kind,
        student=student,
        birth_date=birth[0] if birth else None,
        street=street,
        house_number=house_number,
        city=city,
        email=email,
        tone=tone,
    ), findings
