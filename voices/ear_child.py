"""The process that hears one language: `python -m voices.ear_child ENGINE LANGUAGE PLACE TABLE NOTE`, started by
`voices.ear_host`. PLACE is a model's folder or a server's address; TABLE and NOTE are inherited memory (`ear_table`).

Its first thread reads what the line sends and hands each ear's sound to the thread that the ear belongs to, so that an
ear's sound stays in order without a lock; engines give Python's lock free while they work.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from voices.ear_pace import most_streams
from voices.ear_table import WorkTable
from voices.ear_wire import LONGEST, Kind, Message, Reader, both_ways, document, event_message
from voices.ears import Lost
from voices.errors import CannotHear
from voices.essential import essential_words
from voices.hearing import Hearing, usable
from voices.recogniser import Recogniser
from voices.voice_activity import VoiceActivity

#: How often a child says that it lives.
BEAT_SECONDS = 0.5
#: Sound that has waited for longer is not heard any more: late words are worse than none.
LATE_SECONDS = 1.0
#: How much this process gives way (nice): where the processor is short, the line's clock goes first, which everybody
#: hears; words that come late are only asked for once more, or by key.
GIVES_WAY = 2
#: Where the kernel shares the processor out among sessions, a process alone in its own counts by this.
_SESSION = Path("/proc/self/autogroup")
#: A server does the work elsewhere, so that threads here only wait.
_SERVER_THREADS = 32
_PIECE = 65_536


@dataclass(frozen=True)
class Task:
    """A message and when it came in (monotonic seconds)."""

    message: Message
    came_at: float


class Worker:
    """One thread and the ears that belong to it."""

    def __init__(self, row: int, recogniser: Recogniser, voices: VoiceActivity, table: WorkTable, say: Say) -> None:
        self.tasks: SimpleQueue[Task] = SimpleQueue()
        self._row, self._table = row, table
        self._recogniser, self._voices, self._say = recogniser, voices, say
        self._ears: dict[int, Hearing] = {}
        threading.Thread(target=self._work, name=f"ears-{row}", daemon=True).start()

    def _work(self) -> None:
        while True:
            task = self.tasks.get()
            ear = task.message.ear
            try:
                with self._table.working(self._row, ear):
                    self._do(task)
            except (CannotHear, ValueError) as fault:
                self._ears.pop(ear, None)
                self._say(event_message(ear, Lost(str(fault))))

    def _do(self, task: Task) -> None:
        ear, kind = task.message.ear, task.message.kind
        if kind is Kind.OPEN:
            self._open(ear, task.message)
        elif kind is Kind.CLOSE:
            self._ears.pop(ear, None)
        elif (hearing := self._ears.get(ear)) is not None:
            if kind is Kind.FEED and time.monotonic() - task.came_at > LATE_SECONDS:
                raise CannotHear("this machine is too busy to hear in time")
            for event in hearing.feed(*both_ways(task.message.body)):
                self._say(event_message(ear, event))

    def _open(self, ear: int, message: Message) -> None:
        asked = message.json
        whole = asked["sayings"] if self._recogniser.whole and asked["sayings"] else asked["phrases"]
        phrases, missing = usable(self._recogniser, whole)
        if missing:
            self._say(document(Kind.MISSING, words=sorted(missing)))
        repeated = [word for word in asked["repeated"] if not self._recogniser.unknown([word])]
        stream = partial(self._recogniser.open, phrases, repeated)
        self._ears[ear] = Hearing(self._voices.caller(), stream, patient=asked["patient"], pauses=asked["pauses"])


Say = Callable[[bytes], None]


def serve(load: Callable[[], Recogniser], language: str, table: int, note: int, *, threads: int) -> None:
    """Load the engine and hear, until standard input ends."""
    crash_note = os.fdopen(note, "wb")
    faulthandler.enable(crash_note)
    lock = threading.Lock()
    # Engines print: what they say must not fall among our messages.
    answers = os.dup(1)
    os.dup2(2, 1)

    def say(message: bytes) -> None:
        with lock:
            view = memoryview(message)
            while view:
                view = view[os.write(answers, view) :]

    threading.Thread(target=_beat, args=(say,), daemon=True).start()
    try:
        recogniser = load()
        if lacking := recogniser.unknown(essential_words(language)):
            raise CannotHear(f"{recogniser.name} lacks words that every call needs: {', '.join(sorted(lacking))}")
        voices = VoiceActivity()
        most = most_streams(recogniser, voices, essential_words(language))
    except CannotHear as fault:
        say(document(Kind.REFUSED, why=str(fault)))
        return
    workers = [Worker(row, recogniser, voices, WorkTable(table), say) for row in range(threads)]
    say(document(Kind.READY, name=recogniser.name, most=most))
    reader = Reader(LONGEST)
    while piece := os.read(0, _PIECE):
        now = time.monotonic()
        for message in reader.feed(piece):
            workers[message.ear % threads].tasks.put(Task(message, now))


def _beat(say: Say) -> None:
    while True:
        say(Message(Kind.BEAT).packed())
        time.sleep(BEAT_SECONDS)


def engine(name: str, place: str) -> Callable[[], Recogniser]:
    """How an engine is loaded; its library is imported then, and no other's. Raises `ValueError` for an unknown one."""
    if name == "vosk":
        from voices.vosk_recogniser import VoskRecogniser

        return partial(VoskRecogniser, Path(place))
    if name == "pocketsphinx":
        from voices.pocketsphinx_recogniser import PocketSphinxRecogniser

        return PocketSphinxRecogniser
    if name == "vosk-server":
        from voices.vosk_server_recogniser import VoskServerRecogniser

        return partial(VoskServerRecogniser, place)
    raise ValueError(f"{name} is no engine of ours")


def main(name: str, language: str, place: str, table: str, note: str) -> None:
    """The process. Without a farewell at the end: engines assert when they are taken down in order."""
    os.nice(GIVES_WAY)
    with suppress(OSError):
        _SESSION.write_text(str(GIVES_WAY))
    threads = _SERVER_THREADS if name == "vosk-server" else len(os.sched_getaffinity(0))
    try:
        serve(engine(name, place), language, int(table), int(note), threads=threads)
    finally:
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
