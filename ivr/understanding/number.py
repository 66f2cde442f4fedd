"""Numbers as people say them: 0 to 9999, in one word or several, or written as figures."""

from __future__ import annotations

from functools import lru_cache

from ivr.understanding.lexicon import NumberWords

#: No number up to 9999 has more words.
MOST_WORDS = 9


def number_at(words: tuple[str, ...], start: int, numbers: NumberWords) -> tuple[int, int] | None:
    """The longest number that begins at a word, and where it ends."""
    for end in range(min(len(words), start + MOST_WORDS), start, -1):
        value = number_of(words[start:end], numbers)
        if value is not None:
            return value, end
    return None


def number_of(words: tuple[str, ...], numbers: NumberWords) -> int | None:
    """What these words are as one number; None where they are none, or several."""
    if len(words) == 1 and words[0].isdecimal() and words[0].isascii():
        return int(words[0]) if len(words[0]) <= len("9999") else None
    atoms: list[str] = []
    for word in words:
        parts = _atoms(word, numbers)
        if parts is None:
            return None
        atoms += parts
    if not atoms or atoms[0] in numbers.joins or atoms[-1] in numbers.joins:
        return None
    return _thousands(atoms, numbers)


def ordinal_at(words: tuple[str, ...], start: int, numbers: NumberWords) -> tuple[int, int] | None:
    """A number that says "the fifth", and where it ends."""
    for end in range(min(len(words), start + 3), start, -1):
        value = ordinal_of(words[start:end], numbers)
        if value is not None:
            return value, end
    return None


def ordinal_of(words: tuple[str, ...], numbers: NumberWords) -> int | None:
    """What these words are as one ordinal."""
    *before, last = words
    if not before and last in numbers.ordinals:
        return numbers.ordinals[last]
    if before and last in numbers.ordinals:
        tens = number_of(tuple(before), numbers)
        return tens + numbers.ordinals[last] if tens and tens % 10 == 0 and numbers.ordinals[last] < 10 else None
    for ending in numbers.endings:
        stem = last.removesuffix(ending)
        # "5e", but not "une".
        if stem and stem != last and (len(ending) > 1 or stem.isdecimal()):
            value = number_of((*before, stem), numbers)
            if value is not None:
                return value
    return None


def _atoms(word: str, numbers: NumberWords) -> tuple[str, ...] | None:
    return _split(word, numbers.parts, numbers.units_first)


@lru_cache(maxsize=4096)
def _split(word: str, parts: tuple[str, ...], glued: bool) -> tuple[str, ...] | None:
    """A word as the words that it is made of; only Dutch and German write them as one."""
    if word in parts:
        return (word,)
    if not glued:
        return None
    for part in parts:
        if word.startswith(part):
            rest = _split(word.removeprefix(part), parts, glued)
            if rest is not None:
                return (part, *rest)
    return None


def _thousands(atoms: tuple[str, ...] | list[str], numbers: NumberWords) -> int | None:
    return _scaled(list(atoms), numbers, numbers.thousand, 1000, 9)


def _hundreds(atoms: list[str], numbers: NumberWords) -> int | None:
    return _scaled(atoms, numbers, numbers.hundred, 100, 99)


def _scaled(atoms: list[str], numbers: NumberWords, names: frozenset[str], scale: int, most: int) -> int | None:
    """`five | thousand | three hundred`: what stands before the name counts it, what stands after is added."""
    smaller = _hundreds if scale == 1000 else _below_hundred
    at = next((n for n, atom in enumerate(atoms) if atom in names), None)
    if at is None:
        return smaller(atoms, numbers)
    count = smaller(atoms[:at], numbers) if at else 1
    rest = atoms[at + 1 :]
    if len(rest) > 1 and rest[0] in numbers.joins:
        rest = rest[1:]
    more = smaller(rest, numbers) if rest else 0
    if not count or count > most or more is None or more >= scale:
        return None
    return count * scale + more


def _below_hundred(atoms: list[str], numbers: NumberWords) -> int | None:
    values = [numbers.values.get(atom) for atom in atoms]
    if values[:2] == [4, 20] and 80 in numbers.teens_after:
        values = [80, *values[2:]]
    if len(values) == 1:
        return values[0]
    if numbers.units_first:
        unit, join, ten = (*values, None, None)[:3]
        fits = len(values) == 3 and join is None and atoms[1] in numbers.joins and unit and ten
        return unit + ten if fits and unit and ten and unit < 10 and _is_ten(ten) else None
    ten, rest = values[0], values[1:]
    if len(rest) > 1 and rest[0] is None and atoms[len(atoms) - len(rest)] in numbers.joins:
        rest = rest[1:]
    if ten is None or None in rest or not rest:
        return None
    more = _below_hundred(atoms[len(atoms) - len(rest) :], numbers) if len(rest) > 1 else rest[0]
    if not more or more >= (20 if ten in numbers.teens_after else 10):
        return None
    return ten + more if _is_ten(ten) or (ten == 10 and more > 6 and numbers.teens_after) else None


def _is_ten(value: int) -> bool:
    return value >= 20 and value % 10 == 0
