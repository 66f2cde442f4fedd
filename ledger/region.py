"""Which law and whose holidays an address stands under: its country and the regions it may lie in.

Overseas France has country codes of its own (RE, GP …) and post codes 971-988; its law is read as France's. A region
that isn't known is every region that it could be: the holidays and the rules of each then count.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ledger.parts import american, british, german, parts_of

#: Post codes and ISO codes of overseas France; the region is the department's or collectivity's number.
OVERSEAS_FRANCE = {
    "971": "GP",
    "972": "MQ",
    "973": "GF",
    "974": "RE",
    "975": "PM",
    "976": "YT",
    "977": "BL",
    "978": "MF",
    "984": "TF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
_BY_ISO = {iso: number for number, iso in OVERSEAS_FRANCE.items()}
#: Alsace-Moselle keeps Good Friday and 26 December (local law of 1892).
_ALSACE_MOSELLE = frozenset({"57", "67", "68", "6AE", "A"})
#: Grand Est holds Alsace-Moselle and four departments more.
_GRAND_EST = frozenset({"GES"})
LAENDER = parts_of("DE")
#: The one town of Germany with a holiday of its own, as if it were a region.
AUGSBURG = "Augsburg"
_FRENCH = ("", "57", *OVERSEAS_FRANCE)


class Region(NamedTuple):
    """A country of law and the regions in it that an address may lie in; `("",)` where regions make no difference.

    Compiled rules are looked up by it for every decision, so its hash must cost nothing.
    """

    #: ISO 3166 of the country whose law holds.
    country: str
    #: Codes as `ledger.calendar` knows them; several: not known which, or a city with rules beside its state's.
    parts: tuple[str, ...] = ("",)


@lru_cache(maxsize=65536)
def region_of(country: str | None, region: str | None = None, postcode: str | None = None) -> Region | None:
    """The region of an address; None without a country. The `region` column goes first, then the post code."""
    if not country:
        return None
    country = country.strip().upper()
    named = (region or "").strip().upper().removeprefix(f"{country}-")
    if country in _BY_ISO:
        return Region("FR", (_BY_ISO[country],))
    if country == "FR":
        return Region("FR", _french(named, _digits(postcode)))
    if country == "DE":
        return Region("DE", _german(named, _digits(postcode)))
    if country == "GB":
        return Region(*british(named, postcode))
    if country == "US":
        return Region(*american(named, postcode))
    return Region(country)


def known_parts(country: str) -> frozenset[str]:
    """Every code that `Region.parts` may hold for a country; empty where regions make no difference."""
    if country in ("GB", "US"):
        return frozenset(parts_of(country))
    return {"FR": frozenset(_FRENCH) - {""}, "DE": frozenset((*LAENDER, AUGSBURG))}.get(country, frozenset())


def _digits(postcode: str | None) -> str:
    found = "".join(c for c in postcode or "" if c.isascii() and c.isdigit())
    return found if len(found) == 5 else ""


def _french(named: str, postcode: str) -> tuple[str, ...]:
    if named in _ALSACE_MOSELLE:
        return ("57",)
    if named in _BY_ISO or named in OVERSEAS_FRANCE:
        return (_BY_ISO.get(named, named),)
    if postcode[:3] in OVERSEAS_FRANCE:
        return (postcode[:3],)
    if postcode:
        return ("57",) if postcode[:2] in _ALSACE_MOSELLE else ("",)
    if named in _GRAND_EST:
        return ("", "57")
    return ("",) if named else _FRENCH


def _german(named: str, postcode: str) -> tuple[str, ...]:
    found = (named,) if named in LAENDER else german(postcode)
    if not found:
        return (*LAENDER, AUGSBURG)
    return (*found, AUGSBURG) if "BY" in found and (not postcode or postcode.startswith("861")) else found
