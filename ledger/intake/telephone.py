"""The numbers of a row: read, judged, never a reason to refuse the row."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

from ledger.intake.checked import Telephone
from ledger.intake.columns import LONGEST
from ledger.intake.finding import BadCell, Findings
from ledger.intake.text import EXPONENT
from ledger.intake.words import read_number_kind
from ledger.phone import Verdict, country_of, judge, mask, why_not

#: Countries whose numbers all begin with a trunk 0 at home and never with one behind +, and whose calling code is
#: theirs alone: read by their patterns, without the whole machinery, with the same result (a test compares them).
_PLAIN_PLANS = {"BE": "32", "NL": "31", "FR": "33", "DE": "49"}
_CODES = {code: country for country, code in _PLAIN_PLANS.items()}
_PLAIN = re.compile(r"(?:(?:\+|00)(32|31|33|49)|0)([1-9][0-9]{4,12})")
#: Below this the whole machinery looks for short codes too; and where a number begins with its own country's code it
#: thinks twice what is meant.
_SHORTEST = 8
_LAYOUT = str.maketrans("", "", " -./")


@lru_cache(maxsize=4096)
def read_number(text: str, country: str | None) -> tuple[Verdict, str, str | None]:
    """The verdict on a number of somebody who lives in `country`, its E.164 form, and a warning."""
    if EXPONENT.fullmatch(text):
        return Verdict.INVALID, "", f"{text} was rounded by a spreadsheet: format the column as text and export again"
    if found := _at_a_glance(text, country):
        return Verdict.GOOD, found, None
    tidied = f"+{text[2:]}" if text.startswith("00") and country != "US" else text
    verdict, e164 = judge(tidied, country)
    if verdict is not Verdict.GOOD:
        return verdict, e164, f"{_masked(text)} {why_not(verdict)}"
    if text[0] not in "+0(" and country not in ("US", "CA"):
        return verdict, e164, f"{_masked(text)} lacks its first 0 or +; read as {mask(e164)}: format the column as text"
    return verdict, e164, None


def _at_a_glance(text: str, country: str | None) -> str | None:
    found = _PLAIN.fullmatch(text.translate(_LAYOUT))
    if not found:
        return None
    code, national = found.groups()
    plan = _CODES[code] if code else country
    if plan not in _PLAIN_PLANS or len(national) < _SHORTEST or national.startswith(_PLAIN_PLANS[plan]):
        return None
    return f"+{_PLAIN_PLANS[plan]}{national}" if _plan(plan).fullmatch(national) else None


@lru_cache(maxsize=8)
def _plan(country: str) -> re.Pattern[str]:
    """The fixed and mobile numbers of a country that are nothing else besides."""
    data = phonenumbers.PhoneMetadata.metadata_for_region(country)
    names = ("premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail")
    others = "|".join(filter(None, (_kind(getattr(data, name)) for name in names)))
    reaching = "|".join(_kind(getattr(data, name)) for name in ("fixed_line", "mobile"))
    return re.compile(f"(?!(?:{others})$)(?:{reaching})")


def _kind(kind: phonenumbers.PhoneNumberDesc | None) -> str:
    if kind is None or not kind.national_number_pattern:
        return ""
    lengths = "|".join(f"[0-9]{{{length}}}" for length in kind.possible_length if length > 0) or "[0-9]*"
    return f"(?:(?=(?:{lengths})$)(?:{kind.national_number_pattern}))"


def _masked(text: str) -> str:
    shown = "".join(c if c.isprintable() else "?" for c in text)
    return f"{shown[:3]}…{shown[-2:]}" if len(shown) > 6 else shown


PHONE_COLUMNS = ("phone_1", "phone_1_kind", "phone_2", "phone_2_kind", "phone_3", "phone_3_kind")


@lru_cache(maxsize=256)
def check_phones(cells: tuple[str, ...], country: str | None) -> tuple[tuple[Telephone, ...], Findings]:
    """The numbers of `PHONE_COLUMNS`, good and bad. A number twice counts once; only a wrong kind is an error."""
    findings = Findings()
    phones: list[Telephone] = []
    for rank in (1, 2, 3):
        text, kind_text = cells[rank * 2 - 2], cells[rank * 2 - 1]
        if not text:
            continue
        column = f"phone_{rank}"
        kind = findings.read(f"{column}_kind", read_number_kind, kind_text)
        verdict, e164, warning = read_number(text, country)
        if warning:
            findings.warn(column, warning)
        if e164 and any(e164 == phone.e164 for phone in phones):
            findings.warn(column, f"{mask(e164)} stands twice in this row; it counts once")
        elif kind:
            written = text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)
            phones.append(
                Telephone(e164=e164, written=written[: LONGEST[column]], rank=rank, kind=kind, verdict=verdict.value)
            )
    return tuple(phones), findings


def stated_country(texts: tuple[str, ...]) -> str | None:
    """The country that international numbers name, where they name one and the same."""
    stated = set()
    for text in texts:
        if text.startswith(("+", "00")):
            verdict, e164, _ = read_number(text, None)
            if verdict is Verdict.GOOD and (country := country_of(e164)):
                stated.add(country)
    return stated.pop() if len(stated) == 1 else None


def read_callback(text: str, country: str | None) -> str:
    """Our own number, which we tell people: it must be right. Raises `BadCell`."""
    verdict, e164, _ = read_number(text, country)
    if verdict is not Verdict.GOOD:
        raise BadCell(f"{text[:24]} {why_not(verdict)}", "write it with its country: +3225550100")
    return e164
