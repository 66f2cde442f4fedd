"""Whose time: the IANA zones in which a person may be, from the address and from the number.

Zones that address and number both allow; where they share none, all of both must be open (a Belgian address with a
number of New York). Where neither says anything there is no zone, and so no call.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.util import find_spec
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, reset_tzpath

from ledger.parts import zones_of_states
from ledger.region import OVERSEAS_FRANCE, region_of
from ledger.zone_data import zone_files

if find_spec("tzdata") is not None:
    # One source of time in all our processes, whose age we check: a system's own may be years behind, unseen.
    reset_tzpath(to=())
    ZoneInfo.clear_cache()

#: A German enclave in Switzerland with a zone of its own that has told Berlin's time since 1981.
_DROPPED = frozenset({"Europe/Busingen"})


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    zones: dict[str, list[str]] = {}
    for line in zone_files().joinpath("zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            if zone not in _DROPPED:
                zones.setdefault(country, []).append(zone)
    return {country: tuple(sorted(names)) for country, names in zones.items()}


@lru_cache(maxsize=4096)
def tz(zone: str) -> ZoneInfo | None:
    """The zone of this name, or None where there is none."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=65536)
def instant(zone: ZoneInfo, day: date, minute: int = 0) -> datetime:
    """The instant of a local minute, 24:00 included; where the clock is put back, the earlier one."""
    if minute >= 24 * 60:
        day, minute = day + timedelta(days=1), minute - 24 * 60
    return datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(UTC)


@lru_cache(maxsize=65536)
def zones_of_address(
    country: str | None, region: str | None = None, postcode: str | None = None, zone: str | None = None
) -> tuple[str, ...]:
    """The zones an address may lie in; empty where it says nothing. A `zone` column that exists settles it."""
    if zone and tz(zone):
        return (zone,)
    found = region_of(country, region=region, postcode=postcode)
    if found is None:
        return ()
    if found.country == "US" and (kept := zones_of_states(found.parts)):
        return kept
    if found.country != "FR":
        return _table().get(found.country, ())
    codes = {OVERSEAS_FRANCE.get(part, "FR") for part in found.parts}
    return tuple(sorted(zone for code in codes for zone in _table()[code]))


def zone_fits(country: str, zone: str, *, region: str | None = None, postcode: str | None = None) -> bool:
    """May an address in this country name this zone? An import refuses one that contradicts it."""
    known = zones_of_address(country, region=region, postcode=postcode)
    return tz(zone) is not None and (not known or zone in known)


@lru_cache(maxsize=1)
def _one_zone() -> dict[str, tuple[str, ...]]:
    """Calling codes whose every number is in one zone: there a look at the first digits is enough."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE
    from phonenumbers.tzdata import TIMEZONE_DATA

    longer = {prefix[:length] for prefix in TIMEZONE_DATA for length in range(1, len(prefix))}
    return {
        code: tuple(TIMEZONE_DATA[code])
        for code in map(str, COUNTRY_CODE_TO_REGION_CODE)
        if len(TIMEZONE_DATA.get(code, ())) == 1 and code not in longer
    }


@lru_cache(maxsize=4096)
def zones_of_number(e164: str) -> tuple[str, ...]:
    """The zones a number may be in; empty where it names none (a world-wide service).

    The zone data takes a while to load: it is read when the first number is asked for.
    """
    codes = _one_zone()
    for length in (1, 2, 3):
        if (found := codes.get(e164[1 : 1 + length])) is not None:
            return found
    from phonenumbers import NumberParseException, parse
    from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

    try:
        zones = time_zones_for_number(parse(e164))
    except NumberParseException:
        return ()
    return tuple(sorted(str(zone) for zone in zones if zone != UNKNOWN_TIMEZONE))


@lru_cache(maxsize=65536)
def candidate_zones(address: tuple[str, ...], number: tuple[str, ...]) -> tuple[str, ...]:
    """The zones that must all be open, the address's own first; empty: no zone is known."""
    if not address or not number:
        return address or number
    common = tuple(zone for zone in address if zone in number)
    return common or (*address, *(zone for zone in number if zone not in address))
