"""One prompt, one process."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from voices.child import run, tried
from voices.errors import SynthesisFailed


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_text_goes_in_by_standard_input_and_sound_comes_out() -> None:
    assert (
        run("echo", python("import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"), "-één") == "-één".encode()
    )


def test_a_program_that_fails_is_named_with_its_last_words() -> None:
    with pytest.raises(SynthesisFailed, match=r"voice ended with 3: no such thing"):
        run("voice", python("import sys; print('no such thing', file=sys.stderr); sys.exit(3)"), "")


def test_a_program_that_is_missing_is_named() -> None:
    with pytest.raises(SynthesisFailed, match="voice is not installed"):
        run("voice", ["/nowhere/voice"], "")


def test_a_program_that_hangs_is_stopped(tmp_path: Path) -> None:
    trace = tmp_path / "still-alive"
    code = f"import time; time.sleep(5); open({str(trace)!r}, 'w')"
    with pytest.raises(SynthesisFailed, match="was stopped"):
        run("voice", python(code), "", time_out_s=0.2)
    assert not trace.exists()


def test_a_prompt_is_tried_three_times() -> None:
    tries: list[int] = []

    def third_time() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise SynthesisFailed("not yet")
        return "whole"

    assert tried(third_time) == "whole"

    def never() -> str:
        tries.append(1)
        raise SynthesisFailed("never")

    tries.clear()
    with pytest.raises(SynthesisFailed, match="never"):
        tried(never)
    assert len(tries) == 3
