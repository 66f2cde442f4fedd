"""What may be said of an agent: name, telephone, languages, wrap-up. Pure; errors name the field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from dialer.errors import BadAgent
from ledger.phone import Verdict, judge, why_not
from voices.catalogue import LANGUAGES as TEXTS

#: The languages that agents and debtors may share: nl, fr, de, en.
LANGUAGES = tuple(dict.fromkeys(text[:2] for text in TEXTS))
#: The longest moment after a talk.
LONGEST_WRAP_UP = timedelta(minutes=10)
#: `dialer.tables.AgentRow.name` has room for 40. A dash at the front would be read as an option.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}", re.ASCII)
#: So much of what was typed is shown again.
_SHOWN = 40


def check_name(name: str) -> str:
    """The name, if it may be one. Raises `BadAgent`."""
    if not _NAME.fullmatch(name):
        raise BadAgent(
            f"name: {name[:_SHOWN]!r} can't be an agent's; write 1 to 40 letters, digits, dashes or points, a letter or"
            " digit first"
        )
    return name


def check_phone(written: str) -> str:
    """The telephone in E.164, however its digits are spaced. Raises `BadAgent` for what may never be dialled."""
    verdict, e164 = judge(written)
    if verdict is not Verdict.GOOD:
        raise BadAgent(f"phone: {written[:_SHOWN]!r} {why_not(verdict)}")
    return e164


def check_languages(languages: Sequence[str]) -> tuple[str, ...]:
    """The languages, each once, in the order in which we name them. Raises `BadAgent`; of none too."""
    for one in languages:
        if one not in LANGUAGES:
            raise BadAgent(f"language: there is no {one[:_SHOWN]!r}; write {', '.join(LANGUAGES)}, once for each")
    if not languages:
        raise BadAgent(f"language: an agent speaks at least one; write {', '.join(LANGUAGES)}, once for each")
    return tuple(one for one in LANGUAGES if one in languages)


def check_wrap_up(seconds: int) -> timedelta:
    """The moment after each talk. Raises `BadAgent`."""
    if not 0 <= seconds <= LONGEST_WRAP_UP.total_seconds():
        raise BadAgent(f"wrap_up: {seconds} is out of reach; write 0 to {LONGEST_WRAP_UP.total_seconds():.0f} seconds")
    return timedelta(seconds=seconds)
