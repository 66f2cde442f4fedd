"""Logs: one line of JSON an event, ids and dispositions in it, numbers and names masked."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_NUMBER = re.compile(r"\+?\d[\d ./-]{6,}\d")
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def masked(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Anything that looks like a telephone or account number keeps its last two digits; ids stay whole."""
    for key, value in event.items():
        if isinstance(value, str) and key not in {"attempt", "call", "timestamp", "entry", "exception"}:
            event[key] = _NUMBER.sub(lambda found: "…" + found[0][-2:], value)
    return event


def set_up_logs(level: str) -> None:
    """Write to standard error from now on."""
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        masked,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=chain,
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS.get(level, 30)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=_LEVELS.get(level, 30), format="%(levelname)s %(name)s %(message)s")
