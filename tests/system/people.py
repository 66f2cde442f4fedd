"""The people of one campaign: what each telephone does, and what must stand in the books afterwards.

`disposition` may be several, where a race decides and both ends are right; what the books then say must agree.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from house import Debtor
from talker import AFTER_DIGITS_S, ID, PROMPT_STOPS_S, Talker

from phone import IncomingCall

Play = Callable[[IncomingCall, Talker], Awaitable[None]]


@dataclass(frozen=True)
class Person:
    """One row of the table."""

    #: What they do, as the name of the test.
    title: str
    play: Play
    #: How the call may end.
    disposition: str | tuple[str, ...]
    #: Kinds of agreements in the books.
    agreements: tuple[str, ...] = ()
    #: Kinds of holds that are open.
    holds: tuple[str, ...] = ()
    #: The last thing that we said, by its key, where they hang up in mid-sentence.
    last: str | None = None
    #: The Q.850 cause, where nobody answers.
    cause: int | None = None
    #: Has our confirmation of the promise been heard? None: a race decides.
    confirmed: bool | None = False
    who: Debtor = field(default_factory=lambda: Debtor(0))

    @property
    def dispositions(self) -> tuple[str, ...]:
        return self.disposition if isinstance(self.disposition, tuple) else (self.disposition,)


# -- they answer, and promise ------------------------------------------------------------------------------------


#: The beginning of the confirmation has been heard.
CONFIRMED_S = 2.0


async def promises(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    await talker.promise()
    await talker.sum_up()


async def answers_late(call: IncomingCall, talker: Talker) -> None:
    await call.answer(after=20.0)
    await talker.promise()
    await call.wait(CONFIRMED_S)
    await call.hang_up()


async def presses_at_once(call: IncomingCall, talker: Talker) -> None:
    """The first key falls into the greeting, before the question was heard."""
    await call.answer()
    await call.wait_for_voice()
    await talker.press("1")
    await talker.reach("promise.check", since="free.ask")
    await call.wait(2.0)
    await talker.press("1")
    await talker.next_prompt()
    await call.wait(CONFIRMED_S)
    await call.hang_up()


async def presses_late(call: IncomingCall, talker: Talker) -> None:
    """The question is heard to its end, and then five seconds pass (one of them was the silence of the end)."""
    await call.answer()
    await call.prompt_ended()
    await call.wait(4.0)
    await talker.press("1")
    await talker.reach("promise.check", since="free.ask")
    await call.prompt_ended()
    await call.wait(4.0)
    await talker.press("1")
    await talker.next_prompt()
    await call.wait(CONFIRMED_S)
    await call.hang_up()


async def presses_twice(call: IncomingCall, talker: Talker) -> None:
    """A trembling finger: each key of a menu twice within 200 ms.

    Up to 400 ms count as one press, so that a busy machine may hand on the second a while late.
    """
    await call.answer()
    for key in "11":
        await talker.next_prompt()
        await talker.press(key * 2, hold_ms=80, gap_ms=40)
    for digits in ("9000", ID):
        await talker.next_prompt()
        await talker.press(digits)
    for key in "211":
        await talker.next_prompt()
        await call.wait(AFTER_DIGITS_S)
        await talker.press(key * 2, hold_ms=80, gap_ms=40)
    await talker.next_prompt()
    await call.wait(2.0)
    await talker.press("11", hold_ms=80, gap_ms=40)
    await talker.next_prompt()
    await call.wait(CONFIRMED_S)
    await call.hang_up()


async def types_ahead(call: IncomingCall, talker: Talker) -> None:
    """Yes, and the whole of the identity behind it, without waiting for a question."""
    await call.answer()
    await talker.reach("free.ask")
    await talker.press("19000" + talker.customer)
    await talker.reach("promise.check", since="menu.main")
    await call.wait(2.0)
    await talker.press("1")
    await talker.next_prompt()
    await call.wait(CONFIRMED_S)
    await call.hang_up()


async def ends_digits_with_a_hash(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    await talker.reach("id.postcode")
    await talker.press("9000#")
    await talker.next_prompt()
    await talker.press(talker.customer + "#")
    await talker.reach("promise.check", since="menu.main")
    await call.wait(2.0)
    await talker.press("1")
    await talker.next_prompt()
    await call.wait(CONFIRMED_S)
    await call.hang_up()


async def sends_garbage(call: IncomingCall, talker: Talker) -> None:
    """Noise where sound is expected, all through the call."""
    await call.answer()
    for place, before in (("id.postcode", "open.ask"), ("menu.main", "id.postcode"), ("promise.check", "menu.main")):
        call.send_garbage(40, random.Random(7))
        await talker.reach(place, since=before)
    call.send_garbage(40, random.Random(8))
    await call.wait(2.0)
    await talker.press("1")
    await talker.next_prompt()
    await call.wait(CONFIRMED_S)
    await call.hang_up()


# -- they hang up, wherever they are ------------------------------------------------------------------------------


async def hangs_up_in_the_greeting(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    await call.wait_for_voice()
    await call.wait(0.5)
    await call.hang_up()


def hangs_up_at(place: str, after: float = 1.0) -> Play:
    """Hang up so long after a question has begun."""

    async def play(call: IncomingCall, talker: Talker) -> None:
        await call.answer()
        await talker.reach(place)
        await call.wait(after)
        await call.hang_up()

    return play


async def hangs_up_at_the_first_question(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    await call.prompt_ended()
    await call.hang_up()


async def hangs_up_with_the_yes(call: IncomingCall, talker: Talker) -> None:
    """The key that binds, and the receiver is down within 50 ms."""
    await call.answer()
    await talker.reach("promise.check")
    await call.wait(2.0)
    await talker.press("1")
    await call.wait(0.03)
    await call.hang_up()


async def hangs_up_over_the_confirmation(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    await talker.promise()
    await call.wait(1.2)
    await call.hang_up()


async def hangs_up_in_the_summary(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    await talker.promise()
    await call.prompt_ended()
    await call.hang_up()


async def says_goodbye_twice(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    await talker.reach("menu.main")
    await call.hang_up(twice=True)


async def loses_power(call: IncomingCall, talker: Talker) -> None:
    """The telephone is gone without a goodbye: we talk to nobody, and end it politely."""
    await call.answer()
    await talker.reach("free.ask")
    call.vanish()


# -- they want none of it ------------------------------------------------------------------------------------------


async def stops_and_is_gone(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    await call.wait_for_voice()
    await talker.press("9")
    await call.wait(0.1)
    await call.hang_up()


async def stops_and_takes_it_back(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    await call.wait_for_voice()
    await talker.press("9")
    await talker.next_prompt()
    await call.wait(0.5)
    await talker.press("1")
    await talker.next_prompt()
    await call.wait(1.0)
    await call.hang_up()


async def stops_after_the_promise(call: IncomingCall, talker: Talker) -> None:
    """Both stand: what was promised, and that we do not call."""
    await call.answer()
    await talker.promise()
    await call.prompt_ended()
    await talker.press("9")
    await call.until_over(40.0)


async def is_somebody_else(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    await call.wait_for_voice()
    await talker.press("2")
    await talker.next_prompt()
    await talker.press("1")
    await call.until_over(20.0)


async def is_not_at_home(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    await call.wait_for_voice()
    await talker.press("2")
    await talker.next_prompt()
    await talker.press("2")
    await call.until_over(20.0)


async def proves_nothing(call: IncomingCall, talker: Talker) -> None:
    """Three wrong pairs; the way out that is then offered is not taken."""
    await call.answer()
    await talker.reach("id.postcode")
    for digits in ("9001", "0000") * 3:
        await talker.press(digits)
        await talker.next_prompt()
        await call.wait(0.2)
    await call.until_over(60.0)


# -- they make no sense ---------------------------------------------------------------------------------------------


async def presses_letters(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    for letter in "ABCD":
        await talker.next_prompt()
        await call.wait(0.3)
        await talker.press(letter)
    await call.until_over(30.0)


async def says_nothing(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    await call.until_over(120.0)


async def is_mute(call: IncomingCall, talker: Talker) -> None:
    """A telephone that never sends a packet of sound; we talk to it all the same."""
    await call.answer(rtp=False)
    await call.prompt_ended()
    await call.wait(10.0)
    await call.hang_up()


async def floods(call: IncomingCall, talker: Talker) -> None:
    """Sixty keys in two seconds: a child, or a fax."""
    await call.answer()
    await call.wait_for_voice()
    rng = random.Random(60)
    await talker.press("".join(rng.choice("12345678*#") for _ in range(60)), hold_ms=20, gap_ms=13)
    await call.wait(PROMPT_STOPS_S + 6.0)
    await call.hang_up()


# -- they are not reached -------------------------------------------------------------------------------------------


def rejects(status: int) -> Play:
    async def play(call: IncomingCall, talker: Talker) -> None:
        await call.ring(0.3)
        await call.reject(status)

    return play


async def never_answers(call: IncomingCall, talker: Talker) -> None:
    await call.ring_for_ever()


PROMISE = ("promise",)

_TABLE = (
    Person("promises by keys", promises, "promise", PROMISE, confirmed=True),
    Person("answers after twenty seconds", answers_late, "promise", PROMISE, confirmed=True),
    Person("presses during the greeting", presses_at_once, "promise", PROMISE, confirmed=True),
    Person("presses five seconds after each question", presses_late, "promise", PROMISE, confirmed=True),
    Person("presses each key twice", presses_twice, "promise", PROMISE, confirmed=True),
    Person("types the whole identity ahead", types_ahead, "promise", PROMISE, confirmed=True),
    Person("ends digits with a hash", ends_digits_with_a_hash, "promise", PROMISE, confirmed=True),
    Person("sends garbage for sound", sends_garbage, "promise", PROMISE, confirmed=True),
    Person("hangs up in the greeting", hangs_up_in_the_greeting, "no_conversation", last="open.ask"),
    Person("hangs up at the first question", hangs_up_at_the_first_question, "no_conversation", last="open.ask"),
    Person("hangs up when asked whether they are free", hangs_up_at("free.ask"), "no_conversation", last="free.ask"),
    Person("hangs up at the postcode", hangs_up_at("id.postcode"), "no_conversation", last="id.postcode"),
    Person("hangs up between two proofs", hangs_up_at("id.customer"), "no_conversation", last="id.customer"),
    Person("hangs up over the amount", hangs_up_at("menu.main", 4.0), "heard", last="menu.main"),
    Person("hangs up at the menu of moments", hangs_up_at("menu.later"), "heard", last="menu.later"),
    Person("hangs up when asked for a day", hangs_up_at("promise.ask"), "heard", last="promise.ask"),
    Person("hangs up before the yes", hangs_up_at("promise.check", 2.0), "heard", last="promise.check"),
    Person("hangs up with the yes", hangs_up_with_the_yes, ("promise", "heard"), confirmed=False),
    Person("hangs up over the confirmation", hangs_up_over_the_confirmation, "promise", PROMISE, confirmed=True),
    Person("hangs up in the summary", hangs_up_in_the_summary, "promise", PROMISE, confirmed=True, last="sum.check"),
    Person("says goodbye twice", says_goodbye_twice, "heard", last="menu.main"),
    Person("loses power", loses_power, "no_conversation"),
    Person("stops, and is gone", stops_and_is_gone, "opted_out", holds=("opt_out",)),
    Person("stops after the promise", stops_after_the_promise, "promise", PROMISE, ("opt_out",), confirmed=True),
    Person("stops, and takes it back", stops_and_takes_it_back, "no_conversation", last="open.ask"),
    Person("is somebody else", is_somebody_else, "wrong_number", holds=("wrong_number",)),
    Person("is not at home", is_not_at_home, "not_at_home"),
    Person("proves nothing three times", proves_nothing, "identity_failed"),
    Person("presses letters only", presses_letters, "no_conversation"),
    Person("says nothing", says_nothing, "no_conversation"),
    Person("sends no sound", is_mute, "no_conversation", last="silence.1"),
    Person("floods us with keys", floods, ("no_conversation", "not_at_home", "wrong_number", "callback", "complaint",
                                          "deceased", "representative", "person", "identity_failed"), confirmed=False),
    Person("is busy", rejects(486), "busy", cause=17),
    Person("rejects", rejects(603), "rejected", cause=21),
    Person("does not exist", rejects(404), "unallocated", cause=1),
    Person("is out of service", rejects(503), "congestion"),
    Person("never answers", never_answers, "no_answer"),
)  # fmt: skip

#: The first person's number in the list.
FIRST = 4001
PEOPLE = tuple(
    Person(**{**one.__dict__, "who": Debtor(FIRST + n)})  # everyone with a number of their own
    for n, one in enumerate(_TABLE)
)
#: Two at one telephone: one of them is called, the other is not.
FLATMATES = (Debtor(4101), Debtor(4102, telephone_of=4101))
