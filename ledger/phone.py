"""Telephone numbers: E.164 before they are keys, and a verdict on each before it may be dialled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from ledger.errors import BadPhoneNumber


class Verdict(StrEnum):
    """May this number be dialled at all, whoever has it?"""

    GOOD = "good"
    #: Can't be read, or no such number exists.
    INVALID = "invalid"
    #: 112, 911, 999 …
    EMERGENCY = "emergency"
    #: Short codes: 1307, 8989.
    SHORT = "short"
    #: Premium rate and shared cost.
    PREMIUM = "premium"
    #: Satellite and other global networks (+870, +881, +882, +883).
    SATELLITE = "satellite"
    #: Pagers, voicemail access and other numbers that reach no person.
    NO_PERSON = "no_person"


#: ITU-T E.164 global service codes that are satellite or machine networks.
_GLOBAL = frozenset({870, 878, 881, 882, 883, 888, 979})
_PREMIUM = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
_NO_PERSON = frozenset({PhoneNumberType.PAGER, PhoneNumberType.VOICEMAIL, PhoneNumberType.UAN})


@dataclass(frozen=True)
class PhoneNumber:
    """A number in E.164 (`+32470123456`) that may be dialled. `str()` masks it; use `e164` to dial."""

    e164: str

    @classmethod
    def parse(cls, text: str, region: str | None = None) -> PhoneNumber:
        """Read a number as people write it, in the country `region` (ISO 3166, `BE`) unless it starts with +.

        Raises `BadPhoneNumber` with a sentence that names what is wrong, for what may never be dialled too.
        """
        verdict, e164 = judge(text, region)
        if verdict is not Verdict.GOOD:
            raise BadPhoneNumber(_WHY[verdict])
        return cls(e164)

    @property
    def masked(self) -> str:
        """For logs and screens: country and last two digits, `+32…56`."""
        return mask(self.e164)

    def __str__(self) -> str:
        return self.masked


_WHY = {
    Verdict.INVALID: "is no telephone number that exists; write it as +32470123456",
    Verdict.EMERGENCY: "is an emergency number and is never dialled",
    Verdict.SHORT: "is a short code and is never dialled",
    Verdict.PREMIUM: "is a premium or shared-cost number and is never dialled",
    Verdict.SATELLITE: "is a satellite or global-network number and is never dialled",
    Verdict.NO_PERSON: "reaches a service and no person; give the person's own number",
}


def why_not(verdict: Verdict) -> str:
    """The sentence for a verdict other than GOOD."""
    return _WHY[verdict]


def judge(text: str, region: str | None = None) -> tuple[Verdict, str]:
    """The verdict on a written number, and its E.164 form where it has one (else an empty string)."""
    plain = text.strip()
    if not plain or not plain.isascii() or any(c not in "+0123456789 ()-./" for c in plain):
        return Verdict.INVALID, ""
    digits = "".join(c for c in plain if c.isdigit())
    if plain[0] != "+" and 2 <= len(digits) <= 6:
        emergency = region is not None and phonenumbers.is_emergency_number(digits, region)
        if emergency or digits in {"112", "911", "999", "000", "110", "119", "15", "17", "18", "100", "101"}:
            return Verdict.EMERGENCY, ""
        return Verdict.SHORT, ""
    try:
        number = phonenumbers.parse(plain.replace("(0)", ""), region)
    except NumberParseException:
        return Verdict.INVALID, ""
    if number.country_code in _GLOBAL:
        return Verdict.SATELLITE, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number):
        return Verdict.INVALID, ""
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    kind = phonenumbers.number_type(number)
    if kind in _PREMIUM:
        return Verdict.PREMIUM, e164
    if kind in _NO_PERSON:
        return Verdict.NO_PERSON, e164
    return Verdict.GOOD, e164


def country_of(e164: str) -> str | None:
    """The ISO 3166 country of a number in E.164, or None where the number names none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(e164))
    except NumberParseException:
        return None


@lru_cache(maxsize=4096)
def is_mobile(e164: str) -> bool:
    """May a text message reach this number? Where a country's numbers don't tell mobile from fixed: yes."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(e164))
    except NumberParseException:
        return False
    return kind in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def mask(e164: str) -> str:
    """`+32470123456` becomes `+32…56`; anything short becomes `…`."""
    if len(e164) < 8:
        return "…"
    return f"{e164[:3]}…{e164[-2:]}"
