"""What the callee's calls tell of a stretch of time: how long people waited, what was lost, how even the sound was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from desk.bench.report import share_of

if TYPE_CHECKING:
    from desk.bench.callee_call import CalleeCall

FRAME_SECONDS = 0.02
#: Packets at each end of a stretch by which its beginning and end are placed: their earliest tells, not their latest.
_ENDS = 50


def reception(calls: Iterable[CalleeCall], since: float, until: float) -> dict[str, Any]:
    """Waits of what began within the stretch (milliseconds; None: not yet, of words: never), losses and gaps of all
    its sound."""
    answers: list[float | None] = []
    keys: list[float | None] = []
    words: list[float | None] = []
    gaps: list[float] = []
    packets = missing = completed = 0
    for call in calls:
        completed += call.ended_at is not None and since <= call.ended_at <= until
        if call.person is None or call.sound is None or call.answered_at is None:
            continue
        if since <= call.answered_at <= until:
            answers.append(_ms(call.answered_at, call.person.first_voice))
        keys += [_ms(key, voice) for key, voice in call.person.waits if since <= key <= until]
        words += [_ms(said, voice) for said, voice in call.person.words if since <= said <= until]
        heard = [at for at in call.sound.arrivals if since <= at <= until]
        packets += len(heard)
        missing += lost(heard)
        gaps += [(b - a) * 1000 for a, b in pairwise(heard)]
    return {
        "answers": answers,
        "keys": keys,
        "words": words,
        "completed": completed,
        "packets": packets,
        "lost": missing,
        "gap_p99": share_of(gaps, 0.99),
        "gap_p999": share_of(gaps, 0.999),
        "gap_max": max(gaps, default=None),
    }


def lost(arrivals: Sequence[float]) -> int:
    """Frames of 20 ms that never came, of an even stream: by how much its end lies later than its packets fill.

    Each end is placed by the earliest of fifty packets, so that one late packet counts as late and not as lost.
    """
    if len(arrivals) < 2 * _ENDS:
        return 0
    ahead = [at - n * FRAME_SECONDS for n, at in enumerate(arrivals)]
    return max(0, round((min(ahead[-_ENDS:]) - min(ahead[:_ENDS])) / FRAME_SECONDS))


def _ms(begun: float, heard: float | None) -> float | None:
    return None if heard is None else (heard - begun) * 1000
