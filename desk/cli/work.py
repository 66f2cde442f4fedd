"""`beltoon work`: what is done in the background, on the beat. Any number may run; one holds the beat."""

from __future__ import annotations

import os
import signal
import socket
import threading
from datetime import datetime, timedelta

from desk import wiring
from desk.beat_store import BeatMarks
from desk.beats import beats_of_the_books, sweep_statements
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
from schedules.ladder_round import Rounds
from schedules.ladder_store import walk
from schedules.left_over_store import look_for_openings
from schedules.reach_store import count_anew
from schedules.rules import Rules
from schedules.wake_store import unfinished, unfinished_policies, wake_after_policy, wake_after_rules
from voices.renderer import Urgency
from voices.speech import ahead, names

#: People whose names are rendered in one beat.
NAMES_A_BEAT = 500
#: For so long of each beat new openings are looked for (seconds).
OPENINGS_SECONDS = 8.0


@app.command("work")
def work_command(with_parent: bool = False) -> None:
    """Imports, promises, call-backs, the ladder, openings and prompts, ahead of the dialer, until Ctrl-C."""
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

    def openings(_: datetime) -> None:
        look_for_openings(database, rules_now(), wiring.campaign_clock(database)(), OPENINGS_SECONDS)

    def reach(_: datetime) -> None:
        count_anew(database, rules_now().bands, wiring.campaign_clock(database)())

    def rules_now() -> Rules:
        return wiring.rules(database)

    rounds = Rounds()
    told: set[tuple[str, str]] = set()

    def ladder(now: datetime) -> None:
        if (place := rounds.next_place(now)) is None:
            return
        walked = walk(database, wiring.campaign_clock(database)(), wiring.ladder_books(database), place)
        rounds.went(walked.at)
        for creditor, reason in walked.bad_policies.items() - told:
            notes.print(f"The ladder leaves out {creditor}: {reason}")
            told.add((creditor, reason))

    rules, clock = wiring.rules_book(), wiring.campaign_clock(database)

    def wake(_: datetime) -> None:
        with database.reading() as session:
            waiting = unfinished(session, now := clock())
            creditors = unfinished_policies(session, now)
        if waiting:
            wake_after_rules(database, rules, now)
        for creditor in creditors:
            wake_after_policy(database, creditor, now)

    shelf, keep = wiring.statement_shelf(settings), timedelta(days=settings.statements.keep_days)

    def recordings(now: datetime) -> None:
        sweep_statements(database, shelf, clock(), now, keep)

    def alive(now: datetime) -> None:
        seen(database, name, "work", {}, now)

    beats = (
        *beats_of_the_books(database, lambda: wiring.campaign_clock(database)(), rules_now),
        Beat(kind="imports", every=timedelta(minutes=1), run=finish),
        Beat(kind="prompts", every=timedelta(seconds=30), run=prompts),
        Beat(kind="openings", every=timedelta(seconds=15), run=openings),
        Beat(kind="reach", every=timedelta(days=1), run=reach),
        Beat(kind="ladder", every=timedelta(seconds=5), run=ladder),
        Beat(kind="rules", every=timedelta(minutes=1), run=wake),
        Beat(kind="statements", every=timedelta(hours=1), run=recordings),
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
