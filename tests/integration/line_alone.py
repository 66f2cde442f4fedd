"""The line's server in a process of its own, so that a test may kill it: `python line_alone.py PORT`.

Each call hears a tone; the one whose ticket begins with `0` hears half a second of it, and then goodbye.
"""

from __future__ import annotations

import asyncio
import sys

from asterisk_calls import LINE_HZ
from dialer.asterisk_line import LineServer
from dialer.line_port import Moved
from ivr.act import Ask, Expect
from ivr.heard import Heard
from phone.sound import tone


class Talker:
    """Conversations that say one thing and forget everything."""

    async def open(self, entry: str) -> str | None:
        return entry

    async def step(self, call: str, input_key: str, heard: Heard) -> Moved:
        if call.startswith("0"):
            return Moved(call, tone(LINE_HZ, 500), None)
        return Moved(call, tone(LINE_HZ, 10_000), Ask(Expect.MENU, choices="1"))

    async def handed_over(self, call: str, first_audio_ms: int | None) -> bool:
        """Nobody of ours takes calls."""
        return False

    async def over(self, call: str, first_audio_ms: int | None) -> None:
        return None


async def main() -> None:
    await LineServer(Talker()).start("127.0.0.1", int(sys.argv[1]))
    print("listening", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
