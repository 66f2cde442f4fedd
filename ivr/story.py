"""A story: a call as a text file, what the caller does and what we are expected to say, by prompt key.

title = "Ada promises a day"
disposition = "promise"
records = ["PromiseMade"]
talk = [
    ["answers, and words are heard", "open.hello speech.may open.ask"],
    ["1", "free.ask"],
    ["says: nu niet", "later.ask"],           # understood as on the line
    ["means: dispute kind=amount", ""],       # what was understood, with its slots
]

[briefing]                  # over the standing cast's Ada
language = "nl-BE"
stage = 3
instalment = "late"         # she pays by a plan; "moved": this instalment had its free move
invoices = 2                # the first so many of the cast's invoices, or of its openings
agents = true               # people of ours are signed on; they come and go by "agent done", "agent lost"
person_first = true         # one of them is kept for this call
factors = ["postcode", "customer"]
callback_number = ""        # none
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from ivr import heard as h
from ivr import testing as cast
from ivr.briefing import Briefing
from ivr.errors import BadStory
from ivr.intent import FIRST, THEN
from voices.catalogue import LANGUAGES

#: What a caller (or the line, or the house) can do besides pressing keys and speaking.
DEEDS: dict[str, h.Heard] = {
    "answers": h.Answered(),
    "answers, and words are heard": h.Answered(speech=True),
    "keys only": h.KeysOnly(),
    "silence": h.Silence(),
    "noise": h.Noise(),
    "tells": h.Recorded(name="statement.wav", seconds=14),
    "tells, then 0": h.Recorded(name="statement.wav", seconds=14, key="0"),
    "tells in vain": h.Recorded(name="", seconds=14),
    "hangs up": h.HungUp(),
    "machine": h.MachineAnswered(),
    "0 in a greeting": h.KeyInGreeting("0"),
    "9 in a greeting": h.KeyInGreeting("9"),
    "payment": h.PaymentSeen(),
    "payment of the first": h.PaymentSeen(open=((cast.SECOND_INVOICE.id, cast.SECOND_INVOICE.open.minor),)),
    "agent done": h.AgentGone("done"),
    "agent lost": h.AgentGone("lost"),
    "time up": h.TimeUp(),
    "not recorded": h.CouldNotRecord(),
}
#: Of a plan that stands: its next instalment is late, or was moved before.
_INSTALMENTS = {"late": cast.INSTALMENT, "moved": cast.MOVED}
_FIELDS = {f.name for f in fields(Briefing)}
_FACTORS = {
    f.kind: f
    for f in (
        cast.POSTCODE,
        cast.HOUSE_NUMBER,
        cast.CUSTOMER,
        cast.INVOICE_NUMBER,
        cast.SECRET_CODE,
        cast.BIRTH_DAY,
    )
}


#: What a sentence can be understood as.
INTENTS = (*FIRST, *THEN, "yes", "no", "option", "date", "amount", "digits", "hesitation")
#: Before a sentence, and before what one was understood as.
SAYS, MEANS = "says:", "means:"


@dataclass(frozen=True)
class Said:
    """A sentence; the open question understands it, or not."""

    sentence: str


@dataclass(frozen=True)
class Line:
    """One exchange: what the caller does, and the prompt keys we answer with."""

    does: str
    heard: h.Heard | Said
    we_say: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """A whole call."""

    title: str
    briefing: Briefing
    #: The language in which the caller's sentences are written.
    language: str
    lines: tuple[Line, ...]
    disposition: str
    records: tuple[str, ...]


def read_story(path: Path, language: str | None = None) -> Story:
    """Read a story's file, to be played in `language` or its own.

    Raises `BadStory` with the file and what is wrong.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        over = told.get("briefing", {})
        return Story(
            title=told["title"],
            briefing=_briefing(over | {"language": language} if language else over),
            language=over.get("language", LANGUAGES[0]),
            lines=tuple(_line(does, said) for does, said in told["talk"]),
            disposition=told["disposition"],
            records=tuple(told.get("records", ())),
        )
    except OSError as error:
        raise BadStory(f"{path} can't be read: {error.strerror}; name a story's file") from error
    except KeyError as error:
        raise BadStory(f"{path} lacks {error}; write it as the other stories do") from error
    except (ValueError, TypeError) as error:
        raise BadStory(f"{path} is no story: {error}; write it as the other stories do") from error


def a_call_with_ada(language: str | None = None) -> Briefing:
    """The cast's Ada as every story begins, in a language of ours."""
    return _briefing({"language": language} if language else {})


def _line(does: str, said: str) -> Line:
    if does in DEEDS:
        return Line(does, DEEDS[does], tuple(said.split()))
    if does and all(key in "0123456789*#" for key in does):
        return Line(does, h.Keys(does), tuple(said.split()))
    if does.startswith(MEANS):
        return Line(does, _meant(does.removeprefix(MEANS).split()), tuple(said.split()))
    if sentence := does.removeprefix(SAYS).strip() if does.startswith(SAYS) else "":
        return Line(does, Said(sentence), tuple(said.split()))
    ways = f"press keys, {SAYS} a sentence, {MEANS} an intent, or one of: {', '.join(DEEDS)}"
    raise ValueError(f"a caller can't {does!r}; {ways}")


def _meant(words: list[str]) -> h.Words:
    intent, *slots = words or [""]
    if intent not in INTENTS:
        raise ValueError(f"nobody can mean {intent!r}; there are: {', '.join(INTENTS)}")
    pairs = tuple((name, value) for name, _, value in (slot.partition("=") for slot in slots))
    if not all(name and value for name, value in pairs):
        raise ValueError(f"{' '.join(slots)!r} are no slots of {intent}; write them as kind=amount")
    return h.Words(intent, pairs)


def _briefing(told: dict[str, Any]) -> Briefing:
    unknown = set(told) - _FIELDS - {"nobody_known"}
    if unknown:
        raise ValueError(f"a briefing has no {', '.join(sorted(unknown))}")
    over = {key: value for key, value in told.items() if key != "nobody_known"}
    language = over.get("language", LANGUAGES[0])
    if language not in LANGUAGES:
        raise ValueError(f"we don't speak {language}; we speak {', '.join(LANGUAGES)}")
    over.setdefault("address_form", cast.ADDRESS[language[:2]])
    first, second = cast.INVOICE, cast.SECOND_INVOICE
    over["invoices"] = (replace(first, about=cast.ABOUT[language[:2]]), second)[: over.get("invoices", 1)]
    if "factors" in over:
        over["factors"] = tuple(_FACTORS[kind] for kind in over["factors"])
    if over.get("final") is True:
        over["final"] = cast.FINAL
    if "instalment" in over:
        over["instalment"] = _INSTALMENTS[over["instalment"]]
    if over.get("plans") is False:
        over["plans"] = ()
    if "openings" in over:
        over["openings"] = cast.a_briefing().openings[: over["openings"]]
    for name in ("e164", "callback_number", "contact_person", "call_code", "iban"):
        over[name] = over.get(name, getattr(cast.a_briefing(), name)) or None
    if told.get("nobody_known"):
        over |= {"debtor_id": None, "full_name": "", "factors": (), "invoices": (), "plans": ()}
    return cast.a_briefing(**over)
