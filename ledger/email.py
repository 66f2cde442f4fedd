"""What an e-mail address looks like: enough to find a slip of the pen, no more."""

from __future__ import annotations

import re

_FORM = re.compile(r"[^@\s<>\",;]+@[^@\s<>\",;]+\.[^@\s<>\",;.]{2,}")


def looks_like_email(text: str) -> bool:
    """One address and nothing else."""
    return _FORM.fullmatch(text) is not None
