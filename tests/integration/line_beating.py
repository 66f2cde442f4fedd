"""What of the line's process its keeper sees: the word that it listens, and its beat. `python line_beating.py`."""

from __future__ import annotations

import asyncio
import sys

from dialer.line_beat import LISTENING, beats


async def main() -> None:
    sys.stdout.buffer.write(LISTENING)
    sys.stdout.buffer.flush()
    await beats(lambda: True, sys.stdout.fileno())


if __name__ == "__main__":
    asyncio.run(main())
