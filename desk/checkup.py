"""What a doctor looks at: each finding says what is, and what to do where something is missing."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sys
from collections.abc import Callable, Iterator

from desk import wiring
from desk.aging import judged_help_lines, judged_rules
from desk.errors import DeskError, SchemaMissing
from desk.finding import Finding, Health
from desk.health_store import wrong_balances
from desk.hearing import advice, heard_in_words
from desk.settings import Settings, read_settings
from dialer.ami_link import AmiLink
from dialer.asterisk_process import pid_in
from dialer.errors import DialerError
from dialer.instance import read_instance
from dialer.roster_store import agents, in_a_debtors_hands
from dialer.station_store import detail_of
from dialer.wallboard import counted
from ivr.errors import IvrError
from ivr.help_line import help_lines
from ledger.clock import real_now
from ledger.errors import LedgerError
from ledger.hold_store import of_another_key, without_hash
from ledger.zone_data import check_zones
from schedules.campaign import Campaign, CampaignState
from schedules.campaign_call import ServedBy, check_ours
from schedules.campaign_store import all_campaigns, callback_number_of
from schedules.errors import BadCampaign, SchedulesError
from schedules.rules_check import check_document
from schedules.rules_document import read_document
from schedules.rules_store import newest_version


def look() -> Iterator[Finding]:
    """Everything, in the order in which it is needed. Never raises for what is wrong: it tells."""
    try:
        settings = read_settings()
    except DeskError as error:
        yield Finding(what="settings", health=Health.WRONG, told=str(error))
        return
    yield Finding(what="settings", health=Health.GOOD, told="every BELTOON_ variable is known and can be read")
    for what, check in _CHECKS:
        try:
            yield check(settings)
        except SchemaMissing as error:
            yield Finding(what=what, health=Health.NOTE, told=str(error))
        except (DeskError, DialerError, IvrError, LedgerError, SchedulesError, OSError) as error:
            yield Finding(what=what, health=Health.WRONG, told=str(error))


def _python(_: Settings) -> Finding:
    return Finding(what="python", health=Health.GOOD, told=f"{platform.python_version()} on {sys.platform}")


def _speech(settings: Settings) -> Finding:
    if shutil.which("espeak-ng") is None:
        return Finding(what="speech", health=Health.WRONG, told="espeak-ng is missing; install the package espeak-ng")
    return Finding(what="speech", health=Health.GOOD, told=f"espeak-ng is here, spoken through {settings.voice.engine}")


def _hearing(settings: Settings) -> Finding:
    told, todo = heard_in_words(settings.voices), advice(settings.voices)
    health = Health.NOTE if todo else Health.GOOD
    return Finding(what="hearing", health=health, told=f"{told}; {todo}" if todo else told)


def _asterisk(settings: Settings) -> Finding:
    tree = wiring.asterisk_tree(settings)
    if tree is None and settings.asterisk.ami_port:
        return Finding(what="asterisk", health=Health.GOOD, told="none here: the one that the settings name is used")
    if tree is None:
        return Finding(what="asterisk", health=Health.WRONG, told="none of 22.10.1 or later; run: beltoon asterisk get")
    return Finding(what="asterisk", health=Health.GOOD, told=f"{tree.version} in {tree.root}")


def _zones(_: Settings) -> Finding:
    return Finding(what="time zones", health=Health.GOOD, told=f"tzdata {check_zones(real_now().date())}")


def _rules(_: Settings) -> Finding:
    return judged_rules(wiring.rules_book().shipped, real_now().date())


def _help_lines(_: Settings) -> Finding:
    live = [one.country for one in wiring.rules_book().shipped.profiles.values() if one.live]
    return judged_help_lines(help_lines(), live, real_now().date())


def _house(settings: Settings) -> Finding:
    shipped = wiring.rules_book().shipped
    with wiring.open_database(settings).reading() as session:
        version = newest_version(session)
    if version is None:
        return Finding(what="own rules", health=Health.GOOD, told="none: the shipped ones hold")
    # a newer program may know a stricter law, which then cuts what was saved
    check_document(shipped, read_document(version.document, shipped.profiles), real_now().date())
    told = f"version {version.n} of {version.from_at:%Y-%m-%d %H:%M}Z, by {version.by}"
    return Finding(what="own rules", health=Health.GOOD, told=told)


def _database(settings: Settings) -> Finding:
    database = wiring.open_database(settings)
    with database.unit_of_work() as session:
        session.connection()  # it must be writable too; nobody waits while every invoice is added up
    with database.reading() as session:
        wrong = wrong_balances(session)
    if wrong:
        told = f"{wrong} invoices whose open amount is not amount + charges - payments: restore a copy, tell us"
        return Finding(what="database", health=Health.WRONG, told=told)
    return Finding(what="database", health=Health.GOOD, told="right schema, writable, every open amount adds up")


def _hold_key(settings: Settings) -> Finding:
    with wiring.open_database(settings).reading() as session:
        other, missing = of_another_key(session), without_hash(session)
    if other:
        told = "the numbers on hold were hashed with another key: name that one in BELTOON_HOLD_KEY_FILE, everywhere"
        return Finding(what="hold key", health=Health.WRONG, told=told)
    if missing:
        told = f"numbers on hold without a hash, called again after an erasure: {missing}; run: beltoon migrate"
        return Finding(what="hold key", health=Health.WRONG, told=told)
    return Finding(what="hold key", health=Health.GOOD, told="every number on hold outlives its person; keep a copy")


def _recordings(settings: Settings) -> Finding:
    shelf, days = wiring.statement_shelf(settings), settings.statements.keep_days
    if not shelf.usable:
        told = f"{shelf.folder} can't be written in, so that what people say about a dispute is lost; name another"
        return Finding(what="recordings", health=Health.WRONG, told=f"{told} in BELTOON_STATEMENTS__FOLDER")
    return Finding(what="recordings", health=Health.GOOD, told=f"in {shelf.folder}, for {days} days")


def _alarm(settings: Settings) -> Finding:
    if not settings.alarm.email:
        told = "BELTOON_ALARM__EMAIL is not set: a crisis is shown by beltoon dial and beltoon agreements tasks alone"
        return Finding(what="alarm", health=Health.NOTE, told=told)
    return Finding(
        what="alarm",
        health=Health.GOOD,
        told=f"a crisis is written down for {settings.alarm.email}; messages are not sent yet: watch beltoon dial",
    )


def _trunk(settings: Settings) -> Finding:
    if not settings.trunk.uri:
        told = "BELTOON_TRUNK__URI is not set: no call leaves (the demo uses its own town)"
        return Finding(what="trunk", health=Health.NOTE, told=told)
    return Finding(what="trunk", health=Health.GOOD, told=settings.trunk.uri)


def _caller_ids(settings: Settings) -> Finding:
    with wiring.open_database(settings).reading() as session:
        live = [one for one in all_campaigns(session) if one.state is not CampaignState.FINISHED]
        ours = {one.name: (settings.trunk.caller_id, callback_number_of(session, one.rules.creditor)) for one in live}
    for one in live:
        try:
            check_ours(one.rules.caller_id, ours[one.name])
        except BadCampaign as error:
            return Finding(what="caller ids", health=Health.WRONG, told=f"campaign {one.name}, {error}")
    return Finding(what="caller ids", health=Health.GOOD, told="every campaign shows a number of ours")


def _agents(settings: Settings) -> Finding:
    with wiring.open_database(settings).reading() as session:
        counts, debtors = counted(agents(session)), in_a_debtors_hands(session)
        served = [one.name for one in all_campaigns(session) if _wants_agents(one)]
    if debtors:
        told = f"{', '.join(debtors)}: this telephone has become a debtor's, and would be rung as ours"
        todo = f"run: beltoon agent off {' '.join(debtors)}, then beltoon agent change with their own"
        return Finding(what="agents", health=Health.WRONG, told=f"{told}; {todo}")
    if served and not counts.wanted_on:
        todo = "beltoon agent on NAME" if counts.agents else "beltoon agent add NAME, then beltoon agent on NAME"
        told = f"none is signed on, and nobody of {', '.join(served)} is called without one; run: {todo}"
        return Finding(what="agents", health=Health.NOTE, told=told)
    told = f"{counts.wanted_on} of {counts.agents} signed on, {counts.free} free"
    return Finding(what="agents", health=Health.GOOD, told=told if counts.agents else "none, and none is needed")


def _wants_agents(one: Campaign) -> bool:
    return one.rules.served_by == ServedBy.AGENTS and one.state in (CampaignState.DRAFT, CampaignState.RUNNING)


def _link(settings: Settings) -> Finding:
    if not settings.asterisk.ami_port:  # not yours, so ours
        noted = read_instance(settings.home)
        if noted is None or not noted[1].is_dir():  # a stop takes the folder away
            told = "our Asterisk does not run; start: beltoon asterisk start"
            return Finding(what="link", health=Health.NOTE, told=told)
        if pid_in(noted[1]) is None:
            told = f"our Asterisk has died (its log: {noted[1]}/log); start: beltoon asterisk start"
            return Finding(what="link", health=Health.WRONG, told=told)
    asyncio.run(_sign_in(settings))
    return Finding(what="link", health=Health.GOOD, told="signed in to Asterisk's manager interface")


async def _sign_in(settings: Settings) -> None:
    link = AmiLink(wiring.ami_address(settings))
    await link.start()
    await link.close()


def _dialer(settings: Settings) -> Finding:
    with wiring.open_database(settings).reading() as session:
        dial = detail_of(session, "dial", real_now())
        line = detail_of(session, "line", real_now())
    if dial is None:
        return Finding(what="dialer", health=Health.NOTE, told="not running; start: beltoon dial")
    if line is None:
        return Finding(what="dialer", health=Health.WRONG, told="runs, but its line does not: see its log")
    told = f"{dial['in_flight']} calls in flight; the line's clock is at most {line['lag_p99_ms']} ms late"
    if line.get("ears"):
        told += f"; it listens to {line['listened_to']} callers, and to {line['ears']} at most"
    return Finding(what="dialer", health=Health.GOOD, told=told)


_CHECKS: tuple[tuple[str, Callable[[Settings], Finding]], ...] = (
    ("python", _python),
    ("speech", _speech),
    ("hearing", _hearing),
    ("asterisk", _asterisk),
    ("time zones", _zones),
    ("rules", _rules),
    ("help lines", _help_lines),
    ("database", _database),
    ("hold key", _hold_key),
    ("own rules", _house),
    ("recordings", _recordings),
    ("alarm", _alarm),
    ("trunk", _trunk),
    ("caller ids", _caller_ids),
    ("agents", _agents),
    ("link", _link),
    ("dialer", _dialer),
)
