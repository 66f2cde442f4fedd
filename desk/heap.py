"""The heap of a process that lives long: what was built at its start is never looked at again for garbage."""

from __future__ import annotations

import gc

#: A batch of claims makes thousands of values that die together: so many more are made before a look at the young.
YOUNG_OF_DIALER = 10_000


def keep_what_lives(young: int | None = None) -> None:
    """Say that whatever lives now lives as long as the process; `young`: look only after so many new values.

    Else the collector would walk through all modules and compiled statements again and again: pauses that can be
    heard on the line, and a quarter of the dialer's time.
    """
    gc.collect()
    gc.freeze()
    if young is not None:
        gc.set_threshold(young)
