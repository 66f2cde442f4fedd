"""The town's people as Asterisk's extensions.conf: pure text, made from personas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from persona import (
    END_OF_PROMPT_S,
    Beeps,
    Call,
    Hears,
    Line,
    Persona,
    PersonaError,
    Records,
    RingsIn,
    Says,
    Step,
    Waits,
)

#: How a line that nobody answers ends, by Q.850 cause: SIP 486, 480, 603 (a person declines; 403 would be the
#: network), 404 and 503.
NOBODY = {
    Line.BUSY: "Hangup(17)",
    Line.NO_ANSWER: "Hangup(19)",
    Line.REJECTED: "PJSIPHangup(603)",
    Line.UNALLOCATED: "Hangup(1)",
    Line.CONGESTION: "Hangup(34)",
}
#: The longest that a telephone rings and that a call lasts: the town clears what everybody else forgot.
LONGEST_RING_S = 180
LONGEST_CALL_S = 600
#: A person who has nothing left to do stays on the line for so long, then puts the receiver down.
PATIENCE_S = 60
KEY_MS = 100
#: A channel that is no call of anybody's: not in the log.
_UNSEEN = ("Set(CDR_PROP(disable)=1)", "Answer()")


@dataclass(frozen=True, kw_only=True)
class Softphone:
    """A real telephone in the town: it registers here, is called at `number` and may call us."""

    user: str
    secret: str
    #: E.164.
    number: str

    def __post_init__(self) -> None:
        # They are written into configuration files, where a line break or a semicolon would be somebody else's line.
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", self.user) or self.user in {"trunk", "udp", "global", "system"}:
            raise PersonaError("the softphone's user is one word of letters and digits, such as sofie")
        if not re.fullmatch(r"[A-Za-z0-9_.:-]{6,80}", self.secret):
            raise PersonaError("the softphone's secret is 6 to 80 letters, digits, or _ . : -")
        if not re.fullmatch(r"\+[0-9]{6,15}", self.number):
            raise PersonaError("the softphone's number is written as +32470000100")


@dataclass(frozen=True, kw_only=True)
class Sounds:
    """Where the town's sounds lie, as Playback wants them: without the ending."""

    spoken: Callable[[Says], Path]
    beep: Path
    #: Folder of the messages that machines have recorded.
    messages: Path


def extensions_conf(personas: tuple[Persona, ...], sounds: Sounds, softphone: Softphone | None) -> str:
    """The whole extensions.conf of the town."""
    lines = [_HEAD.format(longest=LONGEST_CALL_S, line=Line.UNALLOCATED, nobody=NOBODY[Line.UNALLOCATED])]
    # Who takes a number over with a telephone of their own plays that person themselves.
    played = [persona for persona in personas if softphone is None or persona.number != softphone.number]
    for persona in played:
        lines += _chooses_call(persona)
    if softphone is not None:
        lines += _softphone(softphone)
    for persona in played:
        lines += _calls(persona, sounds)
    return "\n".join(lines) + "\n"


# `trunk` is where Beltoon's calls come in. Each is written down before anything else, also to numbers nobody has.
_HEAD = """[trunk]
exten => _[+0-9]!,1,Set(CDR(direction)=to)
 same => n,Set(CDR(number)=${{FILTER(0-9,${{EXTEN}})}})
 same => n,Set(CDR(caller)=${{FILTER(0-9+,${{CALLERID(num)}})}})
 same => n,Set(TIMEOUT(absolute)={longest})
 same => n,GotoIf($[${{DIALPLAN_EXISTS(people,${{CDR(number)}},1)}}]?people,${{CDR(number)}},1)
 same => n,Set(CDR(line)={line})
 same => n,{nobody}

[people]"""


def _chooses_call(persona: Persona) -> Iterator[str]:
    """The first call, the second …, counted since the town was started."""
    digits, count = persona.digits, len(persona.calls)
    yield f"; {persona.name}"
    yield f"exten => {digits},1,Set(GLOBAL(calls_{digits})=$[0${{GLOBAL(calls_{digits})}}+1])"
    yield f" same => n,Set(n=${{IF($[${{GLOBAL(calls_{digits})}}<{count}]?${{GLOBAL(calls_{digits})}}:{count})}})"
    yield f" same => n,Goto(call-{digits}-${{n}},s,1)"


def _calls(persona: Persona, sounds: Sounds) -> Iterator[str]:
    rings_in = persona.rings_in
    yield f"\n; {persona.name}"
    for number, call in enumerate(persona.calls, start=1):
        yield f"[call-{persona.digits}-{number}]"
        yield from _extension("s", _call(call, sounds))
        if rings_in is not None and rings_in.after is not None and number == 1:
            yield f"exten => h,1,Originate(Local/s@soon-{persona.digits}/n,app,Wait,3600,,10,a)"
    if rings_in is not None:
        if rings_in.after is not None:
            yield f"[soon-{persona.digits}]"
            yield from _extension(
                "s", iter([*_UNSEEN, f"Wait({rings_in.after:g})", f"Goto(rings-{persona.digits},s,1)"])
            )
        yield f"[rings-{persona.digits}]"
        yield from _extension("s", _rings(persona, rings_in))
        yield f"[talks-{persona.digits}]"
        yield from _extension("s", _talks(rings_in, sounds))


