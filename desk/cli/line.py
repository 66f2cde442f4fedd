"""`beltoon line`: the line's process, started by `beltoon dial`; speaks with Asterisk on AudioSocket."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from functools import partial

import uvloop

from desk import hearing, wiring
from desk.cli import app
from desk.heap import keep_what_lives
from desk.logs import set_up_logs
from desk.parent import end_with_parent, on_stop
from desk.settings import read_settings
from dialer.asterisk_line import LineServer
from dialer.call_store import briefing_json
from dialer.line_beat import LISTENING, beats
from dialer.line_host import ConversationHost
from dialer.line_payments import follow_payments
from dialer.question_ear import gather_ahead
from dialer.sounds import Speaker
from dialer.station_store import leave, seen
from ivr.briefing import Briefing
from ivr.codec import briefing_from_json
from ivr.conversation import Conversations
from ledger.clock import real_now
from ledger.database import Database
from voices.catalogue import LANGUAGES
from voices.ears import Ears

#: How often the line says that it lives, and how late its clock ticks (seconds).
BEAT_SECONDS = 1.0
#: A caller waits in silence while a turn can't be written: after this the voice says so, and asks again.
PATIENCE_SECONDS = 2.0
#: The writer's thread gives way to the clock after so long (Python's own five milliseconds would be heard).
SWITCH_SECONDS = 0.0005
#: Conversations say goodbye within this when the line is asked to end.
GOODBYE_SECONDS = 15.0


@app.command("line", hidden=True)
def line_command() -> None:
    """The process of live calls. Not for people: beltoon dial starts it."""
    settings = read_settings()
    set_up_logs(settings.log)
    end_with_parent()
    sys.setswitchinterval(SWITCH_SECONDS)
    uvloop.run(_serve())


async def _serve() -> None:
    settings = read_settings()
    database = wiring.open_database(settings, busy_seconds=PATIENCE_SECONDS)
    render, cache = wiring.renderer(settings, workers=1)
    clock = wiring.campaign_clock(database)

    def briefing_of(call: str) -> Briefing:
        with database.reading() as session:
            return briefing_from_json(briefing_json(session, call))

    conversations = Conversations(database, clock, briefing_of, settings.alarm.email or None)
    ears = hearing.ears(settings)
    await ears.start()
    heard = [language for language in LANGUAGES if language[:2] in ears.languages]
    await asyncio.to_thread(gather_ahead, heard)  # no caller's sound waits for it later

    def hears(language: str) -> bool:
        return language[:2] in ears.languages and ears.busy < ears.most

    speaker = Speaker(cache, render)
    shelf = wiring.statement_shelf(settings)
    host = ConversationHost(database, clock, conversations, speaker, wiring.rules_book(), hears=hears, shelf=shelf)
    server = LineServer(host, settings.dial.longest_call_seconds, ears)
    stopped = asyncio.Event()
    on_stop(stopped.set)
    await server.start(settings.media.host, wiring.ports_of(settings).audiosocket)
    beat = asyncio.create_task(_beat(database, server, ears))
    payments = asyncio.create_task(follow_payments(database, host, server))
    await asyncio.sleep(0)
    keep_what_lives()
    pipe = sys.stdout.fileno()
    os.write(pipe, LISTENING)
    beating = asyncio.create_task(beats(host.works, pipe))
    await stopped.wait()
    server.say_goodbye()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            await asyncio.gather(*[call.ended.wait() for call in tuple(server.live)])
    await server.close()
    await ears.stop()
    beat.cancel()
    payments.cancel()
    for last in (host.close, render.close, partial(leave, database, _name())):
        await asyncio.to_thread(last)  # what is still to be written is written; the beat goes on meanwhile
    beating.cancel()


def _name() -> str:
    return f"line-{os.getpid()}"


async def _beat(database: Database, server: LineServer, ears: Ears) -> None:
    """Say that we live. A database that is away is no reason to leave the calls."""
    loop = asyncio.get_running_loop()
    while True:
        detail = {
            "live": len(server.live),
            "lag_p99_ms": round(server.ticker.lag_p99_ms(), 2),
            "listened_to": ears.busy,
            "ears": ears.most if ears.languages else 0,
        }
        with contextlib.suppress(Exception):
            await loop.run_in_executor(None, seen, database, _name(), "line", detail, real_now())
        await asyncio.sleep(BEAT_SECONDS)
