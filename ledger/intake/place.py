"""Where a row's person lives: country, postcode, region, zone, and the language that follows from them."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale

from ledger.intake.checked import Place
from ledger.intake.columns import LONGEST
from ledger.intake.finding import BadCell, Findings
from ledger.intake.text import fold
from ledger.intake.words import read_language
from ledger.region import LAENDER, OVERSEAS_FRANCE
from ledger.zone import tz, zone_fits, zones_of_address

#: Countries as they stand before a postcode (B-1000): the signs of vehicles.
_SIGNS = {"B": "BE", "BE": "BE", "NL": "NL", "D": "DE", "DE": "DE", "F": "FR", "FR": "FR", "L": "LU", "LU": "LU"}
_SIGNED = re.compile(r"(B|BE|NL|D|DE|F|FR|L|LU)[ -]+(?=[0-9])")
#: No other country writes a postcode like this.
_DUTCH = re.compile(r"[1-9][0-9]{3} ?[A-Z]{2}")
_SHAPES = {
    "BE": (re.compile(r"[1-9][0-9]{3}"), "four digits, as 9000"),
    "NL": (_DUTCH, "four digits and two letters, as 1012 AB"),
    "FR": (re.compile(r"[0-9]{5}"), "five digits, as 01000"),
    "DE": (re.compile(r"[0-9]{5}"), "five digits, as 01067"),
    "LU": (re.compile(r"[0-9]{4}"), "four digits, as 1009"),
    "US": (re.compile(r"[0-9]{5}(-[0-9]{4})?"), "five digits, as 02134, or nine, as 02134-1000"),
}
_LANGUAGES = {"NL": "nl", "FR": "fr", "DE": "de", "AT": "de", "GB": "en", "IE": "en", "US": "en"}
_LANGUAGES |= dict.fromkeys(OVERSEAS_FRANCE.values(), "fr")
#: Belgian postcodes by language area; Brussels (1000-1299) speaks two, so a list must say.
_WALLOON = ((1300, 1499), (4000, 7999))
_GERMAN_SPEAKING = frozenset(
    {4700, 4701, 4710, 4711, 4720, 4721, 4728, 4730, 4731, 4750, 4760, 4761, 4770, 4771, 4780, 4782, 4783, 4784, 4790}
    | {4791}
)
_BRUSSELS = (1000, 1299)
#: Where the euro is money, so that a list may leave the currency out.
EURO = frozenset(
    {"AT", "BE", "BG", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PT"}
    | {"SI", "SK", "RE", "GP", "MQ", "GF", "YT", "PM", "BL", "MF"}
)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("en", "nl", "fr", "de"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and zones_of_address(code):
                found.setdefault(fold(name), code)
    return found | {"uk": "GB", "holland": "NL", "great britain": "GB", "england": "GB", "usa": "US"}


@lru_cache(maxsize=4096)
def read_country(text: str) -> str:
    """The ISO 3166 code of a country, given as code or as name in our four languages. Raises `BadCell`."""
    code = text.strip().upper()
    if len(code) == 2 and code != "UK" and zones_of_address(code):
        return code
    named = _names().get(fold(text))
    if named is None:
        raise BadCell(f"“{text[:32]}” is no country", "write its ISO code, as BE, NL, FR or DE")
    return named


def stated_by_postcode(text: str) -> str | None:
    """The country that a postcode names by itself: B-1000, 1012 AB."""
    upper = text.upper()
    if signed := _SIGNED.match(upper):
        return _SIGNS[signed[1]]
    return "NL" if _DUTCH.fullmatch(upper) else None


@lru_cache(maxsize=16384)
def read_postcode(text: str, country: str | None) -> str:
    """A postcode as its country writes it, without the country's sign. Raises `BadCell` for a wrong shape."""
    code = _SIGNED.sub("", text.upper())
    shape, form = _SHAPES.get(country or "", (None, ""))
    if shape is None:
        if len(code) > LONGEST["postcode"] or not re.fullmatch(r"[A-Z0-9][A-Z0-9 \-]*", code):
            raise BadCell(f"{text[:16]} is no postcode", "write letters and digits, or leave it empty")
        return code
    if not shape.fullmatch(code):
        fix = f"a postcode there has {form}"
        if country in ("FR", "DE", "US") and re.fullmatch(r"[0-9]{4}", code):
            fix = f"its first 0 is lost: write 0{code}, and format the column as text"
        raise BadCell(f"{text[:16]} is no postcode of {country}", fix)
    return f"{code[:4]} {code[-2:]}" if country == "NL" else code


def read_region(text: str, country: str | None) -> str:
    """A part of a country without its prefix. Raises `BadCell` for a German Land that doesn't exist."""
    named = text.upper().removeprefix(f"{country}-") if country else text.upper()
    if not re.fullmatch(r"[A-Z0-9\-]{1,8}", named):
        raise BadCell(
            f"{text[:16]} is no region's code", "write the ISO 3166-2 code, as BY for Bavaria, or leave it empty"
        )
    if country == "DE" and named not in LAENDER:
        raise BadCell(f"{text} is no German Land", "write one of " + ", ".join(LAENDER))
    return named


def read_zone(text: str, country: str | None, region: str | None, postcode: str | None) -> str:
    """An IANA zone that the country has. Raises `BadCell`: a wrong zone is a call at night."""
    if "/" not in text or text.startswith("Etc/") or tz(text) is None:
        raise BadCell(f"{text[:32]} is no time zone of a place", "write it as Europe/Brussels, or leave it empty")
    if country is not None and not zone_fits(country, text, region=region, postcode=postcode):
        raise BadCell(
            f"{text} is no zone of this address in {country}", "correct zone or address, or leave the zone empty"
        )
    return text


def language_of(country: str | None, postcode: str | None) -> str | None:
    """The language that an address speaks; None where it speaks several or is not known."""
    if country != "BE":
        return _LANGUAGES.get(country or "")
    if not postcode:
        return None
    code = int(postcode)
    if _BRUSSELS[0] <= code <= _BRUSSELS[1]:
        return None
    if code in _GERMAN_SPEAKING:
        return "de"
    return "fr" if any(first <= code <= last for first, last in _WALLOON) else "nl"


PLACE_COLUMNS = ("country", "postcode", "region", "zone", "language")


@lru_cache(maxsize=16384)
def check_place(cells: tuple[str, ...], stated: str | None) -> tuple[Place | None, Findings]:
    """The place of `PLACE_COLUMNS`; None where an error was found. `stated`: the country that numbers name."""
    country_text, postcode_text, region_text, zone_text, language_text = cells
    findings = Findings()
    if country_text:
        country = findings.read("country", read_country, country_text)
    else:
        country = stated_by_postcode(postcode_text) or stated
    postcode = findings.read("postcode", read_postcode, postcode_text, country) if postcode_text else None
    region = findings.read("region", read_region, region_text, country) if region_text else None
    zone = findings.read("zone", read_zone, zone_text, country, region, postcode) if zone_text else None
    if language_text:
        language = findings.read("language", read_language, language_text)
    elif (language := language_of(country, postcode)) is None:
        findings.refuse("language", "is empty, and the address does not settle it", "write nl, fr, de or en")
    if findings.errors or language is None:
        return None, findings
    return Place(
        country=country,
        postcode=postcode,
        region=region,
        zone=zone,
        language=language,
        language_given=bool(language_text),
    ), findings
