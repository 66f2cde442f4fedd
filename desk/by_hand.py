"""A call without a telephone: a person types keys or sentences, and we answer."""

from __future__ import annotations

from collections.abc import Callable

from ivr.briefing import Briefing
from ivr.heard import Answered, Heard, HungUp
from ivr.in_print import heard_in_print
from ivr.rehearse import Rehearsal, Scene
from ivr.stage import Stage, empty_stage
from ivr.typist import HELP, Ignored, Sentence, Typist, Unknown

#: The next line that a person types; None: they have gone.
Read = Callable[[], str | None]
#: Shows a line.
Tell = Callable[[str], None]
#: What is shown and heard of each exchange.
Show = Callable[[Scene], None]


def talk_by_hand(title: str, briefing: Briefing, read: Read, tell: Tell, show: Show) -> Rehearsal:
    """One call, from picking up to its end. Whoever goes without a word hangs up."""
    typist = Typist()
    tell(HELP)
    tell(whom_to_play(briefing))
    scene = Scene("answers, and words are heard", empty_stage(briefing).hears(Answered(speech=True)))
    scenes = [scene]
    show(scene)
    while not scene.stage.over:
        heard, does = _heard(scene.stage, typist, read, tell)
        scene = Scene(does, scene.stage.hears(heard))
        scenes.append(scene)
        show(scene)
    return Rehearsal(title, tuple(scenes), scene.stage)


def whom_to_play(briefing: Briefing) -> str:
    """Whose place the person at the keyboard takes, and the digits that prove it: "postcode 9000"."""
    if not briefing.full_name:
        return "You are a caller whom we don't know."
    proofs = ", ".join(f"{factor.kind.replace('_', ' ')} {factor.answers[0]}" for factor in briefing.factors)
    return f"You are {briefing.full_name}." + (f" What proves it: {proofs}." if proofs else "")


def _heard(stage: Stage, typist: Typist, read: Read, tell: Tell) -> tuple[Heard, str]:
    """What the next line makes us hear, and how the play tells it; lines that mean nothing are told and read over."""
    if stage.open is not None and (ahead := typist.asked(stage.open)) is not None:
        return ahead, "typed ahead"
    while (line := read()) is not None:
        typed = typist.typed(line)
        match typed:
            case Unknown(text):
                tell(f"There is no {text}. {HELP}")
            case Ignored():
                tell("Those keys came too soon, or say nothing here.")
            case Sentence(text):
                if (understood := stage.understands(text)) is not None:
                    typist.said()
                    return understood, f"says: {text} -> {heard_in_print(understood)}"
                tell("No words are heard on this call any more: type keys.")
            case _:
                return typed, line.strip() or "silence"
    return HungUp(), "hangs up"
