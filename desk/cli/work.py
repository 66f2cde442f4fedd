"""`beltoon work`: what is done in the background, on the beat. Any number may run; one holds the beat."""

from __future__ import annotations

import os
import signal
import socket
import threading
from datetime import datetime, timedelta

from desk import wiring
from desk.beat_store import BeatMarks
from desk.cli import app
from desk.cli.output import notes
from desk.logs import set_up_logs
from desk.parent import end_with_parent
from desk.settings import read_settings
from dialer.names_store import names_ahead
from dialer.station_store import leave, seen
from ledger.clock import real_now
from ledger.intake.importing import finish_imports
from schedules.apscheduler_beat import ApschedulerBeat, Beat
from voices.renderer import Urgency
from voices.speech import ahead, names

#: People whose names are rendered in one beat.
NAMES_A_BEAT = 500


@app.command("work")
def work_command(with_parent: bool = False) -> None:
    """Finish imports that were broken off, and render prompts ahead of the dialer, until Ctrl-C."""
    settings = read_settings()
    set_up_logs(settings.log)
    if with_parent:
        end_with_parent()
    database = wiring.open_database(settings)
    render, _ = wiring.renderer(settings, workers=1)
    name = f"work-{socket.gethostname()}-{os.getpid()}"

    def finish(_: datetime) -> None:
        finish_imports(database, wiring.look_again(database))

    def prompts(_: datetime) -> None:
        with database.reading() as session:
            people = names_ahead(session, wiring.campaign_clock(database)(), NAMES_A_BEAT)
        for language in {language for language, _ in people}:
            render.want(ahead(language), Urgency.AHEAD)
        for language, texts in people:
            render.want(names(texts, language), Urgency.LATER)

    def alive(now: datetime) -> None:
        seen(database, name, "work", {}, now)

    beats = (
        Beat(kind="imports", every=timedelta(minutes=1), run=finish),
        Beat(kind="prompts", every=timedelta(seconds=30), run=prompts),
        Beat(kind="station", every=timedelta(seconds=4), run=alive),
    )
    stopped = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stopped.set())
    beat = ApschedulerBeat(beats, BeatMarks(database, name), real_now)
    beat.start()
    notes.print("Working. Ctrl-C stops.")
    stopped.wait()
    beat.stop()
    render.close()
    leave(database, name)
    database.close()