def _extension(name: str, applications: Iterator[str]) -> Iterator[str]:
    for n, application in enumerate(applications):
        yield f" same => n,{application}" if n else f"exten => {name},1,{application}"


def _call(call: Call, sounds: Sounds) -> Iterator[str]:
    if call.line is Line.NO_ANSWER:
        yield "Ringing()"
        yield f"Wait({LONGEST_RING_S})"
    elif call.after:
        yield "Ringing()"
        yield f"Wait({call.after:g})"
    if call.announces is not None:
        yield "Progress()"
        yield f"Playback({sounds.spoken(call.announces)},noanswer)"
    if call.line is Line.ANSWERS:
        yield "Answer()"
        yield from _steps(call.steps, sounds)
    else:
        yield f"Set(CDR(line)={call.line})"
        yield NOBODY[call.line]


def _steps(steps: tuple[Step, ...], sounds: Sounds) -> Iterator[str]:
    for n, step in enumerate(steps, start=1):
        yield f"Set(CDR(step)={n} of {len(steps)})"
        yield from _step(step, sounds)
    yield "Set(CDR(step)=all)"
    yield f"Wait({PATIENCE_S})"
    yield "Set(CDR(ended_by)=town)"
    yield "Hangup(16)"


def _step(step: Step, sounds: Sounds) -> Iterator[str]:
    match step:
        case Says():
            yield f"Playback({sounds.spoken(step)})"
        case Waits(seconds=seconds):
            yield f"Wait({seconds:g})"
        case Beeps():
            yield f"Playback({sounds.beep})"
        case Records(seconds=seconds):
            yield "Set(CDR(message)=${CDR(number)}-${UNIQUEID}.wav)"
            yield f"Record({sounds.messages}/${{CDR(message)}},3,{seconds},kqx)"
        case Hears():
            yield from _hears(step)


def _hears(step: Hears) -> Iterator[str]:
    yield f"WaitForNoise(50,1,{step.at_most})"
    if step.over_after is None:
        yield f"WaitForSilence({round(END_OF_PROMPT_S * 1000)},1,{step.at_most})"
    elif step.over_after:
        yield f"Wait({step.over_after:g})"
    if step.keys:
        yield f"SendDTMF({step.keys},{round(step.gap * 1000)},{KEY_MS})"
        yield f"Set(CDR(keys)=${{CDR(keys)}} {step.keys})"
    if step.hangs_up:
        yield "Set(CDR(ended_by)=town)"
        yield "Hangup(16)"


def _rings(persona: Persona, rings_in: RingsIn) -> Iterator[str]:
    """Entered by a Local channel of no account, which only places the call: `talks-N` is the person on it."""
    yield from _UNSEEN
    talks = f"exten,talks-{persona.digits},s,1"
    who = f"CDR(direction)=from^CDR(number)={persona.digits}^CDR(caller)={rings_in.number}"
    yield f"Originate(PJSIP/{rings_in.number}@trunk,{talks},40,c({persona.number})v({who}))"
    yield "Hangup()"


def _talks(rings_in: RingsIn, sounds: Sounds) -> Iterator[str]:
    yield f"Set(TIMEOUT(absolute)={LONGEST_CALL_S})"
    yield from _steps(rings_in.steps, sounds)


def _softphone(softphone: Softphone) -> Iterator[str]:
    """Calls to its number ring the telephone that registered; what it dials goes to us."""
    digits = softphone.number.removeprefix("+")
    dial = f"Dial(${{PJSIP_DIAL_CONTACTS({softphone.user})}},{LONGEST_RING_S})"
    yield f"; the softphone; one that has not registered is away\nexten => {digits},1,{dial}"
    yield ' same => n,Set(CDR(line)=${IF($["${DIALSTATUS}"="BUSY"]?busy:no_answer)})'
    yield " same => n,Hangup(${IF($[0${HANGUPCAUSE}=0]?20:${HANGUPCAUSE})})"
    yield "[softphone]"
    yield "exten => _[+0-9]!,1,Set(CDR(direction)=from)"
    yield f" same => n,Set(CDR(number)={digits})"
    yield " same => n,Set(CDR(caller)=${FILTER(0-9+,${EXTEN})})"
    yield f" same => n,Set(CALLERID(num)={softphone.number})"
    yield f" same => n,Dial(PJSIP/${{EXTEN}}@trunk,{LONGEST_RING_S})"
    yield " same => n,Hangup(${HANGUPCAUSE})"
