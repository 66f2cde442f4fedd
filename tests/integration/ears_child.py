"""A child that misbehaves: `python ears_child.py MODE LANGUAGE PLACE TABLE NOTE`, in the place of `voices.ear_child`.

MODE `serve` is the real child with an engine that does what its phrases say; the others break the protocol.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Sequence

from voices.ear_child import serve
from voices.ear_wire import LONGEST, Kind, Reader, document
from voices.recogniser import Reading


class Obedient:
    """Hears its first phrase, unless that tells it to do something else."""

    name = "obedient"
    parallel = True
    whole = False

    def unknown(self, words: Sequence[str]) -> frozenset[str]:
        return frozenset(word for word in words if word in {"ja", "zorblax"})

    def open(self, phrases: Sequence[str], repeated: Sequence[str] = ()) -> Obedient:
        self = Obedient()
        self.phrase = phrases[0]
        return self

    phrase = ""

    def feed(self, pcm: bytes) -> str | None:
        if self.phrase == "crash":
            ctypes.string_at(0)
        elif self.phrase == "abort":
            os.abort()
        elif self.phrase == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.phrase == "hang":
            time.sleep(60)
        elif self.phrase == "slow":
            time.sleep(0.3)
        elif self.phrase == "raise":
            raise ValueError("no sense in this")
        return self.phrase

    def end(self) -> Reading:
        return Reading(self.phrase)


def talk(mode: str) -> None:
    """Ready, and then what the mode says to each message."""
    os.write(1, document(Kind.READY, name=mode, most=8) if mode != "half" else document(Kind.READY, name=mode))
    reader = Reader(LONGEST)
    last = 0
    while piece := os.read(0, 65_536):
        for message in reader.feed(piece):
            if message.kind is Kind.OPEN:
                last = message.ear
                if mode == "garbage":
                    os.write(1, b"\xff" * 100)
                elif mode == "nonsense":
                    os.write(1, document(Kind.EVENT, message.ear, event="dance"))
                elif mode == "huge":
                    os.write(1, document(Kind.EVENT, message.ear, event="partial", text="x" * 1_000_000))
            elif message.kind is Kind.CLOSE and mode == "late":
                os.write(1, document(Kind.EVENT, last, event="utterance", text="yes", others=[]))
                os.write(1, document(Kind.BEAT))


if __name__ == "__main__":
    how, language, _place, table, note = sys.argv[1:]
    if how == "serve":
        serve(Obedient, language, int(table), int(note), threads=2)
    else:
        talk(how)
