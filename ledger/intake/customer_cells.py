"""The cells about a customer number and the two codes of our letter."""

from __future__ import annotations

import re
from functools import lru_cache

from ledger.intake.checked import Customer
from ledger.intake.finding import BadCell, Findings
from ledger.intake.text import key, there

CUSTOMER_COLUMNS = ("customer_no", "debtor", "call_code", "secret_code")
_SECRET = re.compile(r"[0-9]{4,12}")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z \-]*")


@lru_cache(maxsize=256)
def check_customer(cells: tuple[str, ...], creditor: str) -> tuple[Customer | None, Findings]:
    """The customer number of `CUSTOMER_COLUMNS` with its two codes; None where an error was found."""
    number_text, debtor_text, call_text, secret_text = cells
    findings = Findings()
    number = findings.read("customer_no", there, number_text, "customer_no")
    debtor = findings.read("debtor", key, debtor_text, "debtor") if debtor_text else None
    call = findings.read("call_code", _call_code, call_text) if call_text else None
    secret = findings.read("secret_code", _secret_code, secret_text) if secret_text else None
    if call and secret and call.replace(" ", "").replace("-", "") == secret:
        findings.refuse(
            "secret_code", "is the same as call_code, which we say aloud", "give every letter two different codes"
        )
    if findings.errors or number is None:
        return None, findings
    return Customer(creditor=creditor, number=number, debtor=debtor, call_code=call, secret_code=secret), findings


def _call_code(text: str) -> str | None:
    found = key(text, "call_code")
    if found is not None and not (found.isascii() and found.isalnum()) and not _CODE.fullmatch(found):
        raise BadCell("holds more than letters and digits", "a code is spoken: letters and digits only")
    return found


def _secret_code(text: str) -> str | None:
    found = key(text, "secret_code")
    if found is None:
        return None
    digits = found if found.isdigit() else found.replace(" ", "").replace("-", "")
    if not _SECRET.fullmatch(digits):
        raise BadCell("is no code of 4 to 12 digits", "a person types it on a telephone: digits only, 4 at least")
    return digits
