from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from apscheduler.triggers.interval import IntervalTrigger

class BackgroundScheduler:
    def __init__(
        self, *, timezone: tzinfo, job_defaults: Mapping[str, Any] = ..., executors: Mapping[str, Any] = ...
    ) -> None: ...
    def add_job(
        self,
        func: Callable[..., object],
        trigger: IntervalTrigger,
        *,
        args: Sequence[object] = ...,
        id: str = ...,
        next_run_time: datetime = ...,
    ) -> object: ...
    def start(self) -> None: ...
    def shutdown(self, wait: bool = ...) -> None: ...
