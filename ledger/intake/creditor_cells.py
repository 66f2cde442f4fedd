"""The cells about the creditor: the names anybody may hear, and where money goes."""

from __future__ import annotations

import re
from functools import lru_cache

from stdnum import iban as iban_check

from ledger.intake.checked import Creditor
from ledger.intake.finding import BadCell, Findings
from ledger.intake.sender import reveals
from ledger.intake.telephone import read_callback
from ledger.intake.text import key, plain
from ledger.intake.words import read_role

CREDITOR_COLUMNS = ("creditor", "sender", "role", "contact_person", "callback_number", "iban")


@lru_cache(maxsize=4096)
def check_creditor(cells: tuple[str, ...]) -> tuple[Creditor | None, Findings]:
    """The creditor of `CREDITOR_COLUMNS`; None where an error was found."""
    name_text, sender_text, role_text, contact_text, callback_text, iban_text = cells
    findings = Findings()
    name = findings.read("creditor", _name, name_text, "creditor")
    if name is None and not findings.errors:
        findings.refuse("creditor", "is empty", "write who is owed the money")
    sender = findings.read("sender", _sender, sender_text, name or "")
    role = findings.read("role", read_role, role_text) if role_text else None
    contact = findings.read("contact_person", _name, contact_text, "contact_person")
    account = findings.read("iban", _iban, iban_text)
    callback = None
    if callback_text:
        callback = findings.read("callback_number", read_callback, callback_text, account[:2] if account else None)
    if findings.errors or name is None:
        return None, findings
    return Creditor(
        name=name, sender=sender, role=role, contact_person=contact, callback_number=callback, iban=account
    ), findings


#: No name of a person or firm holds these; a template, a page or a shell might run them.
_NOT_IN_NAMES = re.compile(r"[<>{}\[\]\\|^`;]")
_LETTER = re.compile(r"[^\W\d_]")


def _name(text: str, column: str) -> str | None:
    found = plain(text, column)
    if found is None:
        return None
    if bad := _NOT_IN_NAMES.search(found):
        raise BadCell(f"holds {bad[0]}, which stands in no name", "write the name alone")
    if not _LETTER.search(found):
        raise BadCell("holds no letter", "write the name in letters")
    return found


def read_name(text: str, column: str) -> str:
    """A name that is there and can be spoken. Raises `BadCell`."""
    found = _name(text, column)
    if found is None:
        raise BadCell("is empty", "write the full name")
    return found


def _sender(text: str, creditor: str) -> str | None:
    named = _name(text, "sender")
    if named is None and (word := reveals(creditor)):
        raise BadCell(
            f"is empty, and the creditor's own name tells too much (“{word}”) to be heard by anybody",
            "write a neutral trade name",
        )
    if named is not None and (word := reveals(named)):
        raise BadCell(f"tells too much (“{word}”): anybody may hear this name", "write a neutral trade name")
    return named


def _iban(text: str) -> str | None:
    found = key(text.replace(" ", ""), "iban")
    if found is None:
        return None
    if not iban_check.is_valid(found, check_country=False):
        raise BadCell(f"{found[:40]} is no valid IBAN", "check it with the bank")
    return str(iban_check.compact(found))
