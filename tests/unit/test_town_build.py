"""How the town is made from its personas: what they may say, the dialplan that comes of it, and its log."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.files import docker_folder

sys.path.insert(0, str(docker_folder("town")))

from configuration import CALL_LOG, MODULES, Site, configuration
from dialplan import Softphone, Sounds, extensions_conf
from log import CALLS, main, read_calls
from persona import Line, Persona, PersonaError, read_personas
from speech import RATE_HZ, read_wav, resampled, spoken_seconds, trimmed, write_wav
from tree import TreeError, command, modules_of

SOUNDS = Sounds(spoken=lambda says: Path("/sounds") / says.text, beep=Path("/sounds/beep"), messages=Path("/messages"))
ADA = """
[[person]]
number = "+32470000001"
name = "Ada"
language = "nl"
[[person.call]]
after = 1.5
steps = [
  { says = "ja" },
  { hears = "open.ask", presses = "1" },
  { hears = "menu.main", over_after = 2.0, presses = "12#", gap = 0.1 },
  { hears = "gone", hangs_up = true },
]
"""


def people(tmp_path: Path, text: str) -> tuple[Persona, ...]:
    path = tmp_path / "personas.toml"
    path.write_text(text)
    return read_personas(path)


def applications(text: str, context: str) -> list[str]:
    """The applications of one context, in order."""
    block = text.split(f"[{context}]\n", 1)[1].split("\n[", 1)[0]
    return [line.split(",", 2 if line.startswith("exten") else 1)[-1] for line in block.splitlines() if "," in line]


def test_a_persona_becomes_a_context_that_waits_presses_and_hangs_up(tmp_path: Path) -> None:
    done = applications(extensions_conf(people(tmp_path, ADA), SOUNDS, None), "call-32470000001-1")
    acts = [line for line in done if not line.startswith("Set(")]
    assert acts[:-2] == [
        "Ringing()", "Wait(1.5)", "Answer()",
        "Playback(/sounds/ja)",
        "WaitForNoise(50,1,30)", "WaitForSilence(1100,1,30)", "SendDTMF(1,250,100)",
        "WaitForNoise(50,1,30)", "Wait(2)", "SendDTMF(12#,100,100)",
        "WaitForNoise(50,1,30)", "WaitForSilence(1100,1,30)", "Hangup(16)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "last"),
    [
        ("busy", "Hangup(17)"),
        ("rejected", "PJSIPHangup(603)"),
        ("unallocated", "Hangup(1)"),
        ("congestion", "Hangup(34)"),
    ],
)
def test_a_line_that_nobody_answers_ends_as_the_network_says_it(tmp_path: Path, line: str, last: str) -> None:
    text = f'[[person]]\nnumber = "+321"\nname = "a"\nlanguage = "nl"\n[[person.call]]\nline = "{line}"\n'
    done = applications(extensions_conf(people(tmp_path, text), SOUNDS, None), "call-321-1")
    assert done == [f"Set(CDR(line)={line})", last]


def test_whoever_takes_a_number_with_a_softphone_plays_that_person(tmp_path: Path) -> None:
    softphone = Softphone(user="me", secret="secret-1", number="+32470000001")
    text = extensions_conf(people(tmp_path, ADA), SOUNDS, softphone)
    assert "call-32470000001-1" not in text
    assert "exten => 32470000001,1,Dial(${PJSIP_DIAL_CONTACTS(me)},180)" in text


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ('number = "0470"', "is not written as"),
        ('language = "nl"\nage = 3', "unknown field age"),
        ("[[person.call]]\nline = 'asleep'", "line is one of answers, busy"),
        ("[[person.call]]\nline = 'busy'\nsteps = [{ waits = 1 }]", "nobody picks up"),
        ("[[person.call]]\nsteps = [{ presses = '1' }]", "a step has one of"),
        ("[[person.call]]\nsteps = [{ hears = 'a', presses = '1a' }]", "no key for"),
        ("[[person.call]]\nsteps = [{ says = 'a', loudly = true }]", "unknown field loudly"),
        ("", "at least one"),
        ("[[", "can't be read as TOML"),
    ],
)
def test_a_persona_that_nobody_can_play_is_refused_with_the_field(tmp_path: Path, wrong: str, why: str) -> None:
    given = "\n".join(
        line
        for line in ('number = "+32470000001"', 'name = "Ada"', 'language = "nl"')
        if not wrong.startswith(line.split(" = ")[0])
    )
    with pytest.raises(PersonaError, match=why):
        people(tmp_path, f"[[person]]\n{given}\n{wrong}\n")


def test_a_number_has_one_persona(tmp_path: Path) -> None:
    with pytest.raises(PersonaError, match="a number has one persona"):
        people(tmp_path, ADA + ADA)


def test_the_shipped_people_can_all_be_played() -> None:
    personas = read_personas(docker_folder("town") / "personas.toml")
    text = extensions_conf(personas, SOUNDS, None)
    assert {call.line for persona in personas for call in persona.calls} >= set(Line) - {Line.CONGESTION}
    for persona in personas:
        assert f"exten => {persona.digits},1," in text


@pytest.mark.parametrize(
    "wrong",
    [
        ("me;", "secret-1", "+321234567"),
        ("me", "a\nb-secret", "+321234567"),
        ("me", "secret-1", "0470"),
        ("trunk", "s" * 9, "+32"),
    ],
)
def test_a_softphones_values_can_not_write_lines_of_their_own(wrong: tuple[str, str, str]) -> None:
    with pytest.raises(PersonaError):
        Softphone(user=wrong[0], secret=wrong[1], number=wrong[2])


def test_the_town_listens_on_loopback_and_knows_one_peer(tmp_path: Path) -> None:
    site = Site(
        out=tmp_path, root=Path("/"), modules=tmp_path, sip_port=5660, rtp_ports=(20000, 20099),
        peer=("127.0.0.1", 5560), ami_port=0, ami_secret="s",
    )  # fmt: skip
    files = configuration(site, None)
    assert "bind = 127.0.0.1:5660" in files["pjsip.conf"]
    assert "match = 127.0.0.1:5560" in files["pjsip.conf"]
    assert "anonymous" not in files["pjsip.conf"]
    assert "enabled = no" in files["manager.conf"]
    assert "transmit_silence = yes" in files["asterisk.conf"]
    assert not {"app_system", "func_shell", "bridge_native_rtp"} & set(MODULES.split())


def test_a_folder_without_an_asterisk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TreeError, match="holds no Asterisk"):
        modules_of(tmp_path)
    with pytest.raises(TreeError, match="has no loader"):
        command(tmp_path)
    assert command(Path("/"), "-V") == ["/usr/sbin/asterisk", "-V"]


def row(**values: str) -> str:
    empty = dict.fromkeys(CALL_LOG, "") | {"start": "1795319100.5", "answer": "0.000000", "end": "1795319103.25"}
    return ",".join(f'"{value}"' for value in (empty | values).values()) + "\n"


def test_the_log_tells_who_was_called_and_how_it_ended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / CALLS).parent.mkdir(parents=True)
    (tmp_path / CALLS).write_text(
        row(direction="to", number="322", start="1795319102.0", line="busy")
        + row(direction="to", number="321", answer="1795319101.0", keys=" 1 2018", step="3 of 4", ended_by="town")
        + row(channel="Local/s@soon-322-00000000;1")
        + row(direction="to", number="323", start="1795319103.0")
        + row(direction="from", number="322", start="1795319104.0")
        + '"to","324","half a row'
    )
    calls = read_calls(tmp_path)
    assert [(call.number, call.result) for call in calls] == [
        ("+321", "answered"), ("+322", "busy"), ("+323", "given_up"), ("+322", "not_taken"),
    ]  # fmt: skip
    assert calls[0].keys == ("1", "2018")
    assert calls[0].hung_up
    assert (calls[0].ended_at - calls[0].started_at).total_seconds() == 2.75
    assert main([str(tmp_path)]) == 0
    assert '"answered_at": "2026-11-22T' in capsys.readouterr().out


def test_a_town_that_nobody_called_has_an_empty_log(tmp_path: Path) -> None:
    assert read_calls(tmp_path) == ()


@settings(deadline=None, max_examples=20)
@given(st.integers(min_value=100, max_value=3400), st.sampled_from([16000, 22050, 24000]))
def test_speech_below_the_telephones_limit_keeps_pitch_and_loudness(hz: int, rate_hz: int) -> None:
    tone = [8000 * math.sin(2 * math.pi * hz * n / rate_hz) for n in range(rate_hz // 10)]
    heard = resampled(tone, rate_hz, RATE_HZ)
    assert len(heard) == len(tone) * RATE_HZ // rate_hz
    middle = range(100, len(heard) - 100)
    wanted = [8000 * math.sin(2 * math.pi * hz * n / RATE_HZ) for n in middle]
    assert max(abs(heard[n] - one) for n, one in zip(middle, wanted, strict=True)) < 800


def test_what_the_telephone_can_not_carry_is_not_folded_back() -> None:
    hiss = [8000 * math.sin(2 * math.pi * 6000 * n / 22050) for n in range(4410)]
    assert max(abs(sample) for sample in resampled(hiss, 22050, RATE_HZ)[100:-100]) < 200


def test_a_recording_tells_how_long_somebody_spoke(tmp_path: Path) -> None:
    spoken = [5000.0 * (-1) ** n for n in range(8000)]
    path = tmp_path / "message.wav"
    write_wav(path, [0.0] * 4000 + spoken + [0.0] * 8000)
    assert abs(spoken_seconds(path) - 1.0) < 0.01
    assert read_wav(path)[0] == RATE_HZ
    assert len(trimmed(read_wav(path)[1])) < 8500
    assert spoken_seconds(tmp_path / "none.wav") == 0.0
