from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wants:
    yes_no: bool = False
    date: bool = False
    amount: bool = False
    digits: int = 0
    options: tuple[str, ...] = ()


INTENTS = tuple(
    [
        "pay",
        "promise",
        "plan",
        "dispute",
        "invoice_missing",
        "paid",
        "wrong_person",
        "not_home",
        "deceased",
        "hardship",
        "representative",
        "crisis",
        "person",
        "later",
        "stop",
        "complaint",
        "repeat",
        "slower",
        "who",
        "genuine",
        "language",
        "yes",
        "no",
        "refuse",
        "wait",
        "option",
        "date",
        "amount",
        "digits",
    ]
)


@dataclass(frozen=True)
class Understood:
    intent: str
    slots: tuple[tuple[str, str], ...] = ()


def understand(text: str, language: str, wants: Wants, today: object) -> Understood | None:
    return Understood(text) if text in INTENTS else None


def phrases(language: str, wants: Wants) -> tuple[str, ...]:
    return INTENTS
