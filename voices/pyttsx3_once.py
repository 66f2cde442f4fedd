"""Speaks one text with pyttsx3 into one file, and ends: `python pyttsx3_once.py VOICE RATE FILE < text`.

A process of its own for every prompt, because pyttsx3 in one process returns before the file exists, keeps the former
caller's voice when a new one is unknown, and mixes texts under load. Ends with 0 only when the engine says that it
has finished the text, with the voice that was asked for.
"""

from __future__ import annotations

import os
import sys

import pyttsx3

#: A WAV file without sound is its header only.
_HEADER_BYTES = 44
#: espeak_GetParameter's second argument: 0 would be the default value.
_PRESENT = 1


def speak(text: str, voice: str, rate_wpm: int, path: str) -> str:
    """Writes 22.05 kHz WAV; answers what went wrong, which the library itself keeps silent about, or nothing."""
    outcome: list[bool] = []
    engine = pyttsx3.init()
    engine.connect("finished-utterance", lambda name=None, completed=False: outcome.append(completed))
    engine.setProperty("voice", voice)
    engine.setProperty("rate", rate_wpm)
    engine.save_to_file(text, path)
    # Never runAndWait: it queues a cancel behind the text, which may fall upon the rate just set. The text is then
    # spoken whole at 200 words a minute and reported as well done (seen in 1 of 720 prompts under load), or the call
    # comes back before the file exists. This loop has no cancel, and ends when the engine has finished.
    engine.startLoop()
    if outcome != [True]:
        return "it did not finish"
    if engine.getProperty("voice") != voice:
        return f"it has no voice {voice}"
    if _rate_wpm(engine) != rate_wpm:
        return f"it did not speak at {rate_wpm} words a minute"
    if not os.path.exists(path) or os.path.getsize(path) <= _HEADER_BYTES:
        return "it wrote no sound"
    return ""


def _rate_wpm(engine: pyttsx3.Engine) -> object:
    """The rate that was spoken at. pyttsx3 asks espeak for it without saying whether the present or the default one."""
    if engine.driver_name != "espeak":
        return engine.getProperty("rate")
    from pyttsx3.drivers import _espeak

    return _espeak.dll.espeak_GetParameter(_espeak.RATE, _PRESENT)


if __name__ == "__main__":
    fault = speak(sys.stdin.buffer.read().decode(), sys.argv[1], int(sys.argv[2]), sys.argv[3])
    print(fault, file=sys.stderr, flush=True)
    # Taken down in order, the engine's library asserts.
    os._exit(1 if fault else 0)
