"""Structured references to pay with: the Belgian OGM, and RF of ISO 11649; made from an invoice number, and checked."""

from __future__ import annotations

import re
from hashlib import sha256

from stdnum import iso11649
from stdnum.be import ogm_vcs

#: ISO 11649: RF, two check digits, at most 21 letters and digits.
_RF_LONGEST = 21
_OGM_DIGITS = 10
_OGM = re.compile(r"\+{0,3}[0-9]{3}/?[0-9]{4}/?[0-9]{5}\+{0,3}")
#: Dutch betalingskenmerk (Betaalvereniging, "specificaties betalingskenmerk"): 7 digits without a check; 16 with a
#: check digit; 9 to 14 with a check digit and then the last digit of the count that follows.
_DUTCH = re.compile(r"[0-9]{7}|[0-9]{9,14}|[0-9]{16}")
_DUTCH_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)


def make_reference(invoice: str, country: str | None) -> str:
    """The reference for an invoice: OGM for Belgium, RF elsewhere. The same invoice number always gives the same."""
    return make_ogm(invoice) if country == "BE" else make_rf(invoice)


def make_ogm(invoice: str) -> str:
    """`202/6000/11714` for 2026-000117: the number itself when it has ten digits at most, else ten from its hash."""
    digits = re.sub(r"[\s\-/._]", "", invoice)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _OGM_DIGITS) or int(digits) == 0:
        digits = str(int(sha256(invoice.encode()).hexdigest(), 16) % (10**_OGM_DIGITS - 1) + 1)
    base = digits.zfill(_OGM_DIGITS)
    whole = f"{base}{int(base) % 97 or 97:02d}"
    return f"{whole[:3]}/{whole[3:7]}/{whole[7:]}"


def make_rf(invoice: str) -> str:
    """`RF662026000117`…: the number's letters and digits when they are 21 at most, else sixteen digits of its hash."""
    base = re.sub(r"[\s\-/._]", "", invoice).upper()
    if not (base.isascii() and base.isalnum() and len(base) <= _RF_LONGEST):
        base = str(int(sha256(invoice.encode()).hexdigest(), 16) % 10**16).zfill(16)
    # ISO 7064 mod 97-10 over the base followed by RF00, each letter as two digits (A = 10).
    number = int("".join(str(int(c, 36)) for c in base + "RF00"))
    return f"RF{98 - number % 97:02d}{base}"


def wrong_reference(text: str) -> str | None:
    """What is wrong with a given reference, as a sentence; None for a right OGM, RF or Dutch betalingskenmerk."""
    bare = text.replace(" ", "").upper()
    if bare.startswith("RF"):
        return None if iso11649.is_valid(bare) else "is no valid RF reference: its check digits don't fit"
    if (_OGM.fullmatch(bare) and ogm_vcs.is_valid(bare)) or (_DUTCH.fullmatch(bare) and _dutch(bare)):
        return None
    if _OGM.fullmatch(bare):
        return "is no valid OGM reference: its check digits don't fit"
    if _DUTCH.fullmatch(bare):
        return "is no valid betalingskenmerk: its check digit doesn't fit"
    return "is neither OGM, RF nor betalingskenmerk: banks may refuse it as a structured reference"


def _dutch(digits: str) -> bool:
    if len(digits) == 7:
        return True
    if len(digits) < 16 and int(digits[1]) != (len(digits) - 2) % 10:
        return False
    total = sum(int(d) * _DUTCH_WEIGHTS[n % 10] for n, d in enumerate(reversed(digits[1:])))
    rest = 11 - total % 11
    return int(digits[0]) == {10: 1, 11: 0}.get(rest, rest)
