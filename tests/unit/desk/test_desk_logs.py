"""Logs: a line of JSON an event, with ids and dispositions; nobody's number stands in it (P10)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from desk.logs import masked, set_up_logs

ATTEMPT = "12345678-1234-4234-8234-123456789012"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def told(**event: Any) -> dict[str, Any]:
    return dict(masked(None, "warning", event))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+32470123456", "…56"),
        ("0470 12 34 56", "…56"),
        ("0470/12.34.56", "…56"),
        ("rang 03-255-01-00 twice", "rang …00 twice"),
        ("sip:0470123456@carrier", "sip:…56@carrier"),
        ("BE71 0961 2345 6769", "BE…69"),
        ("+++090/9337/55493+++", "++…93+++"),
        ("cause 17, 25 s, port 20000", "cause 17, 25 s, port 20000"),
    ],
)
def test_a_number_of_a_person_is_masked_wherever_it_stands(text: str, shown: str) -> None:
    assert told(event="x", why=text)["why"] == shown
    assert told(event=text)["event"] == shown
    assert told(event="x", exception=f"Traceback:\n  ValueError: {text}")["exception"].endswith(shown)
    assert told(event="x", detail={"numbers": [text, {"of": text}]})["detail"] == {"numbers": [shown, {"of": shown}]}


def test_ids_and_times_stay_whole() -> None:
    event = {
        "event": f"call {ATTEMPT} ended at 2026-11-24T10:30:00.123456+01:00",
        "attempt": ATTEMPT,
        "timestamp": "2026-11-24T09:30:00Z",
        "cause": 16,
        "lost": False,
        "disposition": "promise",
    }
    assert told(**event) == event


@given(st.text(alphabet="0123456789", min_size=8, max_size=15), st.sampled_from(["", "+", "00", "tel:"]))
def test_no_telephone_number_gets_through(digits: str, before: str) -> None:
    shown = told(event=f"called {before}{digits} now")["event"]
    assert digits not in shown
    assert shown.endswith(f"…{digits[-2:]} now")


def test_a_line_is_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("info")
    log = structlog.get_logger("test")
    log.warning("call_not_placed", attempt=ATTEMPT, why="an ö\nand a line end")
    log.debug("not asked for")
    try:
        raise ValueError("+32470123456")
    except ValueError:
        log.exception("call_failed", attempt=ATTEMPT)
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["event"], first["attempt"], first["level"]) == ("call_not_placed", ATTEMPT, "warning")
    assert first["why"] == "an ö\nand a line end"
    assert "ValueError" in second["exception"]
    assert "0123456" not in second["exception"]
    assert first["timestamp"].endswith("Z")
