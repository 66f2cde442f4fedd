"""What callers say in the bench: phrases with their intents, and sentences that are none of them."""

from __future__ import annotations

COMMANDS = (
    ("yes", "yes"), ("that's right", "yes"), ("okay", "yes"), ("no", "no"), ("no thanks", "no"), ("not really", "no"),
    ("i want to pay", "pay"), ("send me the link", "pay"), ("next week", "promise"), ("when i get paid", "promise"),
    ("a payment plan", "plan"), ("pay monthly", "plan"), ("the amount is wrong", "dispute"),
    ("i sent it back", "dispute"), ("i've already paid", "paid"), ("wrong number", "wrong_person"),
    ("they don't live here", "wrong_person"), ("i can't pay", "hardship"), ("i lost my job", "hardship"),
    ("speak to someone", "person"), ("an agent", "person"), ("call back later", "later"), ("i'm driving", "later"),
    ("stop calling", "stop"), ("leave me alone", "stop"), ("say that again", "repeat"), ("slow down", "slower"),
)  # fmt: skip

STRANGE = (
    "the weather is nice today", "my dog is barking", "what is this about", "i am looking for my glasses",
    "maybe on sunday we go to the beach", "turn down the television please", "he went to school with my brother",
    "good morning everybody", "can you hear the music", "the train leaves at noon", "bananas", "computer",
)  # fmt: skip

_INTENTS = dict(COMMANDS)


def intent_of(phrase: str) -> str | None:
    """What a phrase means; None where it is none of ours."""
    return _INTENTS.get(phrase)
