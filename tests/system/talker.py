"""How a person at the telephone gets through the dialogue: by ear and by keys, and nothing else."""

from __future__ import annotations

from phone.call import Call

#: Our words have stopped this long after a key, and what is heard then is the next prompt.
PROMPT_STOPS_S = 0.4
#: Longer than the second for which a question that binds must have been heard.
BINDS_AFTER_S = 1.5

#: A digit soon after a whole entry is taken for its tail, and answers no menu.
AFTER_DIGITS_S = 1.6

#: The way to each question: what is pressed at the one before. `ID` stands for the last of the customer number.
ID = "ID"
WAY = (
    ("open.ask", "1"),
    ("free.ask", "1"),
    ("id.postcode", "9000"),
    ("id.customer", ID),
    ("menu.main", "2"),
    ("menu.later", "1"),
    ("promise.ask", "1"),
    ("promise.check", "1"),
)


class Talker:
    """One person in one call."""

    def __init__(self, call: Call, customer: str) -> None:
        self.call = call
        self.customer = customer

    async def next_prompt(self) -> None:
        """Wait until what follows our last key begins to sound."""
        await self.call.wait_for_voice(20.0, since=self.call.mark + PROMPT_STOPS_S)

    async def press(self, keys: str, **how: int) -> None:
        await self.call.press(self.customer if keys == ID else keys, **how)

    async def reach(self, place: str, since: str = "open.ask", **how: int) -> None:
        """Press the way to a question, each key as soon as its prompt sounds, and hear this one begin."""
        names = [name for name, _ in WAY]
        for name, keys in WAY[names.index(since) : names.index(place)]:
            await self.next_prompt()
            await self.call.wait(AFTER_DIGITS_S if name == "menu.main" else 0.2)
            await self.press(keys, **how)
        await self.next_prompt()

    async def promise(self, **how: int) -> None:
        """From the first word to a promise that is confirmed; how the call then ends is open."""
        await self.reach("promise.check", **how)
        await self.call.wait(BINDS_AFTER_S)
        await self.press("1", **how)
        await self.next_prompt()

    async def sum_up(self) -> None:
        """Hear confirmation and summary to the end, agree, and hear goodbye until we hang up."""
        await self.call.prompt_ended()
        await self.press("1")
        await self.call.until_over(40.0)
