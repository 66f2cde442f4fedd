"""What the script's table is made of: places (questions) and the ways that lead out of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ivr.talk import Talk

#: Something done on the way: says, records, and sets the next place, one of the way's `to`.
Deed = Callable[[Talk], Talk]

#: In a way's `to`: the place from which a side trip set out.
BACK = "back"
#: As a `back`: the menu that fits the pace.
MENU = "menu"


@dataclass(frozen=True)
class Way:
    """Where an answer leads. A way that leads to several places has a deed that picks one."""

    #: For the picture: what the answer means.
    label: str
    to: tuple[str, ...]
    do: Deed | None = None
    #: The intents (`ivr.intent`) that lead the same way when somebody says it; `dispute.amount`: only of this kind.
    hears: tuple[str, ...] = ()


def way(label: str, *to: str, do: Deed | None = None, hears: tuple[str, ...] = ()) -> Way:
    """A way, written short."""
    return Way(label, to, do, hears)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A question: what is said, and what each answer does.

    `ways` are by key, and by what is said (`Way.hears`); `digits` is the whole entry of a digit question, `silence`
    and `noise` stand in for the usual patience where no answer is an answer too, `answered` is the opening of the
    line, `date` and `amount` are said in words, `wait` answers who asks for time.
    """

    name: str
    #: Prompt keys of the question.
    asks: tuple[str, ...] = ()
    #: Prompt keys that follow when the question is heard again.
    more: tuple[str, ...] = ()
    ways: Mapping[str, Way] = field(default_factory=dict)
    #: Which of the script's fixed keys work here besides `*` and `#`.
    fixed: str = "0589"
    #: Where `#` leads in a menu (a place or `MENU`); None: the question again, or from a side trip its start.
    back: str | None = None
    #: How many digits are wanted; a digit question has no fixed keys.
    digits: Callable[[Talk], int] | None = None
    #: Fewer digits than that are an answer too (an amount).
    fewer: bool = False
    #: The digits prove identity and are never stored.
    secret: bool = False
    #: What may be named in words (`ivr.intent.Wants.options`), in the order in which it is counted; each has its way.
    options: tuple[str, ...] = ()
    #: The answer binds money or a date.
    binding: bool = False
    #: Several questions in one: a yes or a no counts only where nothing else was said.
    several: bool = False
    #: Reached by a fixed key or a word from anywhere; `#` returns.
    side: bool = False
    #: Says at the first time that one may simply speak.
    invites: bool = False
    #: The question is asked once in each language that we offer.
    tongues: bool = False
    #: Whoever only waits here, for somebody else, hears this word, and the question not before the second time.
    still: str = ""
    #: Always spoken slowly (numbers to write down).
    slow: bool = False
    #: The answer is spoken freely and recorded; its way is `recorded`, and `lost` where it can't be kept.
    statement: bool = False
    #: Seconds of silence that are no lack of an answer yet.
    patience_s: float = 7.0
