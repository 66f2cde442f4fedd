"""One prompt, one process: the only way in which engines of speech neither lose nor mix prompts."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from typing import TypeVar

from voices.errors import SynthesisFailed

#: A prompt that takes longer hangs; the longest of ours takes a tenth of a second.
TIME_OUT_S = 15.0
TRIES = 3

Whole = TypeVar("Whole")


def run(name: str, command: Sequence[str], text: str, *, time_out_s: float = TIME_OUT_S) -> bytes:
    """What the program `name` writes for `text`, which it reads from standard input and never sees as an argument.

    Raises `SynthesisFailed` for a program that is missing, fails or hangs (it is killed).
    """
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=time_out_s, check=False)
    except FileNotFoundError:
        raise SynthesisFailed(f"{name} is not installed") from None
    except subprocess.TimeoutExpired:
        raise SynthesisFailed(f"{name} took longer than {time_out_s:.0f} s and was stopped") from None
    if done.returncode:
        # What the program complains of may hold the text; only its last line's beginning is kept.
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:120]
        raise SynthesisFailed(f"{name} ended with {done.returncode}: {last}")
    return done.stdout


def tried(once: Callable[[], Whole]) -> Whole:
    """The result of the first try that succeeds. Raises the last try's `SynthesisFailed`."""
    for _ in range(TRIES - 1):
        try:
            return once()
        except SynthesisFailed:
            continue
    return once()
