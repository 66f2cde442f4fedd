"""Logs: one line of JSON an event, ids and dispositions in it, numbers and names masked."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

#: An id or a time, which stay; or what may be a number of a person.
_LONG = re.compile(
    r"(?P<whole>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\d{4}-\d\d-\d\d[T ]\d\d:[\d:.]+(?:[+-]\d\d:\d\d)?)"
    r"|\+?\d[\d ./-]{6,}\d"
)
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def masked(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Anything that looks like a telephone or account number keeps its last two digits; ids and times stay whole."""
    for key, value in event.items():
        event[key] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _LONG.sub(lambda found: found[0] if found["whole"] else "…" + found[0][-2:], value)
    if isinstance(value, Mapping):
        return {_masked(key): _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(inner) for inner in value]
    return value


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
