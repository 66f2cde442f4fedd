"""`beltoon dial`: the dialer. One per Asterisk."""

from __future__ import annotations

import asyncio
import os
import random
import uuid
from datetime import timedelta
from functools import partial

import uvloop

from desk import wiring
from desk.alarms import Alarms
from desk.cli import app
from desk.cli.output import ALARMING, notes
from desk.heap import YOUNG_OF_DIALER, keep_what_lives
from desk.logs import set_up_logs
from desk.parent import end_with_parent, on_stop
from desk.settings import Settings, read_settings
from desk.stand_in import refuse_rehearsed_clock
from dialer.ami_link import AmiLink
from dialer.asterisk_carrier import AsteriskCarrier
from dialer.asterisk_switchboard import AsteriskSwitchboard
from dialer.dial import Dialer
from dialer.dial_store import DialBooks
from dialer.fastagi import FastAgiServer
from dialer.floor import Floor, FloorTerms
from dialer.floor_store import FloorBooks
from dialer.in_flight_store import FlightBooks
from dialer.inbound import Reception
from dialer.instance import FolderLock
from dialer.line_keeper import LineKeeper
from dialer.sounds import SoundsAhead
from dialer.whisper import Whispers
from ledger.clock import real_now
from ledger.intake.importing import finish_imports
from ledger.zone_data import check_zones

#: Somebody may talk with one of our people for so long.
LONGEST_WITH_AGENT_SECONDS = 3600.0


@app.command("dial")
def dial_command(with_parent: bool = False) -> None:
    """Call whom the running campaigns name, and answer whoever rings us, until Ctrl-C.

    Ctrl-C: no new call, conversations run up to three minutes. Ctrl-C again: goodbye now.
    """
    settings = read_settings()
    set_up_logs(settings.log)
    if with_parent:
        end_with_parent()
    wiring.make_home(settings)
    # By zones that are missing or old, somebody would be called at night.
    check_zones(real_now().date())
    lock = FolderLock(settings.home, "dial")
    try:
        uvloop.run(_dial(settings))
    finally:
        lock.release()


async def _dial(settings: Settings) -> None:
    database = wiring.open_database(settings)
    refuse_rehearsed_clock(settings, database)
    finish_imports(database, wiring.look_again(database))
    clock = wiring.campaign_clock(database)
    rules = wiring.rules_book()
    link = AmiLink(wiring.ami_address(settings))
    await link.start()
    render, cache = wiring.renderer(settings)
    sounds = SoundsAhead(render, cache)
    line = LineKeeper(os.environ)
    ports = wiring.ports_of(settings)
    doorbell = FastAgiServer(Reception(database, clock, rules, line, sounds).answer)
    alarms = asyncio.create_task(Alarms(database, _in_red).follow())
    try:
        await line.start()
        await doorbell.start(settings.media.host, ports.agi)
        owner = f"dial-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        seed = settings.dial.explore_seed
        rng = random.Random(seed) if seed is not None else None
        who = wiring.claimer(settings, owner, os.getpid())
        books = DialBooks(database, clock, who, wiring.limits(settings), rng)
        flight = FlightBooks(database, clock, rules)
        longest = timedelta(seconds=LONGEST_WITH_AGENT_SECONDS)
        floor_books = FloorBooks(database, clock, rules, owner, longest)
        whispers = Whispers(partial(wiring.sounds_folder, settings), cache, render)
        terms = FloorTerms(caller_id=settings.trunk.caller_id or None, longest_seconds=LONGEST_WITH_AGENT_SECONDS)
        floor = Floor(floor_books, AsteriskSwitchboard(link), whispers, terms)
        dialer = Dialer(books, flight, AsteriskCarrier(link), line, sounds, lambda: floor.talking)
        serving = asyncio.create_task(floor.run())
        on_stop(dialer.stop)
        keep_what_lives(YOUNG_OF_DIALER)
        notes.print("Dialling. Ctrl-C stops: conversations run on for up to three minutes; again: goodbye now.")
        await dialer.run()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await floor.close()
    finally:
        alarms.cancel()
        await line.close()
        await doorbell.close()
        await link.close()
        await asyncio.to_thread(render.close)
        database.close()


def _in_red(line: str) -> None:
    notes.print(line, style=ALARMING, markup=False, highlight=False, soft_wrap=True)
